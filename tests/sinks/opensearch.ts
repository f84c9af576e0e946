/** The sinks `opensearch` and `elasticsearch`, which share the `_bulk` API, against a real OpenSearch. */
import assert from "node:assert/strict";
import { deliveries, delivery, failure, openSink, sendAtLeastOnce, soon } from "./_events.ts";
import { jarsMissing, javaWith, moduleFile } from "./_jars.ts";
import { contextWith, freePort, type RunningServer, startServer } from "./_server.ts";

const missing = await jarsMissing("opensearch");
const name = `opensearch${missing === undefined ? "" : ` (${missing})`}`;

async function withOpenSearch(test: (url: string, server: RunningServer) => Promise<void>) {
  const { command, options } = await javaWith("opensearch", 400);
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  await using server = await startServer({
    command,
    prepare: (folder) => Deno.mkdir(`${folder}/config`),
    args: (folder) => [...options, moduleFile("opensearch", "TestNode.java"), folder, String(port)],
    ready: async () => {
      const answer = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`);
      await answer.body?.cancel();
      return answer.ok;
    },
  });
  await test(url, server);
}

interface Found {
  readonly hits: { readonly hits: readonly { readonly _id: string; readonly _source: Record<string, unknown> }[] };
}

/** Documents of an index, by their time. */
async function documents(url: string, index: string) {
  await (await fetch(`${url}/${index}/_refresh`, { method: "POST" })).body?.cancel();
  const answer: Found = await (await fetch(`${url}/${index}/_search?size=100&sort=@timestamp`)).json();
  return answer.hits.hits;
}

Deno.test({
  name: `${name} stores each delivery once, although it is sent twice and the node is killed in between`,
  ignore: missing !== undefined,
  async fn(test) {
    await withOpenSearch(async (url, server) => {
      await test.step("by the sink opensearch, an index a day", async () => {
        await using sink = await openSink("opensearch", { url, index: "events", indexDate: "day" }, contextWith());
        await sendAtLeastOnce(sink, deliveries(0, 5), 60_000);
        await server.restart();
        await sendAtLeastOnce(sink, deliveries(3, 8), 60_000);
        const found = await documents(url, "events-2026.01.02");
        assert.deepEqual(found.map(({ _id }) => _id), deliveries(0, 8).map(({ id }) => id));
        assert.deepEqual(
          found.map(({ _source }) => _source),
          deliveries(0, 8).map(({ event, time }) => ({ "@timestamp": time, ...event })),
        );
      });

      await test.step("by the sink elasticsearch, with one document that the index refuses", async () => {
        await using sink = await openSink("elasticsearch", { url, index: "typed", deDot: true }, contextWith());
        await sendAtLeastOnce(sink, [{ ...delivery(0), body: { "a.b": 1 } }], 60_000);
        const odd = { ...delivery(1), body: { "a.b": { c: 1 } } };
        const error = await failure(sink.send([odd, { ...delivery(2), body: { "a.b": 2 } }], soon(30_000)));
        assert.deepEqual(error.failed?.map(({ id, reason }) => [id, reason]), [[odd.id, "Refused"]]);
        assert.match(error.message, /mapper_parsing_exception/);
        assert.deepEqual((await documents(url, "typed")).map(({ _source }) => _source.a_b), [1, 2]);
      });

      await test.step("and says what is wrong with a pipeline, and when the node has gone", async () => {
        await using sink = await openSink("opensearch", { url, index: "events", pipeline: "nowhere" }, contextWith());
        const error = await failure(sink.send(deliveries(0, 1), soon(30_000)));
        assert.equal(error.reason, "Refused", error.message);
        await server.stop();
        assert.equal((await failure(sink.send(deliveries(0, 1), soon()))).reason, "Unavailable");
      });
    });
  },
});
