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

Deno.test("Ledger does not want what a list left out because something later had taken its place", () => {
  const first = new Ledger();
  // 10 and 11 were versions of the Events that the list tells as 12 and 14.
  for (const position of [8, 12, 14]) {
    first.look(position, true);
    first.take(position);
  }
  first.look(15, true);
  first.take(15);
  first.look(16);
  first.take(16);
  deepEqual(first.state(), { seen: 16, pending: [[8, 8], [12, 12], [14, 14], [15, 16]] });
  // 12 was acknowledged after the state was kept, and the watch from 7 on tells what the list did not.
  const second = new Ledger(withAcknowledged(first.state(), [12]));
  deepEqual([8, 10, 11, 12, 13, 14, 15, 16].filter((position) => second.look(position)), [8, 14, 15, 16]);
});

Deno.test("Ledger does not want what the rules left out between two that are pending", () => {
  const first = new Ledger();
  for (const position of [5, 6, 7]) {
    first.look(position);
    if (position !== 6) first.take(position);
  }
  deepEqual(first.state(), { seen: 7, pending: [[5, 5], [7, 7]] });
});

Deno.test("Ledger keeps gaps in what waits on disk, and after it has left the disk", () => {
  const ledger = new Ledger({ seen: 9, pending: [[1, 1], [4, 9]], acknowledged: [6] });
  ledger.look(1);
  ledger.take(1);
  for (const position of [2, 3, 4, 5, 6, 7]) if (ledger.look(position)) ledger.spill(position);
  for (const position of [10, 13]) if (ledger.look(position, true)) ledger.spill(position);
  deepEqual(
    ledger.state().pending,
    [[1, 1], [4, 5], [7, 7], [10, 10], [13, 13]],
  );
  for (const position of [4, 5, 7]) ledger.unspill(position);
  ledger.unspill(10, true);
  deepEqual(ledger.state().pending, [[1, 1], [4, 5], [7, 7], [10, 10], [13, 13]]);
});

Deno.test("Ledger keeps a long list small: its last ones become one range, but for what is acknowledged", () => {
  const ledger = new Ledger();
  for (let position = 2; position <= 20_000; position += 2) {
    ledger.look(position, true);
    if (position <= 10_000) ledger.take(position);
    else ledger.spill(position);
  }
  ledger.resolve(9_000);
  const { pending, coarse } = ledger.state();
  equal(coarse, true);
  deepEqual(pending.slice(0, 2), [[2, 2], [4, 4]]);
  deepEqual(pending.slice(3_999, 4_001), [[8_000, 8_998], [9_002, 10_000]]);
  equal(pending.length < 8_100, true);
  equal(pending.at(-1)?.[1], 20_000);
});

Deno.test("Ledger needs no list for ranges that reach over what the rules left out", () => {
  const ledger = new Ledger(undefined, 1);
  for (const position of [1, 2, 3, 4, 5]) {
    ledger.look(position);
    if (position % 2 === 1) ledger.take(position);
  }
  deepEqual(ledger.state(), { seen: 5, pending: [[1, 5]] });
});

Deno.test("Ledger needs a list until it has passed the ranges that reach over what another one left out", () => {
  const first = new Ledger(undefined, 1);
  for (const position of [2, 5, 9]) {
    first.look(position, true);
    first.take(position);
  }
  deepEqual(first.state(), { seen: 9, pending: [[2, 9]], coarse: true });
  const second = new Ledger(first.state());
  second.look(2, true);
  second.take(2);
  deepEqual(second.state(), { seen: 9, pending: [[2, 2], [3, 9]], coarse: true });
  second.look(9, true);
  second.take(9);
  deepEqual(second.state(), { seen: 9, pending: [[2, 2], [9, 9]] });
});

/** A version of an Event about an object; its position is its place, from 1. */
interface Version {
  readonly event: number;
  readonly object: number;
}

Deno.test("Ledger sends no object's older version after a newer one, however lists, watches and kills fall", () => {
  const version = fc.record({ event: fc.nat(5) }).map(({ event }): Version => ({ event, object: event % 2 }));
  const life = fc.record({
    /** Versions since the last one. */
    written: fc.nat(20),
    list: fc.boolean(),
    acknowledged: fc.array(fc.nat(1), { maxLength: 12 }),
    keptAfter: fc.nat(12),
  });
  fc.assert(
    fc.property(
      fc.array(version, { maxLength: 60 }),
      fc.array(life, { maxLength: 5 }),
      fc.nat(4),
      (versions, lives, exact) => {
        let state: ReturnType<Ledger["state"]> = { seen: 0, pending: [] };
        let end = 0;
        let floor = 1;
        const newest = [0, 0];
        const delivered = new Set<number>();
        for (const { written, list, acknowledged, keptAfter } of lives) {
          end = Math.min(end + written, versions.length);
          const ledger = new Ledger(state, exact);
          const isLast = (position: number) => {
            return versions.slice(position, end).every(({ event }) => event !== versions[position - 1]?.event);
          };
          // What was compacted away for one process is so for those after it.
          const listed = list || state.coarse === true || ledger.low < floor;
          if (listed) floor = Math.max(floor, ledger.low + 1);
          const lanes: number[][] = [[], []];
          for (let position = listed ? 1 : ledger.low + 1; position <= end; position++) {
            if (listed && !isLast(position)) continue;
            if (!ledger.look(position, listed)) continue;
            ledger.take(position);
            lanes[versions[position - 1]!.object]!.push(position);
          }
          let journal: number[] = [];
          for (const [index, lane] of acknowledged.entries()) {
            if (index === keptAfter) state = ledger.state(), journal = [];
            const position = lanes[lane]!.shift();
            if (position === undefined) continue;
            if (position < newest[lane]!) throw new Error(`${position} after ${newest[lane]}`);
            if (delivered.has(position)) throw new Error(`${position} twice`);
            newest[lane] = position;
            delivered.add(position);
            ledger.resolve(position);
            journal.push(position);
          }
          state = withAcknowledged(state, journal);
        }
      },
    ),
    { numRuns: 1_000 },
  );
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
