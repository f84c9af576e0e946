import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { KeyedQueue, type QueueOptions } from "./queue.ts";
import { TRIGGER_REASONS, type TriggerReason } from "./types.ts";

function create(options: Partial<QueueOptions<string>> = {}) {
  const time = { now: 0 };
  const queue = new KeyedQueue<string>({
    now: () => time.now,
    baseDelay: 1_000,
    maxDelay: 60_000,
    jitter: 0,
    random: () => 0.5,
    ...options,
  });
  return { queue, time };
}

Deno.test("KeyedQueue takes a key once, however often it was added", () => {
  const { queue } = create();
  assert.equal(queue.add({ key: "a", reason: "change" }), true);
  assert.equal(queue.add({ key: "a", reason: "change" }), false);
  assert.equal(queue.take()?.key, "a");
  assert.equal(queue.take(), undefined);
});

Deno.test("KeyedQueue queues a key once more that gets dirty while at work", () => {
  const { queue } = create();
  queue.add({ key: "a", reason: "change" });
  queue.take();
  queue.add({ key: "a", reason: "resync" });
  queue.add({ key: "a", reason: "change" });
  assert.equal(queue.take(), undefined);
  queue.done("a");
  assert.deepEqual(queue.take(), { key: "a", reason: "change", waited: 0 });
});

Deno.test("KeyedQueue takes urgent reasons first, and lifts a key that gets more urgent", () => {
  const { queue, time } = create();
  for (const reason of TRIGGER_REASONS.toReversed()) queue.add({ key: reason, reason });
  time.now = 7;
  queue.add({ key: "resync", reason: "change" });
  const order = Array.from({ length: 5 }, () => queue.take());
  assert.deepEqual(order.map((taken) => taken?.key), ["change", "resync", "related", "first", "retry"]);
  assert.equal(order[1]?.waited, 7);
});

Deno.test("KeyedQueue never starves the least urgent", () => {
  const { queue } = create();
  queue.add({ key: "old", reason: "resync" });
  for (let turn = 0; turn < 16; turn++) {
    queue.add({ key: `new-${turn}`, reason: "change" });
    if (queue.take()?.key === "old") return;
  }
  assert.fail("the resync was not taken within 16 turns");
});

Deno.test("KeyedQueue lets groups take turns", () => {
  const { queue } = create({ groupOf: (key) => key.slice(0, 1) });
  for (const key of ["a1", "a2", "a3", "b1"]) queue.add({ key, reason: "first" });
  assert.deepEqual(Array.from({ length: 4 }, () => queue.take()?.key), ["a1", "b1", "a2", "a3"]);
});

Deno.test("KeyedQueue doubles the back-off of a key up to its limit, and forgets it with success", () => {
  const { queue, time } = create();
  const delays: number[] = [];
  for (let failure = 0; failure < 8; failure++) {
    queue.add({ key: "a", reason: "change" });
    queue.take();
    delays.push(queue.fail("a"));
  }
  assert.deepEqual(delays, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  time.now += 60_000;
  assert.equal(queue.promote(), 1);
  assert.equal(queue.take()?.reason, "retry");
  queue.done("a");
  queue.add({ key: "a", reason: "change" });
  queue.take();
  assert.equal(queue.fail("a"), 1_000);
});

Deno.test("KeyedQueue waits at least as long as a failure asks for", () => {
  const { queue } = create();
  queue.add({ key: "a", reason: "change" });
  queue.take();
  assert.equal(queue.fail("a", 9_000), 9_000);
  assert.equal(queue.nextDue(), 9_000);
});

Deno.test("KeyedQueue jitters a back-off within its share", () => {
  for (const [random, delay] of [[0, 900], [0.5, 1_000], [1, 1_100]] as const) {
    const { queue } = create({ jitter: 0.1, random: () => random });
    queue.add({ key: "a", reason: "change" });
    queue.take();
    assert.equal(queue.fail("a"), delay);
  }
});

Deno.test("KeyedQueue keeps the earliest of several waits, and ends the wait of a key that is taken", () => {
  const { queue, time } = create();
  queue.addAfter("a", 500, "resync");
  queue.addAfter("a", 200, "resync");
  queue.addAfter("a", 300, "resync");
  assert.deepEqual([queue.nextDue(), queue.waiting], [200, 1]);
  queue.add({ key: "a", reason: "change" });
  queue.take();
  assert.equal(queue.waiting, 0);
  queue.done("a");
  time.now = 1_000;
  assert.deepEqual([queue.promote(), queue.take()], [0, undefined]);
});

/** A queue as a few sets: slow, and obviously right. */
class Model {
  readonly queued = new Map<string, TriggerReason>();
  readonly active = new Map<string, TriggerReason | undefined>();
  readonly waiting = new Map<string, number>();
}

type Step =
  | { readonly type: "add"; readonly key: string; readonly reason: TriggerReason }
  | { readonly type: "addAfter"; readonly key: string; readonly delay: number }
  | { readonly type: "take" }
  | { readonly type: "end"; readonly pick: number; readonly failed: boolean }
  | { readonly type: "pass"; readonly ms: number };

const key = fc.constantFrom("a", "b", "c", "d", "e");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant("add" as const), key, reason: fc.constantFrom(...TRIGGER_REASONS) }),
  fc.record({ type: fc.constant("addAfter" as const), key, delay: fc.integer({ min: 1, max: 5_000 }) }),
  fc.record({ type: fc.constant("take" as const) }),
  fc.record({ type: fc.constant("end" as const), pick: fc.nat(), failed: fc.boolean() }),
  fc.record({ type: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 70_000 }) }),
);

Deno.test("KeyedQueue never loses and never doubles a key, whatever happens to it", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { queue, time } = create();
      const model = new Model();
      for (const step of steps) apply(step, queue, time, model);
      // Left alone, all that was asked for comes, once each.
      for (const key of model.active.keys()) {
        queue.done(key);
        if (model.active.get(key) !== undefined) model.queued.set(key, "change");
      }
      time.now += 120_000;
      queue.promote();
      const expected = [...new Set([...model.queued.keys(), ...model.waiting.keys()])].sort();
      const taken: string[] = [];
      for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next.key);
      assert.deepEqual(taken.sort(), expected);
    }),
    { numRuns: 500 },
  );
});

function apply(step: Step, queue: KeyedQueue<string>, time: { now: number }, model: Model): void {
  switch (step.type) {
    case "add":
      queue.add(step);
      if (model.active.has(step.key)) model.active.set(step.key, step.reason);
      else model.queued.set(step.key, step.reason);
      break;
    case "addAfter":
      queue.addAfter(step.key, step.delay, "resync");
      model.waiting.set(step.key, Math.min(model.waiting.get(step.key) ?? Infinity, time.now + step.delay));
      break;
    case "take": {
      const taken = queue.take();
      assert.equal(taken === undefined, model.queued.size === 0, "takes if and only if something is queued");
      if (taken === undefined) break;
      assert.ok(model.queued.delete(taken.key), "takes what is queued");
      assert.ok(!model.active.has(taken.key), "never takes a key that is at work");
      model.active.set(taken.key, undefined);
      model.waiting.delete(taken.key);
      break;
    }
    case "end": {
      const keys = [...model.active.keys()];
      const key = keys[step.pick % keys.length];
      if (key === undefined) break;
      const dirty = model.active.get(key);
      model.active.delete(key);
      if (dirty !== undefined) model.queued.set(key, dirty);
      if (!step.failed) {
        queue.done(key);
        break;
      }
      const delay = queue.fail(key);
      if (dirty === undefined) model.waiting.set(key, Math.min(model.waiting.get(key) ?? Infinity, time.now + delay));
      break;
    }
    case "pass":
      time.now += step.ms;
      queue.promote();
      for (const [key, at] of model.waiting) {
        if (at > time.now) continue;
        model.waiting.delete(key);
        if (model.active.has(key)) model.active.set(key, "retry");
        else model.queued.set(key, "retry");
      }
  }
  assert.deepEqual([queue.ready, queue.active, queue.waiting], [
    model.queued.size,
    model.active.size,
    model.waiting.size,
  ]);
}
