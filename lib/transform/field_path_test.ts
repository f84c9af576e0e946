import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { deleteValue, expandWildcards, getValue, setValue } from "./access.ts";
import { FieldPathError } from "./errors.ts";
import { field, fieldOrIndex, type FieldPath, formatFieldPath, index, wildcard } from "./field_path.ts";
import type { Json } from "./json.ts";
import { compilePath } from "./locator.ts";
import { type MergeOptions, mergeValue } from "./merge.ts";
import { parseFieldPath } from "./parse_field_path.ts";

Deno.test("parseFieldPath() reads the original's paths", () => {
  const rows: [text: string, path: FieldPath][] = [
    ["spec", [field("spec")]],
    ["[42]", [index(42)]],
    ["metadata.name", [field("metadata"), field("name")]],
    ["fields[1].state.current", [field("fields"), index(1), field("state"), field("current")]],
    ["data[.config.yml]", [field("data"), field(".config.yml")]],
    ["metadata.labels['app.hash']", [field("metadata"), field("labels"), field("app.hash")]],
    ['metadata.labels["app.hash"]', [field("metadata"), field("labels"), field("app.hash")]],
    ["spec[containers][0].name", [field("spec"), field("containers"), index(0), field("name")]],
    ["spec.items[0][8]", [field("spec"), field("items"), index(0), index(8)]],
    ["items[*].a.*", [field("items"), wildcard, field("a"), wildcard]],
    ["a['3']['*']", [field("a"), field("3"), field("*")]],
    ["a['b[0]']", [field("a"), field("b[0]")]],
  ];
  for (const [text, path] of rows) assert.deepEqual(parseFieldPath(text), path, text);
});

Deno.test("parseFieldPath() says what is unexpected, and where", () => {
  const rows: [text: string, what: string, position: number][] = [
    [".metadata.name", "unexpected '.'", 0],
    ["metadata.name.", "unexpected '.'", 13],
    ["spec.containers.[0].name", "unexpected '['", 16],
    ["metadata..name", "unexpected '.'", 9],
    ["metadata.]name", "unexpected ']'", 9],
    ["spec[bracketed[name]]", "unexpected '['", 14],
    ["spec[name", "unterminated '['", 4],
    ["spec[]", "unexpected ']'", 5],
  ];
  for (const [text, what, position] of rows) {
    const message = `cannot parse path "${text}": ${what} at position ${position}`;
    assert.throws(() => parseFieldPath(text), { name: "FieldPathError", reason: "Syntax", position, message });
  }
  assert.throws(() => parseFieldPath(""), { reason: "Empty" });
});

Deno.test("fieldOrIndex() takes 32 unsigned bits for an index", () => {
  for (const text of ["-3", "3.0", "4294967296", "a"]) assert.deepEqual(fieldOrIndex(text), field(text));
  assert.deepEqual(fieldOrIndex("3"), index(3));
});

Deno.test("getValue() says what is missing or of another kind", () => {
  const object: Json = { a: { n: null }, list: [1], s: "x" };
  assert.equal(getValue(object, parseFieldPath("a.n")), null);
  assert.equal(getValue(object, parseFieldPath("list[0]")), 1);
  const rows: [text: string, reason: string, message: string][] = [
    ["a.b", "NotFound", "a.b: no such field"],
    ["a.n.x", "NotFound", "a.n.x: no such field"],
    ["list[1]", "NotFound", "list[1]: no such element"],
    ["a.constructor", "NotFound", "a.constructor: no such field"],
    ["a[0]", "NotAnArray", "a: not an array"],
    ["s.x", "NotAnObject", "s: not an object"],
    ["list.x", "NotAnObject", "list: not an object"],
  ];
  for (const [text, reason, message] of rows) {
    assert.throws(() => getValue(object, parseFieldPath(text)), { reason, message }, text);
  }
});

Deno.test("setValue() makes containers and lets arrays grow", () => {
  const set = (object: Json, text: string, value: Json) => setValue(object, parseFieldPath(text), value);
  assert.deepEqual(set({}, "spec.containers[0].name", "cool"), { spec: { containers: [{ name: "cool" }] } });
  assert.deepEqual(set({ data: ["a"] }, "data[2]", "c"), { data: ["a", null, "c"] });
  assert.deepEqual(set({ a: null }, "a.b", 1), { a: { b: 1 } });
  assert.deepEqual(Object.keys(Object(set({}, "__proto__", 1))), ["__proto__"]);
  assert.throws(() => set({ data: {} }, "data[0]", 1), { reason: "NotAnArray" });
  assert.throws(() => set({ data: "x" }, "data.a", 1), { reason: "NotAnObject" });
  assert.throws(() => set({}, "data[4000000000]", 1), { reason: "IndexTooLarge" });
  assert.throws(() => set({}, "data[*]", 1), { reason: "Wildcard" });
});

Deno.test("deleteValue() moves later elements up and leaves what is not there", () => {
  const remove = (object: Json, text: string) => deleteValue(object, parseFieldPath(text));
  assert.deepEqual(remove({ data: ["a", "b", "c"] }, "data[1]"), { data: ["a", "c"] });
  assert.deepEqual(remove({ data: ["a"] }, "data[0]"), { data: [] });
  assert.deepEqual(remove({ a: { b: 1, c: 2 } }, "a.b"), { a: { c: 2 } });
  const object = { a: {} };
  assert.equal(remove(object, "a.b.c"), object);
  assert.throws(() => remove({ data: {} }, "data[0]"), { message: "cannot delete data[0]: not an array" });
});

Deno.test("expandWildcards() follows what exists", () => {
  const expand = (object: Json, text: string) => expandWildcards(object, parseFieldPath(text)).map(formatFieldPath);
  assert.deepEqual(expand({ items: [["a", "b", "c"], ["d"]] }, "items[*][*]"), [
    "items[0][0]",
    "items[0][1]",
    "items[0][2]",
    "items[1][0]",
  ]);
  assert.deepEqual(expand({ items: { key1: 1, "key2.as.annotation": 2 } }, "items[*]"), [
    "items.key1",
    "items[key2.as.annotation]",
  ]);
  assert.deepEqual(expand({}, "items[*]"), []);
  assert.deepEqual(expand({}, "a.b"), ["a.b"]);
  assert.throws(() => expand({ items: "x" }, "items[*]"), { reason: "NotAnObject" });
});

Deno.test("compilePath() reads and writes JSONPath", () => {
  const object: Json = { a: { b: [1, 2, 3], "x.y": 4 }, c: { b: [5] } };
  assert.equal(compilePath("$.a['x.y']").read(object), 4);
  assert.deepEqual(compilePath("$.a.b[*]").read(object), [1, 2, 3]);
  assert.deepEqual(compilePath("$..b[0]").read(object), [1, 5]);
  assert.deepEqual(compilePath("$..b[0]").places(object).map(formatFieldPath), ["a.b[0]", "c.b[0]"]);
  assert.deepEqual(compilePath("$.new.place").places(object).map(formatFieldPath), ["new.place"]);
  assert.equal(compilePath("$").read(object), object);
  assert.throws(() => compilePath("$..none").read(object), { reason: "NotFound" });
  assert.throws(() => compilePath("$..none").places(object), { reason: "NotWritable" });
  assert.throws(() => compilePath("$.a[?(@.b)]"), { name: "FieldPathError", reason: "Syntax" });
});

Deno.test("mergeValue() gives the original's results", () => {
  const keep = { keepMapValues: true };
  const append = { appendSlice: true };
  const rows: [existing: Json, next: Json, options: MergeOptions | undefined, result: Json][] = [
    [{ a: 1, b: 2 }, { b: 9, c: 3 }, undefined, { b: 9, c: 3 }],
    [{ a: 1, b: 2 }, { b: 9, c: 3 }, {}, { a: 1, b: 9, c: 3 }],
    [{ a: 1, b: 2 }, { b: 9, c: 3 }, keep, { a: 1, b: 2, c: 3 }],
    [{ a: 1, b: 2 }, { b: 9, c: 3 }, append, { a: 1, b: 9, c: 3 }],
    [{ a: 1, b: 2 }, { b: 9, c: 3 }, { ...keep, ...append }, { a: 1, b: 2, c: 3 }],
    [["x", "y"], ["y", "z"], {}, ["y", "z"]],
    [["x", "y"], ["y", "z"], keep, ["x", "y"]],
    [["x", "y"], ["y", "z"], append, ["x", "y", "z"]],
    [["x", "y"], ["y", "z"], { ...keep, ...append }, ["x", "y", "z"]],
    ["old", "new", {}, "new"],
    ["old", "new", keep, "old"],
    ["old", "new", append, "new"],
    [{ a: { x: 1 } }, { a: { y: 2 } }, {}, { a: { x: 1, y: 2 } }],
    [null, "new", keep, "new"],
    ["old", null, keep, null],
  ];
  for (const [existing, next, options, result] of rows) assert.deepEqual(mergeValue(existing, next, options), result);
});

const names = fc.oneof(fc.constantFrom("a", "b", "x.y", "0", "*", "__proto__", "a[0]"), fc.string({ minLength: 1 }));
const segments = fc.oneof(names.map(field), fc.nat(5).map(index));
const paths = fc.array(segments, { minLength: 1, maxLength: 4 });
const values = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));

Deno.test("setValue() is read back by getValue(), twice is once, and nothing else changes", () => {
  fc.assert(fc.property(values, paths, values, (object, path, value) => {
    const before = JSON.stringify(object);
    let once: Json;
    try {
      once = setValue(object, path, value);
    } catch (error) {
      assert(error instanceof FieldPathError);
      return;
    }
    assert.deepEqual(getValue(once, path), value);
    assert.deepEqual(setValue(once, path, value), once);
    assert.equal(JSON.stringify(object), before);
    // Where there was a value, putting it back gives the object as it was.
    let old: Json;
    try {
      old = getValue(object, path);
    } catch {
      return;
    }
    assert.deepEqual(setValue(once, path, old), object);
  }));
});

Deno.test("mergeValue() twice gives what once gives", () => {
  const options = fc.record({ keepMapValues: fc.boolean(), appendSlice: fc.boolean() });
  fc.assert(fc.property(values, values, options, (existing, next, how) => {
    const once = mergeValue(existing, next, how);
    assert.deepEqual(mergeValue(once, next, how), once);
  }));
});

Deno.test("formatFieldPath() can be parsed again", () => {
  const plain = names.filter((name) => !/['"]/.test(name));
  const readable = fc.array(fc.oneof(plain.map(field), fc.nat(5).map(index), fc.constant(wildcard)), { minLength: 1 });
  fc.assert(fc.property(readable, (path) => assert.deepEqual(parseFieldPath(formatFieldPath(path)), path)));
});
