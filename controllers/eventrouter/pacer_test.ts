import { deepEqual, equal, ok } from "node:assert/strict";
import type { Clock } from "../../lib/kube/mod.ts";
import { fullJitter, Pacer } from "./pacer.ts";

/** A clock that sleeps by being set. */
class TestClock implements Clock {
  time = 0;
  draw = 1;
  slept: number[] = [];
  now = () => this.time;
  random = () => this.draw;
  sleep = (ms: number) => {
    this.slept.push(ms);
    this.time += ms;
    return Promise.resolve();
  };
}

const OPTIONS = { breakerFailures: 3, initialDelay: 100, maxDelay: 1_000 };
const never = new AbortController().signal;

Deno.test("fullJitter() is random below a bound that doubles up to a largest one", () => {
  deepEqual([1, 2, 3, 4, 5, 50].map((n) => fullJitter(n, 100, 1_000, () => 1)), [100, 200, 400, 800, 1_000, 1_000]);
  equal(fullJitter(3, 100, 1_000, () => 0), 0);
});

Deno.test("Pacer waits longer after each failure, at least as long as it was asked to, and not after a success", async () => {
  const clock = new TestClock();
  const pacer = new Pacer({ ...OPTIONS, clock });
  for (const retryAfter of [0, 0, 5_000]) {
    await pacer.turn(1, never);
    pacer.failed(retryAfter);
  }
  await pacer.turn(1, never);
  deepEqual(clock.slept, [100, 200, 5_000]);
  pacer.succeeded();
  await pacer.turn(1, never);
  equal(clock.slept.length, 3);
});

Deno.test("Pacer breaks its circuit after failures in a row, tells of it, and then lets one in at a time", async () => {
  const clock = new TestClock();
  const told: boolean[] = [];
  const pacer = new Pacer({ ...OPTIONS, clock, onCircuit: (broken) => told.push(broken) });
  for (let n = 0; n < 3; n++) {
    await pacer.turn(1, never);
    pacer.failed();
  }
  await pacer.turn(1, never);
  const other = new AbortController();
  const second = pacer.turn(1, other.signal);
  other.abort();
  equal(await second, false);
  pacer.succeeded();
  equal(await pacer.turn(1, never), true);
  deepEqual(told, [true, false]);
});

Deno.test("Pacer keeps a rate: the burst at once, the rest as tokens come", async () => {
  const clock = new TestClock();
  const pacer = new Pacer({ ...OPTIONS, clock, rate: { perSecond: 10, burst: 5 } });
  await pacer.turn(5, never);
  equal(clock.time, 0);
  await pacer.turn(2, never);
  equal(clock.time, 200);
  await pacer.turn(50, never);
  ok(clock.time >= 700);
});

Deno.test("Pacer.reset() ends a wait", async () => {
  const pacer = new Pacer({ ...OPTIONS, initialDelay: 60_000, maxDelay: 60_000 });
  await pacer.turn(1, never);
  pacer.failed(60_000);
  const turn = pacer.turn(1, never);
  await Promise.resolve();
  pacer.reset();
  equal(await turn, true);
});
