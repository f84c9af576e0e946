import assert from "node:assert/strict";
import { parseYaml, YamlError } from "./mod.ts";

/** What sigs.k8s.io/yaml says of each text. */
const MESSAGES: readonly [string, string][] = [
  ["a: b: c\n", "yaml: mapping values are not allowed in this context"],
  ["k: v\na: b: c\n", "yaml: line 2: mapping values are not allowed in this context"],
  ["a: [\n", "yaml: line 1: did not find expected node content"],
  ["a: [1\n", "yaml: line 1: did not find expected ',' or ']'"],
  ["a: {b\n", "yaml: line 1: did not find expected ',' or '}'"],
  ["k: v\na: [b, c\nd: e\n", "yaml: line 2: did not find expected ',' or ']'"],
  ["a: 'b\n", "yaml: line 2: found unexpected end of stream"],
  ["k: v\n\ta: b\n", "yaml: line 2: found a tab character that violates indentation"],
  ["\ta: b\n", "yaml: found character that cannot start any token"],
  ["k: v\na: @b\n", "yaml: line 2: found character that cannot start any token"],
  ["k: v\n- b\n", "yaml: line 1: did not find expected key"],
  ["- b\nk: v\n", "yaml: line 1: did not find expected '-' indicator"],
  ["k: v\ntext\n", "yaml: line 3: could not find expected ':'"],
  ["k: v\na: 'b' c\n", "yaml: line 1: did not find expected key"],
  ['k: v\na: "\\q"\n', "yaml: line 2: found unknown escape character"],
  ["k: v\na: ]\n", "yaml: line 1: did not find expected node content"],
  ["k: v\na: |9x\n  b\n", "yaml: line 2: did not find expected comment or line break"],
  ["k: v\na: !e!b c\n", "yaml: line 1: found undefined tag handle"],
  ["k: v\n? [a]\n: b\n", 'yaml: invalid map key: []interface {}{"a"}'],
  [
    "null: {a: [1, ~]}\n",
    'unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"a":[]interface {}{1, interface {}(nil)}}',
  ],
  ["? ? ? a", 'yaml: invalid map key: map[interface {}]interface {}{"a":interface {}(nil)}'],
  ["k: v\n[? a : b]", "yaml: line 1: did not find expected key"],
  ["k: v\n[a : b]", "yaml: line 3: could not find expected ':'"],
  [
    'null: "\u00a0\\0\\x7f\\n"',
    'unsupported map key of type: %!s(<nil>), key: <nil>, value: "\\u00a0\\x00\\x7f\\n"',
  ],
  ["null: {[b]: 1, a: !!null x}", 'yaml: invalid map key: []interface {}{"b"}'],
  [
    "null: {1.0: y, 1: n}",
    "unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{1:false, 1:true}",
  ],
  ["null: .inf\nb: *x\n", "yaml: unknown anchor 'x' referenced"],
  ["a: .inf\nnull: x\n", 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "x"'],
];
for (const [text, message] of MESSAGES) {
  Deno.test(`parseYaml() refuses ${JSON.stringify(text)} in Go's words`, () => {
    assert.throws(() => parseYaml(text), (error) => {
      assert.ok(error instanceof YamlError);
      assert.equal(error.message, message);
      return true;
    });
  });
}
