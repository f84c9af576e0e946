import assert from "node:assert/strict";
import { TransformError } from "../errors.ts";
import recorded from "../testdata/jq_results.json" with { type: "json" };
import { compileJq } from "./mod.ts";

Deno.test("compileJq() gives the first output that jq 1.6 gave for the recorded programs", () => {
  for (const { program, result } of recorded.cases) {
    assert.deepEqual(compileJq(program)(recorded.input), result, program);
  }
});

Deno.test("compileJq() says where a program is wrong", () => {
  const rows: [program: string, message: RegExp][] = [
    ["bad(", /unexpected end of the program, expected an expression, at position 4$/],
    [".a |", /unexpected end of the program, expected an expression, at position 4$/],
    [".a b", /unexpected "b", expected the end, at position 3$/],
    ["", /unexpected end of the program/],
    ["foo", /function foo\/0 is not defined, at position 0$/],
    ["map(. ; 1)", /function map\/2 is not defined, at position 0$/],
    ["$x", /\$x is not defined, at position 0$/],
    ['"a', /a string is not closed, at position 0$/],
    ['"\\(1"', /not closed/],
    ["1 )) | (( 2", /unexpected "\)"/],
    ["break $out", /not defined/],
    ['include "a"; 1', /unexpected "include"/],
    ["(".repeat(3000), /nests too deeply/],
  ];
  for (const [program, message] of rows) {
    assert.throws(() => compileJq(program), (error) => {
      assert(error instanceof TransformError && error.reason === "Invalid", program);
      assert.match(error.message, message);
      return true;
    }, program);
  }
});

Deno.test("compileJq() fails with the program's own error", () => {
  const rows: [program: string, input: string | number, message: RegExp][] = [
    ['error("no luck")', 1, /no luck$/],
    [".a", 1, /Cannot index number with "a"$/],
    ["tonumber", "x", /cannot be parsed as a number$/],
    [". + 1", "x", /cannot be added$/],
    ["1 / 0", 1, /divisor is zero$/],
    ["path(1)", 1, /Invalid path expression/],
  ];
  for (const [program, input, message] of rows) {
    assert.throws(() => compileJq(program)(input), { name: "TransformError", reason: "Failed", message }, program);
  }
});

Deno.test("compileJq() stops programs that do not end or make too much", () => {
  const programs = [
    "def f: f; f",
    "def f: [f]; f",
    "[repeat(1)]",
    "last(range(infinite))",
    "[range(infinite)]",
    '"a" * 1000000000000',
    'reduce range(10000000) as $x (""; . + "aaaa")',
    "until(false; .)",
    "try last(range(infinite)) catch 1",
    "reduce range(100000) as $x (0; [.])",
    '"a" * 2000000',
  ];
  for (const program of programs) {
    assert.throws(() => compileJq(program)(1), { name: "TransformError", reason: "Limit" }, program);
  }
});

Deno.test("compileJq() shows a program neither the environment nor the prototype of objects", () => {
  assert.deepEqual(compileJq("[env, $ENV, .constructor, .__proto__, .toString]")({}), [{}, {}, null, null, null]);
  const result = compileJq('.["__proto__"] = 1 | keys')({});
  assert.deepEqual(result, ["__proto__"]);
});
