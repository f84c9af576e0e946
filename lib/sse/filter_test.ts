import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { type Filter, FilterIndex, filterKey, matches } from "./filter.ts";

Deno.test("matches() wants any value of a dimension and all dimensions", () => {
  const labels = { composition: ["abc"], kind: ["Pod"], topic: ["krateo", "abc"] };
  const table: [Filter, boolean][] = [
    [{}, true],
    [{ kind: [] }, true],
    [{ composition: ["abc"] }, true],
    [{ composition: ["ab"] }, false],
    [{ composition: ["ABC"] }, false],
    [{ composition: ["x", "abc"], kind: ["Pod"] }, true],
    [{ composition: ["abc"], kind: ["Service"] }, false],
    [{ topic: ["abc"] }, true],
    [{ namespace: ["demo"] }, false],
  ];
  for (const [filter, expected] of table) assert.equal(matches(filter, labels), expected, JSON.stringify(filter));
});

Deno.test("filterKey() is the same for filters that want the same", () => {
  const key = filterKey({ kind: ["b", "a", "b"], type: [] });
  assert.equal(filterKey({ kind: ["a", "b"] }), key);
  assert.notEqual(filterKey({ kind: ["a"] }), key);
});

Deno.test("FilterIndex finds everyone who matches, and only who shares a value", () => {
  const values = fc.subarray(["1", "2", "3"]);
  const dims = fc.record({ a: values, b: values, c: values });
  fc.assert(fc.property(fc.array(dims), dims, fc.nat(), (filters, labels, gone) => {
    const index = new FilterIndex<number>(["a", "b", "c"]);
    filters.forEach((filter, item) => index.add(filter, item));
    const removed = filters.length === 0 ? -1 : gone % filters.length;
    if (removed >= 0) index.delete(filters[removed] ?? {}, removed);
    const found = index.candidates(labels);
    filters.forEach((filter, item) => {
      if (item !== removed && matches(filter, labels)) assert.ok(found.has(item));
    });
    assert.ok(!found.has(removed));
  }));
  const index = new FilterIndex<string>(["composition"]);
  for (let n = 0; n < 100; n++) index.add({ composition: [`c${n}`] }, `c${n}`);
  index.add({ kind: ["Pod"] }, "unindexed");
  assert.deepEqual([...index.candidates({ composition: ["c7"] })], ["unindexed", "c7"]);
});
