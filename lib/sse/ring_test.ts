import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { Ring, type RingEntry } from "./ring.ts";

const entry = (seq: number, size = 1, kept = 0): RingEntry => ({ seq, size, kept });
const seqs = (entries: Iterable<RingEntry>) => [...entries].map(({ seq }) => seq);

Deno.test("Ring drops the oldest beyond its bytes, but keeps the newest whatever it costs", () => {
  const gone: number[] = [];
  const ring = new Ring({ maxBytes: 10, onEvict: ({ seq }) => gone.push(seq), now: () => 0 });
  for (const [seq, size] of [[1, 4], [2, 4], [3, 4], [4, 50]] as const) ring.push(entry(seq, size));
  assert.deepEqual([seqs(ring.after(0)), gone, ring.evicted, ring.head, ring.bytes], [[4], [1, 2, 3], 3, 4, 50]);
});

Deno.test("Ring drops what is too old, also when nothing new comes", () => {
  let now = 0;
  const ring = new Ring({ maxAge: 100, now: () => now });
  ring.push(entry(1, 1, 0));
  ring.push(entry(2, 1, 50));
  now = 101;
  assert.deepEqual([ring.evicted, seqs(ring.after(0))], [1, [2]]);
  now = 151;
  assert.deepEqual([ring.evicted, ring.head, seqs(ring.after(0))], [2, 2, []]);
});

Deno.test("Ring reads on from an iteration that evictions overtake", () => {
  const ring = new Ring({ maxBytes: 2_000, now: () => 0 });
  for (let seq = 1; seq <= 2_000; seq++) ring.push(entry(seq));
  const reading = ring.after(500)[Symbol.iterator]();
  assert.equal(reading.next().value?.seq, 501);
  for (let seq = 2_001; seq <= 3_500; seq++) ring.push(entry(seq));
  assert.equal(reading.next().value?.seq, 502);
});

Deno.test("Ring refuses numbers that do not count up", () => {
  const ring = new Ring({ evicted: 7 });
  assert.throws(() => ring.push(entry(7)), RangeError);
});

Deno.test("Ring is the end of the list of all entries, in both directions", () => {
  const gaps = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 9 }) }));
  fc.assert(fc.property(gaps, fc.integer({ min: 1, max: 60 }), fc.nat(200), (steps, maxBytes, from) => {
    const ring = new Ring({ maxBytes, now: () => 0 });
    const all: RingEntry[] = [];
    for (const { gap, size } of steps) {
      all.push(entry((all.at(-1)?.seq ?? 0) + gap, size));
      ring.push(all.at(-1) ?? entry(0));
    }
    const left = all.filter(({ seq }) => seq > ring.evicted);
    const cost = left.reduce((sum, { size }) => sum + size, 0);
    assert.ok(cost <= maxBytes || left.length === 1);
    assert.equal(ring.bytes, cost);
    assert.deepEqual(seqs(ring.after(from)), seqs(left.filter(({ seq }) => seq > from)));
    assert.deepEqual(seqs(ring.before(from)), seqs(left.filter(({ seq }) => seq < from).reverse()));
  }));
});
