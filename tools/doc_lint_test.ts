import assert from "node:assert/strict";
import { findings } from "./doc_lint.ts";

const PACKAGE_TYPES = new Set(["Observable"]);

const block = (rule: string, column: number, message = "something is wrong") =>
  `error[${rule}]: ${message}
  --> /repo/lib/kube/store.ts:22:${column}
   |
22 | export interface Store {
   | ^

`;

Deno.test("findings() reports an exported symbol without documentation, with its place", () => {
  assert.deepEqual(findings(block("missing-jsdoc", 1), PACKAGE_TYPES), [
    { rule: "missing-jsdoc", message: "something is wrong", place: "/repo/lib/kube/store.ts:22:1" },
  ]);
});

Deno.test("findings() does not ask for a comment on every field", () => {
  assert.deepEqual(findings(block("missing-jsdoc", 3), PACKAGE_TYPES), []);
});

Deno.test("findings() reports a type of ours that a user cannot reach, but not one of a package", () => {
  const refersTo = (type: string) =>
    block("private-type-ref", 3, `public type 'Store["x"]' references private type '${type}'`);
  assert.equal(findings(refersTo("Inner"), PACKAGE_TYPES).length, 1);
  assert.equal(findings(refersTo("Observable"), PACKAGE_TYPES).length, 0);
});
