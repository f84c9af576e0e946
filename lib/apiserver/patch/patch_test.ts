import assert from "node:assert/strict";
import { fc } from "../../deps/fast_check.ts";
import { equalJson } from "../json_value.ts";
import { ApiError } from "../status.ts";
import { jsonPatch, mergePatch } from "./mod.ts";

Deno.test("mergePatch() does what RFC 7386 shows", () => {
  const table: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{ a: "foo" }, "bar", "bar"],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [document, patch, wanted] of table) assert.deepEqual(mergePatch(document, patch), wanted);
});

Deno.test("jsonPatch() applies each operation", () => {
  const document = { a: { b: [1, 2, 3] }, "x/y": 1 };
  const table: readonly (readonly [unknown[], unknown])[] = [
    [[{ op: "add", path: "/a/b/1", value: 9 }], { a: { b: [1, 9, 2, 3] }, "x/y": 1 }],
    [[{ op: "add", path: "/a/b/-", value: 9 }], { a: { b: [1, 2, 3, 9] }, "x/y": 1 }],
    [[{ op: "remove", path: "/a/b/0" }], { a: { b: [2, 3] }, "x/y": 1 }],
    [[{ op: "replace", path: "/a/b/2", value: 9 }], { a: { b: [1, 2, 9] }, "x/y": 1 }],
    [[{ op: "move", from: "/x~1y", path: "/z" }], { a: { b: [1, 2, 3] }, z: 1 }],
    [[{ op: "copy", from: "/a/b/0", path: "/c" }], { a: { b: [1, 2, 3] }, "x/y": 1, c: 1 }],
    [[{ op: "test", path: "/a", value: { b: [1, 2, 3] } }], document],
    [[{ op: "replace", path: "", value: 1 }], 1],
  ];
  for (const [patch, wanted] of table) assert.deepEqual(jsonPatch(document, patch), wanted, JSON.stringify(patch));
});

Deno.test("jsonPatch() refuses what does not apply", () => {
  const document = { a: [1] };
  const table: readonly (readonly [unknown, string])[] = [
    [{}, "BadRequest"],
    [[{ op: "add" }], "BadRequest"],
    [[{ op: "bogus", path: "/a" }], "Invalid"],
    [[{ op: "remove", path: "/b" }], "Invalid"],
    [[{ op: "add", path: "/a/5", value: 1 }], "Invalid"],
    [[{ op: "add", path: "/a/01", value: 1 }], "Invalid"],
    [[{ op: "add", path: "/b/c", value: 1 }], "Invalid"],
    [[{ op: "test", path: "/a", value: [2] }], "Invalid"],
    [[{ op: "move", from: "/a", path: "/a/b" }], "Invalid"],
  ];
  for (const [patch, reason] of table) {
    assert.throws(
      () => jsonPatch(document, patch),
      (error) => error instanceof ApiError && error.reason === reason,
      JSON.stringify(patch),
    );
  }
  assert.deepEqual(document, { a: [1] });
});

Deno.test("mergePatch() with a document without nulls makes that document out of an empty one", () => {
  const value = fc.jsonValue().filter((json) => !JSON.stringify(json).includes("null"));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (document) => equalJson(mergePatch({}, document), document)),
  );
});
