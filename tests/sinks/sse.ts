/** The sink `sse` against eventsse. */
import assert from "node:assert/strict";
import { startEventSse } from "../../controllers/eventsse/mod.ts";
import { deliveries, delivery, failure, openSink, soon } from "./_events.ts";
import { contextWith } from "./_server.ts";

Deno.test("sse brings each Event to eventsse once, although it is sent twice, in an array or one by one", async () => {
  for (const mode of ["array", "single"]) {
    const server = await startEventSse({ port: 0 });
    try {
      await using sink = await openSink("sse", { url: `${server.url}/handle`, mode }, contextWith());
      await sink.send(deliveries(0, 5), soon());
      await sink.send(deliveries(3, 8), soon());
      const events = await (await fetch(`${server.url}/events`)).json();
      assert.deepEqual(events, deliveries(0, 8).reverse().map(({ event }) => event));
    } finally {
      await server.close();
    }
  }
});

Deno.test("sse says Refused for a batch that is too large for eventsse, and Unavailable when it has gone", async () => {
  const server = await startEventSse({ port: 0 });
  await using sink = await openSink("sse", { url: `${server.url}/handle` }, contextWith());
  try {
    const large = delivery(0, { message: "x".repeat(1_100_000) });
    assert.equal((await failure(sink.send([large, delivery(1)], soon()))).reason, "Refused");
  } finally {
    await server.close();
  }
  assert.equal((await failure(sink.send(deliveries(0, 1), soon()))).reason, "Unavailable");
});
