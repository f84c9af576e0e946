import assert from "node:assert/strict";
import { fromJson, TemplateError, TemplateSet } from "../mod.ts";
import type { FunctionOptions } from "./mod.ts";
import { helmFunctions, sprigFunctions } from "./mod.ts";

function render(text: string, options: FunctionOptions = {}): string {
  const set = new TemplateSet({ functions: { ...sprigFunctions(options), ...helmFunctions(options) } });
  set.parse("t", text);
  return set.execute("t", fromJson({}));
}

const SMALL: FunctionOptions = { maxCharacters: 1_000, maxItems: 100 };

Deno.test("functions refuse to make texts and lists beyond the limits", () => {
  const table: [string, string][] = [
    ['repeat 1001 "x"', "repeat would make 1001 characters, more than the limit of 1000"],
    ["until 101", "until would make 101 items, more than the limit of 100"],
    ["untilStep 0 -1000 -2", "untilStep would make 500 items, more than the limit of 100"],
    ["seq 1000000000", "seq would make 1000000000 items, more than the limit of 100"],
    ['indent 2000 "x"', "indent would make 2000 characters, more than the limit of 1000"],
    ["randAlphaNum 5000", "randAlphaNum would make 5000 characters, more than the limit of 1000"],
    ['replace "x" (repeat 100 "y") (repeat 100 "x")', "replace would make 10100 characters"],
    ['join (repeat 500 "-") (list 1 2 3)', "join would make 1503 characters"],
    ["concat (until 60) (until 60)", "concat would make 120 items"],
  ];
  for (const [expression, message] of table) {
    assert.throws(() => render(`{{ ${expression} }}`, SMALL), (error) => {
      return error instanceof TemplateError && error.message.includes(message);
    }, expression);
  }
});

Deno.test("functions stop hostile sizes by default", () => {
  for (const expression of ['repeat 1000000000 "x"', "until 1000000000", "seq 1 1000000000", "randBytes 1000000000"]) {
    assert.throws(() => render(`{{ ${expression} }}`), /more than the limit/, expression);
  }
});

Deno.test("regular expressions that make others backtrack end", () => {
  assert.equal(render('{{ regexMatch "^(a+)+$" (printf "%sb" (repeat 5000 "a")) }}'), "false");
  assert.equal(render('{{ regexReplaceAll "(x+x+)+y" (repeat 3000 "x") "" | len }}'), "3000");
});

Deno.test("a value that contains itself ends with an error", () => {
  for (const use of ["toJson $d | len", "deepCopy $d", "merge (dict) (dict)", "toToml $d | len", "toYaml $d | len"]) {
    const text = `{{ $d := dict }}{{ $_ := set $d "self" $d }}{{ ${use} }}`;
    try {
      render(text);
    } catch (error) {
      assert.ok(error instanceof TemplateError, `${use}: ${error}`);
    }
  }
  assert.throws(
    () => render('{{ $a := dict }}{{ $_ := set $a "a" $a }}{{ $b := dict }}{{ $_ := set $b "a" $b }}{{ merge $a $b }}'),
    /contains itself/,
  );
});

Deno.test("keys that pollute prototypes elsewhere are ordinary keys", () => {
  const table: [string, string][] = [
    ['fromJson "{\\"__proto__\\":{\\"x\\":1}}" | toJson', '{"__proto__":{"x":1}}'],
    ['fromYaml "__proto__: {x: 1}" | toJson', '{"__proto__":{"x":1}}'],
    ['fromToml "[__proto__]\\nx = 1" | toJson', '{"__proto__":{"x":1}}'],
    [
      'merge (dict) (fromJson "{\\"constructor\\":{\\"prototype\\":{\\"x\\":1}}}") | toYaml',
      "constructor:\n  prototype:\n    x: 1",
    ],
    ['hasKey (dict) "constructor"', "false"],
    ['get (dict) "toString" | quote', '""'],
    ['toToml (set (dict) "__proto__" 1)', "__proto__ = 1\n"],
  ];
  for (const [expression, output] of table) assert.equal(render(`{{ ${expression} }}`), output, expression);
  assert.equal(({} as Record<string, unknown>)["x"], undefined);
});
