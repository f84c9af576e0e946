import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { BoundedCache } from "./bounded_cache.ts";

Deno.test("BoundedCache drops the least recently used entries first", () => {
  const cache = new BoundedCache<string, number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  assert.equal(cache.get("a"), 1);
  cache.set("c", 3);
  assert.deepEqual(cache.entries(), [["a", 1], ["c", 3]]);
});

Deno.test("BoundedCache keeps a value that is heavier than it may be alone", () => {
  const cache = new BoundedCache<string, string>(3, (text) => text.length);
  cache.set("a", "x");
  cache.set("b", "too heavy");
  assert.deepEqual(cache.entries(), [["b", "too heavy"]]);
  cache.set("c", "y");
  assert.deepEqual(cache.entries(), [["c", "y"]]);
});

Deno.test("BoundedCache never weighs more than its capacity, and answers what was set last", () => {
  const sets = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 10 })));
  fc.assert(fc.property(sets, (steps) => {
    const cache = new BoundedCache<number, number>(20, (weight) => weight);
    for (const [key, weight] of steps) {
      cache.set(key, weight);
      assert.equal(cache.get(key), weight);
      const total = cache.entries().reduce((sum, [, each]) => sum + each, 0);
      assert.ok(total <= 20 || cache.size === 1);
    }
  }));
});
