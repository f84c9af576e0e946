import assert from "node:assert/strict";
import type { StructuralSchema } from "../../schema/mod.ts";
import { validate } from "./validate.ts";

Deno.test("validate() judges what stands below combinators also where the value is unchanged", () => {
  // No property may be null: `not: {}` refuses every value but null, and `not` around it turns that around.
  const schema: StructuralSchema = {
    type: "object",
    properties: { a: { type: "string", nullable: true }, b: { type: "string" } },
    not: { required: ["a"], properties: { a: { not: {} } } },
  };
  const old = { a: "x", b: "1" };
  assert.deepEqual(validate(schema, { a: "x", b: "2" }, old), []);
  assert.equal(validate(schema, { a: null, b: "2" }, old).length, 1);
});
