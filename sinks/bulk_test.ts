import assert from "node:assert/strict";
import type { BulkSettings } from "./_bulk.ts";
import { contextWith, deliveries, delivery, failure, ref, soon, withServer } from "./_testing.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { opensearch } from "./opensearch.ts";
import type { Delivery } from "./types.ts";

async function send(settings: BulkSettings, batch: readonly Delivery[], kind = elasticsearch) {
  const sink = await kind.open(settings, contextWith({ "auth/key": "a2V5\n" }));
  try {
    await sink.send(batch, soon());
  } finally {
    await sink.close();
  }
}

const items = (...statuses: number[]) => {
  const list = statuses.map((status) => ({
    create: { _index: "i", status, ...(status >= 300 && { error: { type: "t", reason: "because" } }) },
  }));
  return Response.json({ took: 1, errors: statuses.some((status) => status >= 300), items: list });
};
const lines = (body: string) => body.trimEnd().split("\n").map((line) => JSON.parse(line));

Deno.test("_bulk creates a document under each delivery's id, in the event's day, with @timestamp", async () => {
  await withServer(() => items(201, 201), async (url, seen) => {
    const noisy = delivery(0);
    const body = { ...noisy.event, metadata: { ...noisy.event.metadata, managedFields: [{ manager: "x" }] } };
    const settings: BulkSettings = { url, index: "events", indexDate: "day", pipeline: "p/1", apiKey: ref("key") };
    await send(settings, [{ ...noisy, body }, delivery(1, {}, { body: "text" })]);
    const { path, headers, body: sent } = seen[0]!;
    assert.equal(path, "/_bulk?pipeline=p%2F1");
    assert.equal(headers.get("content-type"), "application/x-ndjson");
    assert.equal(headers.get("authorization"), "ApiKey a2V5");
    assert.ok(sent.endsWith("\n"));
    assert.deepEqual(lines(sent), [
      { create: { _index: "events-2026.01.02", _id: "uid-0/100" } },
      { "@timestamp": "2026-01-02T03:04:05Z", ...noisy.event },
      { create: { _index: "events-2026.01.02", _id: "uid-1/101" } },
      { "@timestamp": "2026-01-02T03:04:06Z", message: "text" },
    ]);
  });
});

Deno.test("_bulk writes _ for . in names when told to", async () => {
  await withServer(() => items(201), async (url, seen) => {
    const body = { "a.b": { "c.d": [{ "e.f": 1 }] }, "@timestamp": "mine" };
    await send({ url, index: "events", indexDate: "month", deDot: true }, [delivery(0, {}, { body })], opensearch);
    assert.deepEqual(lines(seen[0]!.body), [
      { create: { _index: "events-2026.01", _id: "uid-0/100" } },
      { a_b: { c_d: [{ e_f: 1 }] }, "@timestamp": "mine" },
    ]);
  });
});

Deno.test("_bulk takes a document that is there already as delivered, and names those that failed with their reasons", async () => {
  await withServer(() => items(201, 409, 400, 429, 404), async (url) => {
    const error = await failure(send({ url, index: "events" }, deliveries(0, 5)));
    assert.equal(error.reason, "Unavailable");
    assert.deepEqual(error.failed?.map(({ id, reason }) => [id, reason]), [
      ["uid-2/102", "Refused"],
      ["uid-3/103", "Unavailable"],
      ["uid-4/104", "Misconfigured"],
    ]);
    assert.match(error.failed?.[0]?.message ?? "", /400 t: because/);
  });
  await withServer(() => items(409, 409), (url) => send({ url, index: "events" }, deliveries(0, 2)));
});

Deno.test("_bulk says what an answer as a whole means", async () => {
  const rows: [answer: () => Response, reason: string][] = [
    [() => new Response("<html>", { status: 200 }), "Unavailable"],
    [() => items(201), "Unavailable"],
    [() => new Response("", { status: 404 }), "Misconfigured"],
    [() => new Response("", { status: 401 }), "Misconfigured"],
    [() => new Response("", { status: 503 }), "Unavailable"],
  ];
  for (const [answer, reason] of rows) {
    await withServer(answer, async (url) => {
      assert.equal((await failure(send({ url, index: "events" }, deliveries(0, 2)))).reason, reason);
    });
  }
});
