import { deepEqual, equal } from "node:assert/strict";
import { fc } from "../../lib/deps/fast_check.ts";
import { Ledger, withAcknowledged } from "./ledger.ts";

Deno.test("Ledger keeps what is pending as ranges of what was taken one after the other", () => {
  const ledger = new Ledger();
  for (const position of [2, 4, 5, 9]) {
    ledger.look(position);
    ledger.take(position);
  }
  ledger.resolve(4);
  deepEqual(ledger.state(), { seen: 9, pending: [[2, 2], [5, 9]] });
  equal(ledger.low, 1);
  for (const position of [2, 5, 9]) ledger.resolve(position);
  deepEqual(ledger.state(), { seen: 9, pending: [] });
  equal(ledger.low, 9);
});

Deno.test("Ledger holds on to what an earlier process left pending until the watch has passed it", () => {
  const ledger = new Ledger({ seen: 20, pending: [[5, 5], [12, 15]] });
  equal(ledger.low, 4);
  ledger.look(5);
  ledger.take(5);
  deepEqual(ledger.state(), { seen: 20, pending: [[5, 5], [12, 15]] });
  ledger.resolve(5);
  ledger.look(13);
  deepEqual(ledger.state(), { seen: 20, pending: [[14, 15]] });
});

Deno.test("Ledger keeps what waits on disk as one range that shrinks from its front", () => {
  const ledger = new Ledger();
  for (const position of [1, 2, 3, 4, 5]) ledger.look(position);
  ledger.take(1);
  for (const position of [3, 4, 5]) ledger.spill(position);
  deepEqual(ledger.state(), { seen: 5, pending: [[1, 1], [3, 5]] });
  ledger.resolve(1);
  ledger.unspill(3);
  deepEqual(ledger.state(), { seen: 5, pending: [[3, 3], [4, 5]] });
  for (const position of [4, 5]) ledger.unspill(position);
  for (const position of [3, 4, 5]) ledger.resolve(position);
  deepEqual(ledger.state(), { seen: 5, pending: [] });
});

Deno.test("Ledger loses nothing and repeats nothing acknowledged, wherever the process is killed", () => {
  const step = fc.record({ take: fc.integer({ min: 0, max: 6 }), acknowledge: fc.array(fc.nat(30), { maxLength: 4 }) });
  const life = fc.record({ steps: fc.array(step, { maxLength: 8 }), keepEvery: fc.integer({ min: 1, max: 5 }) });
  fc.assert(fc.property(fc.array(life, { minLength: 1, maxLength: 5 }), (lives) => {
    const delivered: number[] = [];
    const LAST = 100;
    let state: ReturnType<Ledger["state"]> | undefined;
    for (const { steps, keepEvery } of [...lives, { steps: [{ take: LAST, acknowledge: [] }], keepEvery: 1 }]) {
      const ledger = new Ledger(state);
      let position = state === undefined ? 0 : ledger.low;
      const queue: number[] = [];
      let journal: number[] = [];
      for (const [index, { take, acknowledge }] of steps.entries()) {
        for (let n = 0; n < take && position < LAST; n++) {
          position++;
          if (!ledger.look(position) || position % 3 === 0) continue;
          ledger.take(position);
          queue.push(position);
        }
        const all = take === LAST;
        const done = all ? queue.splice(0) : acknowledge.flatMap((n) => queue.splice(n % (queue.length || 1), 1));
        for (const item of done) {
          delivered.push(item);
          ledger.resolve(item);
          journal.push(item);
        }
        if (index % keepEvery === 0) {
          state = ledger.state();
          journal = [];
        }
      }
      // The kill: what was kept last, and what was written after it.
      state = withAcknowledged(state ?? { seen: 0, pending: [] }, journal);
    }
    const wanted = Array.from({ length: LAST }, (_, index) => index + 1).filter((n) => n % 3 !== 0);
    deepEqual(delivered.sort((a, b) => a - b), wanted);
  }));
});
