import assert from "node:assert/strict";
import { cloudevents, type CloudEventsSettings, toCloudEvent } from "./cloudevents.ts";
import { contextWith, deliveries, delivery, failure, soon, withServer } from "./_testing.ts";
import type { Delivery } from "./types.ts";

async function send(settings: CloudEventsSettings, batch: readonly Delivery[]) {
  const sink = await cloudevents.open(settings, contextWith());
  try {
    await sink.send(batch, soon());
  } finally {
    await sink.close();
  }
}

const expected = {
  specversion: "1.0",
  id: "uid-0/100",
  source: "/kubernetes/prod",
  type: "io.k8s.core.v1.event",
  subject: "Pod/demo/web",
  time: "2026-01-02T03:04:05Z",
  datacontenttype: "application/json",
  partitionkey: "pod-1",
  compositionid: "comp-1",
};

Deno.test("cloudevents sends structured events: attributes and data in one JSON object each", async () => {
  await withServer(() => new Response(null, { status: 202 }), async (url, seen) => {
    await send({ url }, [delivery(0, {}, { cluster: "prod" }), delivery(1)]);
    assert.deepEqual(JSON.parse(seen[0]?.body ?? ""), { ...expected, data: delivery(0).body });
    assert.equal(seen.length, 2);
    assert.equal(seen[0]?.headers.get("content-type"), "application/cloudevents+json; charset=utf-8");
  });
});

Deno.test("cloudevents sends binary events: attributes percent-encoded in headers, data as the body", async () => {
  await withServer(() => new Response(), async (url, seen) => {
    const involvedObject = { kind: "Pod", namespace: "démo", name: 'a "b" 100%\u{1F600}\n' };
    await send({ url, mode: "binary" }, [delivery(0, { involvedObject }, { cluster: "prod", body: { a: 1 } })]);
    const { headers, body } = seen[0]!;
    assert.equal(body, '{"a":1}');
    assert.equal(headers.get("content-type"), "application/json");
    const { subject: _, datacontenttype: __, ...rest } = expected;
    for (const [name, value] of Object.entries(rest)) assert.equal(headers.get(`ce-${name}`), value);
    assert.equal(headers.get("ce-subject"), "Pod/d%C3%A9mo/a%20%22b%22%20100%25%F0%9F%98%80%0A");
  });
});

Deno.test("cloudevents sends a batch as one array", async () => {
  await withServer(() => new Response(null, { status: 204 }), async (url, seen) => {
    await send({ url, mode: "batch" }, deliveries(0, 4));
    assert.equal(seen[0]?.headers.get("content-type"), "application/cloudevents-batch+json; charset=utf-8");
    assert.deepEqual(JSON.parse(seen[0]?.body ?? ""), deliveries(0, 4).map((one) => toCloudEvent(one)));
  });
});

Deno.test("cloudevents sends the others although one of the structured events is refused", async () => {
  await withServer((_, index) => new Response(null, { status: index === 1 ? 400 : 204 }), async (url) => {
    const error = await failure(send({ url }, deliveries(0, 3)));
    assert.deepEqual(error.failed?.map(({ id, reason }) => [id, reason]), [["uid-1/101", "Refused"]]);
  });
});

Deno.test("toCloudEvent() keeps a body that a layout has made a CloudEvent", () => {
  const body = { specversion: "1.0", id: "x", source: "y", type: "z", data: 1 };
  assert.equal(toCloudEvent(delivery(0, {}, { body })), body);
});
