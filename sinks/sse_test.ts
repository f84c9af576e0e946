import assert from "node:assert/strict";
import { contextWith, deliveries, delivery, failure, soon, withServer } from "./_testing.ts";
import { sse, type SseSettings } from "./sse.ts";
import type { Delivery } from "./types.ts";

async function send(settings: SseSettings, batch: readonly Delivery[]) {
  const sink = await sse.open(settings, contextWith());
  try {
    await sink.send(batch, soon());
  } finally {
    await sink.close();
  }
}

Deno.test("sse posts one Event as an object, several as an array, and the Event rather than a layout", async () => {
  await withServer(() => new Response("events/uid-0"), async (url, seen) => {
    await send({ url: `${url}/handle` }, [delivery(0, {}, { body: "laid out" })]);
    await send({ url: `${url}/handle` }, deliveries(0, 3));
    assert.deepEqual(seen.map(({ method, path, body }) => [method, path, JSON.parse(body)]), [
      ["POST", "/handle", delivery(0).event],
      ["POST", "/handle", deliveries(0, 3).map(({ event }) => event)],
    ]);
    assert.equal(seen[0]?.headers.get("content-type"), "application/json");
  });
});

Deno.test("sse posts each Event by itself in mode single, and tells which were not taken", async () => {
  await withServer(
    (_, index) => new Response("", { status: [200, 400, 200, 503, 200][index] ?? 200 }),
    async (url, seen) => {
      const error = await failure(send({ url, mode: "single" }, deliveries(0, 5)));
      assert.equal(error.reason, "Unavailable");
      assert.deepEqual(error.failed?.map(({ id, reason }) => [id, reason]), [
        ["uid-1/101", "Refused"],
        ["uid-3/103", "Unavailable"],
        ["uid-4/104", "Unavailable"],
      ]);
      assert.equal(seen.length, 4);
    },
  );
});

Deno.test("sse refuses a batch as a whole, so that the router finds the culprit", async () => {
  await withServer(() => new Response("", { status: 413 }), async (url) => {
    const error = await failure(send({ url }, deliveries(0, 8)));
    assert.equal(error.reason, "Refused");
    assert.equal(error.failed, undefined);
  });
});
