import { deepEqual, equal } from "node:assert/strict";
import { fc } from "../../lib/deps/fast_check.ts";
import { sampleEvent } from "./_samples.ts";
import { EventQueue } from "./queue.ts";

const ALL = { items: Infinity, bytes: Infinity };
const positions = (events: readonly { readonly position: number }[]) => events.map(({ position }) => position);

Deno.test("EventQueue gives batches within their bounds, at least one Event", () => {
  const queue = new EventQueue(ALL, 1);
  for (const position of [1, 2, 3]) queue.push(sampleEvent(position).waiting);
  deepEqual(positions(queue.take(0, { items: 2, bytes: Infinity })), [1, 2]);
  deepEqual(positions(queue.take(0, { items: 2, bytes: 1 })), [3]);
  deepEqual(queue.take(0, ALL), []);
});

Deno.test("EventQueue counts what was taken until it is released", () => {
  const queue = new EventQueue({ items: 2, bytes: Infinity }, 1);
  for (const position of [1, 2]) queue.push(sampleEvent(position).waiting);
  const taken = queue.take(0, ALL);
  equal(queue.full, true);
  queue.release(taken);
  deepEqual([queue.full, queue.items, queue.bytes], [false, 0, 0]);
});

Deno.test("EventQueue is full by bytes as well", () => {
  const event = sampleEvent(1).waiting;
  const queue = new EventQueue({ items: 10, bytes: event.json.length }, 1);
  queue.push(event);
  equal(queue.full, true);
});

Deno.test("EventQueue drops what has waited longest, in whichever lane", () => {
  const queue = new EventQueue(ALL, 4);
  for (const position of [1, 2, 3, 4, 5]) queue.push(sampleEvent(position, `object-${position}`).waiting);
  deepEqual([1, 2, 3].map(() => queue.dropOldest()?.position), [1, 2, 3]);
  equal(queue.items, 2);
  equal(queue.oldest?.position, 4);
});

Deno.test("EventQueue takes what was put back before everything else", () => {
  const queue = new EventQueue(ALL, 1);
  for (const position of [1, 2, 3]) queue.push(sampleEvent(position).waiting);
  queue.putBack(0, queue.take(0, { items: 2, bytes: Infinity }));
  deepEqual(positions(queue.take(0, ALL)), [1, 2, 3]);
});

Deno.test("EventQueue keeps the order of each object over any lanes, put-backs and resizings", () => {
  const lanes = fc.integer({ min: 1, max: 5 });
  const step = fc.oneof(
    fc.record({ push: fc.nat(5) }),
    fc.record({ take: fc.integer({ min: 1, max: 4 }), back: fc.boolean() }),
    fc.record({ resize: lanes }),
  );
  fc.assert(fc.property(lanes, fc.array(step, { maxLength: 60 }), (count, steps) => {
    let queue = new EventQueue(ALL, count);
    const last = new Map<string, number>();
    let position = 0;
    const send = (events: readonly { readonly key: string; readonly position: number }[]) => {
      for (const { key, position } of events) {
        equal((last.get(key) ?? 0) < position, true);
        last.set(key, position);
      }
    };
    for (const step of steps) {
      if ("push" in step) queue.push(sampleEvent(++position, `object-${step.push}`).waiting);
      else if ("resize" in step) queue = queue.resized(ALL, count = step.resize);
      else {
        const lane = position % count;
        const batch = queue.take(lane, { items: step.take, bytes: Infinity });
        if (step.back) queue.putBack(lane, batch);
        else {
          send(batch);
          queue.release(batch);
        }
      }
    }
    for (let lane = 0; lane < count; lane++) {
      const rest = queue.take(lane, ALL);
      send(rest);
      queue.release(rest);
    }
    deepEqual([queue.items, queue.bytes], [0, 0]);
  }));
});

/** An Event that was read just now. */
const fresh = (position: number) => sampleEvent(position, "object", {}, Date.now()).waiting;

Deno.test("EventQueue.whenReady() resolves with a full batch, or when the first Event has waited long enough", async () => {
  const queue = new EventQueue(ALL, 1);
  const never = new AbortController().signal;
  let resolved = false;
  const full = queue.whenReady(0, { items: 2, bytes: Infinity }, 60_000, never).then(() => resolved = true);
  queue.push(fresh(1));
  for (let n = 0; n < 5; n++) await Promise.resolve();
  equal(resolved, false);
  queue.push(fresh(2));
  await full;
  queue.take(0, { items: 1, bytes: Infinity });
  await queue.whenReady(0, { items: 2, bytes: Infinity }, 1, never);
  const stop = new AbortController();
  queue.take(0, ALL);
  const stopped = queue.whenReady(0, { items: 2, bytes: Infinity }, 60_000, stop.signal);
  stop.abort();
  await stopped;
});

Deno.test("EventQueue.whenReady() does not let an Event wait again that waited while another batch was under way", async () => {
  const queue = new EventQueue(ALL, 1);
  queue.push(sampleEvent(1, "object", {}, Date.now() - 60_000).waiting);
  await queue.whenReady(0, { items: 2, bytes: Infinity }, 60_000, new AbortController().signal);
  equal(queue.take(0, ALL).length, 1);
});
