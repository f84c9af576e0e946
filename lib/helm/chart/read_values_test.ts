import assert from "node:assert/strict";
import { readValues } from "./read_values.ts";

Deno.test("readValues() merges all documents and keeps dangerous keys ordinary", () => {
  const values = readValues("a: {x: 1}\n---\na: {z: 2}\n__proto__: {polluted: true}\nconstructor: 1\n");
  assert.deepEqual(Object.keys(values).sort(), ["__proto__", "a", "constructor"]);
  assert.deepEqual(values["a"], { x: 1, z: 2 });
  assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
});

/** What Helm reads from texts that it cuts by lines before it parses them. */
const TEXTS: readonly (readonly [string, string, unknown])[] = [
  ["a block scalar without a newline at the end of the file", "a: |\n  x", { a: "x\n" }],
  ["one that keeps what follows", "a: |+\n  x", { a: "x\n" }],
  ["one at the end of a document", "a: |\n  x\n---\nb: |\n  y", { a: "x\n", b: "y\n" }],
  ["lines that end as on Windows", "a: |\r\n  x\r\n  y\r\n---\r\nb: 1", { a: "x\ny\n", b: 1 }],
  ["a comment behind the dashes", "a: 1\n---   # more\nb: 2\n", { a: 1, b: 2 }],
  ["dashes at the beginning and twice", "---\n---\na: 1\n---\n---\nb: 2\n---", { a: 1, b: 2 }],
  ["dashes within a line", "a: x---\nb: |\n  ---\n", { a: "x---", b: "---\n" }],
  ["nothing", "", {}],
];

for (const [what, text, expected] of TEXTS) {
  Deno.test(`readValues() reads ${what}`, () => {
    assert.deepEqual({ ...readValues(text) }, expected);
  });
}

const FAULTS: readonly (readonly [string, string])[] = [
  ["a: 1\n--- b\n", "error reading yaml document: invalid Yaml document separator: b"],
  ["-----BEGIN\n", "error reading yaml document: invalid Yaml document separator: --BEGIN"],
  [
    "a: 1\n---\nb: [\n",
    "cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content",
  ],
  [
    "---\nb: [\n",
    "cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 2: did not find expected node content",
  ],
];

for (const [text, expected] of FAULTS) {
  Deno.test(`readValues() says of ${JSON.stringify(text)} what Helm does`, () => {
    const message = `failed to parse f.yaml: ${expected}`;
    assert.throws(() => readValues(text, "f.yaml"), { reason: "InvalidValues", message });
  });
}
