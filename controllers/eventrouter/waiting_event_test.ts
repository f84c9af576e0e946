import { deepEqual, equal } from "node:assert/strict";
import { coreEvent, NO_FACTS, sampleEvent } from "./_samples.ts";
import { deadLetterOf, deliveryOf } from "./delivery.ts";
import { enriched } from "./enriched_event.ts";
import { PRESETS } from "./presets.ts";

const sourced = { event: coreEvent(3), source: "", position: 3, listed: false, afterGap: false, received: 0 };

Deno.test("WaitingEvent tells of the Event what it said before it was text", () => {
  const made = enriched(sourced, { ...NO_FACTS, compositionId: "c1" }, "prod");
  const { waiting } = made;
  deepEqual(JSON.parse(JSON.stringify(made.body)), waiting.body);
  equal(waiting.json, JSON.stringify(made.body));
  deepEqual([waiting.compositionId, waiting.cluster, waiting.event.kind], ["c1", "prod", "Event"]);
  const { id, key, time, count, received, object } = made;
  const { event: _event, body: _body, ...view } = waiting.view;
  deepEqual(view, { id, key, time, count, received, object });
});

Deno.test("WaitingEvent is read anew for each Event, though the last one is remembered", () => {
  const [first, second] = [sampleEvent(1).waiting, sampleEvent(2).waiting];
  equal(first.view, first.view);
  deepEqual([first, second, first].map(({ event }) => event.message), ["message 1", "message 2", "message 1"]);
});

Deno.test("deliveryOf() is the Event itself without a layout; with one its text does not stand for the body", () => {
  const { waiting } = sampleEvent(1);
  equal(deliveryOf(waiting, PRESETS.raw), waiting);
  const { id, json, body } = deliveryOf(waiting, ({ event }) => ({ said: event.message }));
  deepEqual([id, json, body], [waiting.id, undefined, { said: "message 1" }]);
});

Deno.test("deadLetterOf() holds the Event and why it comes", () => {
  const { waiting } = sampleEvent(1);
  const letter = { registration: "audit", reason: "too large", time: "2026-01-01T00:00:00Z" };
  deepEqual(deadLetterOf(waiting, letter).body, { ...letter, event: waiting.body });
});
