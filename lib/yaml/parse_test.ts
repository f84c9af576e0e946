import assert from "node:assert/strict";
import { YamlError, type YamlErrorReason } from "./errors.ts";
import { parseYaml, parseYamlDocuments } from "./parse.ts";

/** What Go's sigs.k8s.io/yaml makes of each text. */
const PARSED: readonly [string, unknown][] = [
  ["", null],
  ["a: yes\nb: off\nc: y\nd: 'yes'\n", { a: true, b: false, c: true, d: "yes" }],
  ["[~, null, Null, '', nUll]", [null, null, null, "", "nUll"]],
  ["[0x1F, 0b11, 0o17, 017, 08, 1_000, +5, -0x1f]", [31, 3, 15, 15, 8, 1000, 5, -31]],
  ["[.3_5, .3__5, ._35, .3_5e1_0, -.3_5]", [0.35, ".3__5", "._35", 3.5e9, -0.35]],
  ["[1.5, .5, 1e3, .1e5, 1., -1.5e-3]", [1.5, 0.5, 1000, 10000, 1, -0.0015]],
  ["[1:30, 2001-01-01, 2001-01-01T00:00:00Z, 1.2.3, 0x, 1e400]", [
    "1:30",
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "1.2.3",
    "0x",
    "1e400",
  ]],
  ["1: a\n0x10: b\n1.5: c\ntrue: d\n1.123456789: e\n", { 1: "a", 16: "b", "1.5": "c", true: "d", "1.1234568": "e" }],
  ["a: 1\na: 2\n", { a: 2 }],
  ["base: &b {x: 1, z: 1}\nc:\n  z: 2\n  <<: *b\n", { base: { x: 1, z: 1 }, c: { z: 1, x: 1 } }],
  ["a: &x {v: 1}\nb: &w {v: 2, u: 2}\nc: {<<: [*x, *w], own: 1}\n", {
    a: { v: 1 },
    b: { v: 2, u: 2 },
    c: { v: 1, u: 2, own: 1 },
  }],
  ["!!merge <<: {a: 1}\nb: 2", { a: 1, b: 2 }],
  ["a: |\n  text", { a: "text" }],
  ["a: |\n  text\n", { a: "text\n" }],
  ["a: !!str 1\nb: !!float 1\nc: !!binary aGk=\nd: !local x\n", { a: "1", b: 1, c: "hi", d: "x" }],
  ["a: 1\n---\nb: [\n", { a: 1 }],
  ["\uFEFFa: 1\n", { a: 1 }],
  ["\uFEFF\uFEFFa: 1", { a: 1 }],
  ["a: \uFEFF b\n\uFEFFc: |\n  \uFEFF x\n", { a: "\uFEFF b", "\uFEFFc": "\uFEFF x\n" }],
  ["a: [\n  1\n]\n", { a: [1] }],
  ["a:\n  b: [\n  1\n]\n", { a: { b: [1] } }],
];
for (const [text, expected] of PARSED) {
  Deno.test(`parseYaml() reads ${JSON.stringify(text)} as Go does`, () => {
    assert.deepEqual(parseYaml(text), expected);
  });
}

const REFUSED: readonly [string, YamlErrorReason][] = [
  ["a: [", "Syntax"],
  ["a: b: c", "Syntax"],
  ["a: *missing", "Alias"],
  ["a: &a [*a]", "Alias"],
  ["null: 1", "Key"],
  ["? [1]\n: 2", "Key"],
  ["a: .inf", "Value"],
  ["a: !!int x", "Value"],
  ["a: 1\n<<: 2", "Value"],
  ["[".repeat(5000), "Depth"],
];
for (const [text, reason] of REFUSED) {
  Deno.test(`parseYaml() refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
    assert.throws(() => parseYaml(text), (error) => error instanceof YamlError && error.reason === reason);
  });
}

Deno.test("parseYaml() refuses aliases that multiply", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 10; i++) lines.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]`);
  assert.throws(() => parseYaml(lines.join("\n")), (error) => error instanceof YamlError && error.reason === "Alias");
});

Deno.test("parseYaml() gives each alias a copy of its own", () => {
  const value = parseYaml("a: &x {b: 1}\nc: *x\n") as { a: { b: number }; c: { b: number } };
  value.a.b = 2;
  assert.equal(value.c.b, 1);
});

Deno.test("parseYaml() keeps keys that are special in JavaScript ordinary", () => {
  const value = parseYaml("__proto__: {polluted: 1}\nconstructor: c\ntoString: t\n");
  assert.deepEqual(Object.keys(Object(value)).sort(), ["__proto__", "constructor", "toString"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal("polluted" in {}, false);
});

Deno.test("parseYamlDocuments() reads every document", () => {
  assert.deepEqual(parseYamlDocuments("a: 1\n---\n---\n- 2\n...\n"), [{ a: 1 }, null, [2]]);
});
