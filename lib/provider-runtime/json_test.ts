import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { equalJson, mergePatch } from "./json.ts";

const equal: [a: unknown, b: unknown, same: boolean][] = [
  [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
  [{ a: undefined }, {}, true],
  [{ a: null }, {}, false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  ["1", 1, false],
];
for (const [a, b, same] of equal) {
  Deno.test(`equalJson() of ${JSON.stringify(a)} and ${JSON.stringify(b)} is ${same}`, () => {
    assert.equal(equalJson(a, b), same);
    assert.equal(equalJson(b, a), same);
  });
}

Deno.test("mergePatch() turns one object into another, by the rules of RFC 7386", () => {
  // A merge patch cannot say null, so neither side has one.
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer()));
  const value = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
    tree: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof({ depthSize: "small" }, leaf, tie("tree"))),
  })).tree;
  fc.assert(fc.property(value, value, (before, after) => {
    assert.ok(equalJson(applyPatch(before, mergePatch(before, after)), after));
  }));
});

function applyPatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result = new Map(
    typeof target === "object" && target !== null && !Array.isArray(target) ? Object.entries(target) : [],
  );
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, applyPatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}
