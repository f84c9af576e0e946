import assert from "node:assert/strict";
import { contextWith, delivery, failure, ref, soon, withServer } from "./_testing.ts";
import { loki, type LokiSettings, streamsOf } from "./loki.ts";
import type { Delivery } from "./types.ts";

async function send(settings: LokiSettings, batch: readonly Delivery[]) {
  const sink = await loki.open(settings, contextWith({ "auth/password": "p" }));
  try {
    await sink.send(batch, soon());
  } finally {
    await sink.close();
  }
}

Deno.test("loki pushes streams by label, times in nanoseconds, lines of JSON", async () => {
  await withServer(() => new Response(null, { status: 204 }), async (url, seen) => {
    const batch = [
      delivery(0, {}, { body: { a: 1 }, time: "2026-01-02T03:04:05.123456Z", cluster: "prod" }),
      delivery(1, { type: "Normal" }, { body: "text\nmore" }),
      delivery(2, {}, { body: { a: 2 }, cluster: "prod" }),
    ];
    const auth = { basic: { username: "u", ...ref("password") } };
    await send({ url: `${url}/`, tenant: "team-a", labels: { job: "k" }, auth }, batch);
    const { path, headers, body } = seen[0]!;
    assert.equal(path, "/loki/api/v1/push");
    assert.equal(headers.get("x-scope-orgid"), "team-a");
    assert.equal(headers.get("authorization"), `Basic ${btoa("u:p")}`);
    assert.deepEqual(JSON.parse(body), {
      streams: [
        {
          stream: { job: "k", cluster: "prod", namespace: "demo", kind: "Pod", type: "Warning" },
          values: [["1767323045123456000", '{"a":1}'], ["1767323047000000000", '{"a":2}']],
        },
        {
          stream: { job: "k", namespace: "demo", kind: "Pod", type: "Normal" },
          values: [["1767323046000000000", "text\\nmore"]],
        },
      ],
    });
  });
});

Deno.test("streamsOf() makes labels of the fields that are asked for, bounded, and metadata of the rest", () => {
  const one = delivery(0, { reason: "x".repeat(3_000) }, { time: "no time" });
  const [stream] = streamsOf(
    [one],
    { labels: {}, eventLabels: ["reason", "compositionId"], structuredMetadata: true },
    7,
  );
  assert.equal(stream?.stream.reason?.length, 1024);
  assert.equal(stream?.stream.composition_id, "comp-1");
  assert.equal(stream?.values[0]?.[0], "7000000");
  assert.deepEqual(stream?.values[0]?.[2], {
    name: "web",
    uid: "pod-1",
    reason: "x".repeat(3_000),
    composition_id: "comp-1",
  });
});

Deno.test("loki waits as long as it is told when it is rate limited", async () => {
  const answer = () => new Response("ingestion rate limit exceeded", { status: 429, headers: { "retry-after": "2" } });
  await withServer(answer, async (url) => {
    const error = await failure(send({ url }, [delivery(0)]));
    assert.equal(error.reason, "Unavailable");
    assert.equal(error.retryAfter, 2_000);
  });
});
