import assert from "node:assert/strict";
import { findings } from "./doc_lint.ts";

const block = (rule: string, column: number, referenced = "interface Inner {") =>
  `error[${rule}]: something is wrong
  --> /repo/lib/kube/store.ts:22:${column}
   |
22 | export interface Store {
   | ^
   |
 9 | ${referenced}
   | - this is the referenced type
   |

`;

Deno.test("findings() reports an exported symbol without documentation, with its place", () => {
  assert.deepEqual(findings(block("missing-jsdoc", 1)), [
    { rule: "missing-jsdoc", message: "something is wrong", place: "/repo/lib/kube/store.ts:22:1" },
  ]);
});

Deno.test("findings() does not ask for a comment on every field", () => {
  assert.deepEqual(findings(block("missing-jsdoc", 3)), []);
});

Deno.test("findings() reports a type of ours that a user cannot reach, but not one of a package", () => {
  assert.equal(findings(block("private-type-ref", 3)).length, 1);
  assert.equal(findings(block("private-type-ref", 3, "export declare class Observable<T> {")).length, 0);
});
