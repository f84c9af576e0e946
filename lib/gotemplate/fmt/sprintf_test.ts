import assert from "node:assert/strict";
import { fromJson, int, sprintf, type Value } from "../mod.ts";

const PRINTED: readonly [string, readonly Value[], string][] = [
  ["%.2T", [true], "bo"],
  ["%-8.0T|", [int(0)], "        |"],
  ["%w", [["a", int(1)]], "%!w([]interface {}=[a 1])"],
  ["%#w", [[int(1)]], "%!w([]interface {}=[]interface {}{1})"],
  ["%w", [fromJson({ a: 1 })], "%!w(map[string]interface {}=map[a:1])"],
  ["%-5.", [], "%!.(MISSING)"],
];
for (const [format, values, text] of PRINTED) {
  Deno.test(`sprintf() prints ${JSON.stringify(format)} as Go does: ${text}`, () => {
    assert.equal(sprintf(format, values), text);
  });
}
