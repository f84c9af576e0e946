import assert from "node:assert/strict";
import { fromJson, GoBytes, GoMap, int, sprintf, types, type Value } from "../mod.ts";

const PRINTED: readonly [string, readonly Value[], string][] = [
  ["%.2T", [true], "bo"],
  ["%-8.0T|", [int(0)], "        |"],
  ["%w", [["a", int(1)]], "%!w([]interface {}=[a 1])"],
  ["%#w", [[int(1)]], "%!w([]interface {}=[]interface {}{1})"],
  ["%w", [fromJson({ a: 1 })], "%!w(map[string]interface {}=map[a:1])"],
  ["%-5.", [], "%!.(MISSING)"],
  ["%06v", [null], "0<nil>"],
  ["%f %5.1v", [Infinity, -Infinity], "+Inf  -Inf"],
  ["% #z|% #.3z", [0, 0], "%!z(float64= 0.00000)|%!z(float64= 0.00)"],
  ["%#5v", [new GoBytes(new Uint8Array([1]))], "[]byte{  0x1}"],
  ["%#w", [new GoBytes(new Uint8Array([1]))], "[]uint8{%!w(uint8=0x1)}"],
  ["%w", [new GoBytes(new Uint8Array([1]))], "[%!w(uint8=1)]"],
  ["%[9][2]d", [int(1)], "%![(BADINDEX)2]d"],
  ["%[x][1]d", [int(1)], "%!d(BADINDEX)"],
  ["%d%[]", [int(1)], "1%!](BADINDEX)"],
  ["%p", [fromJson({})], "0xc00000000000"],
  ["%#p|%16p", [fromJson([]), fromJson([])], "c00000000000|  0xc00000000000"],
  ["%p", ["text"], "%!p(string=text)"],
  ["%p", [new GoMap(null, types.map, true)], "0x0"],
];
for (const [format, values, text] of PRINTED) {
  Deno.test(`sprintf() prints ${JSON.stringify(format)} as Go does: ${text}`, () => {
    assert.equal(sprintf(format, values), text);
  });
}
