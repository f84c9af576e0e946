import assert from "node:assert/strict";
import { TransformError } from "./errors.ts";
import type { Json } from "./json.ts";
import { compileTransform, jqProgramOf } from "./transform.ts";

const data = { replicas: "3", value1: "Foo1", value2: "Foo2", n: 3, list: ["a", "b"] };
const person = { ...data, age: 41, id: 1, location: { city: "San Fracisco" }, hobbies: ["chess", "netflix"] };

Deno.test("compileTransform() gives the results of patch-provider 0.1.3 for transforms", () => {
  const rows: [transforms: string[], result: string][] = [
    [["b64enc .value1", 'printf "prefix-%s"'], "prefix-Rm9vMQ=="],
    [["b64enc .value1", "b64dec"], "Foo1"],
    [["toJson ."], '{"list":["a","b"],"n":3,"replicas":"3","value1":"Foo1","value2":"Foo2"}'],
    [[".value1", 'printf "%s-%s" .value2'], "Foo2-Foo1"],
    [[".value1"], "Foo1"],
    [['index . "value1"'], "Foo1"],
    [[".n"], "3"],
    [["len ."], "5"],
    [["."], "map[list:[a b] n:3 replicas:3 value1:Foo1 value2:Foo2]"],
    [["upper .value1"], "FOO1"],
    [['printf "}}%s{{" .value1'], "}}Foo1{{"],
    [['.missing | default "d"'], "d"],
    [["add .n 4"], "7"],
  ];
  for (const [transforms, result] of rows) assert.equal(compileTransform({ transforms })(data), result, transforms[0]);
});

Deno.test("compileTransform() takes a scalar for transforms", () => {
  assert.equal(compileTransform({ transforms: ["b64enc ."] })("Foo"), "Rm9v");
});

Deno.test("compileTransform() refuses a stage that is more than an expression", () => {
  const stages = [
    "if true }}yes{{ end",
    "true }}yes{{ end",
    "if true",
    "end",
    "/* x */ .",
    "$x := .",
    "(upper .a",
    ".a) | (upper .b",
    'printf "x',
    "upper |",
    "",
    "nosuchfunction .",
    'define "x"',
  ];
  for (const stage of stages) {
    assert.throws(
      () => compileTransform({ transforms: [stage] }),
      { name: "TransformError", reason: "Invalid" },
      stage,
    );
  }
});

Deno.test("compileTransform() throws where a template fails, has no value, or grows too long", () => {
  const rows: [transforms: string[], reason: string][] = [
    [[".missing"], "NoValue"],
    [["b64enc .n"], "Failed"],
    [["b64enc"], "Failed"],
    [["index .list 7"], "Failed"],
    [["repeat 2000000000 .value1"], "Failed"],
    [["repeat 200000 .value1", 'printf "%s%s" (repeat 200000 .value1)'], "Limit"],
  ];
  for (const [transforms, reason] of rows) {
    const apply = () => compileTransform({ transforms })(data);
    assert.throws(apply, (error) => error instanceof TransformError && error.reason === reason, transforms[0]);
  }
});

Deno.test("compileTransform() ends where a value nests too deeply", () => {
  const deep = Array.from({ length: 20_000 }).reduce<Json>((inner) => [inner], 1);
  for (const source of [{ transforms: ["toJson ."] }, { transform: "${ .. }" }]) {
    assert.throws(() => compileTransform(source)(deep), { name: "TransformError", reason: "Limit" });
  }
});

Deno.test("compileTransform() shows bytes that are no text as U+FFFD", () => {
  assert.equal(compileTransform({ transforms: ["b64dec ."] })("/w=="), "\ufffd");
});

Deno.test("compileTransform() gives the results of patch-provider 1.0.0 for transform", () => {
  const rows: [transform: string, result: Json][] = [
    ["${ .replicas | tonumber }", 3],
    ["${ .value2 | @base64 }", "Rm9vMg=="],
    ['${ "prefix-" + (.value1|@base64) }', "prefix-Rm9vMQ=="],
    ['${ "prefix-\\(.value1|@base64)" }', "prefix-Rm9vMQ=="],
    ["${ .n }", 3],
    ["${ .list | length }", 2],
    ["${ .missing }", null],
    ["${ empty }", ""],
    ["${ .list[] }", "a"],
    ["${ {a:.value1} }", { a: "Foo1" }],
    ['${ .hobbies | join(",") }', "chess,netflix"],
    ['${ "/todos/" + (.id|tostring) + "/comments" }', "/todos/1/comments"],
    ["hello", "hello"],
    ["${.value1}", "${.value1}"],
    [" .age }}", " .age }}"],
    ["${  .value1 } tail", "Foo1"],
    ["${ env.HOME }", null],
    ["${ .age }", 41],
  ];
  for (const [transform, result] of rows) assert.deepEqual(compileTransform({ transform })(person), result, transform);
  assert.equal(typeof compileTransform({ transform: "${ now }" })(person), "number");
});

Deno.test("compileTransform() takes scalars and lists for jq", () => {
  assert.equal(compileTransform({ transform: "${ . }" })("Foo"), "Foo");
  assert.equal(compileTransform({ transform: "${ length }" })([1, 2]), 2);
});

Deno.test("compileTransform() passes a value as it is without a transform and refuses two", () => {
  assert.equal(compileTransform({})(data), data);
  assert.equal(compileTransform({ transforms: [], transform: "" })(data), data);
  assert.throws(() => compileTransform({ transforms: ["."], transform: "x" }), { reason: "Invalid" });
});

Deno.test("jqProgramOf() tells a program from a literal", () => {
  assert.equal(jqProgramOf("${ .age }"), ".age");
  assert.equal(jqProgramOf("${ .a\n| .b }"), ".a\n| .b");
  assert.equal(jqProgramOf("${.age}"), undefined);
  assert.equal(jqProgramOf(" .age }}"), undefined);
});
