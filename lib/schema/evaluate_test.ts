import { equal } from "node:assert/strict";
import { Ajv, Ajv2020 } from "../deps/ajv.ts";
import { fc } from "../deps/fast_check.ts";
import { checkDocument } from "./check.ts";
import { conjunctionOf } from "./conjunction.ts";
import { documentOf } from "./document.ts";
import { accepts } from "./evaluate.ts";

const verdict = (schema: unknown, value: unknown): boolean => {
  const document = documentOf(schema);
  checkDocument(document);
  return accepts(conjunctionOf([{ document, schema, pointer: "#", trail: ["#"] }]), value);
};

const name = fc.constantFrom("a", "b", "c");
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 1.5, "", "a", "ab", "é"),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("any"), { maxLength: 3 }),
  map: fc.dictionary(name, tie("any"), { maxKeys: 3, noNullPrototype: true }),
})).any;

const schema = fc.letrec((tie) => {
  const count = fc.integer({ min: 0, max: 3 });
  const schemas = fc.array(tie("any"), { minLength: 1, maxLength: 2 });
  // Without `contains`: beside other keywords ajv lets empty arrays pass it.
  const keywords = {
    type: fc.oneof(
      fc.constantFrom("string", "integer", "number", "object", "array", "boolean", "null"),
      fc.constant(["string", "null"]),
    ),
    minimum: count,
    exclusiveMaximum: count,
    multipleOf: fc.constantFrom(1, 2),
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom("^a", "b$"),
    enum: fc.array(value, { minLength: 1, maxLength: 3 }),
    const: value,
    properties: fc.dictionary(name, tie("any"), { maxKeys: 2, noNullPrototype: true }),
    required: fc.uniqueArray(name, { maxLength: 2 }),
    additionalProperties: tie("any"),
    patternProperties: fc.record({ "^[ab]$": tie("any") }),
    propertyNames: tie("any"),
    minProperties: count,
    maxProperties: count,
    dependentRequired: fc.record({ a: fc.constant(["b"]) }),
    dependentSchemas: fc.record({ b: tie("any") }),
    items: tie("any"),
    prefixItems: schemas,
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    allOf: schemas,
    anyOf: schemas,
    oneOf: schemas,
    not: tie("any"),
    if: tie("any"),
    then: tie("any"),
    else: tie("any"),
  };
  // Three keywords at most: more of them, and nothing is ever accepted.
  const few = fc.subarray(Object.entries(keywords), { minLength: 1, maxLength: 3 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)));
  return { any: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.boolean(), few) };
}).any;

Deno.test("accepts() agrees with ajv on any schema and value", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
  fc.assert(
    fc.property(schema, value, (anySchema, anyValue) => {
      const expected = ajv.validate(
        typeof anySchema === "object" && anySchema !== null ? anySchema : anySchema === true,
        anyValue,
      );
      equal(verdict(anySchema, anyValue), expected);
    }),
    { numRuns: 300, seed: 7 },
  );
});

Deno.test("accepts() counts items that contains asks for", () => {
  const text = { type: "string" };
  equal(verdict({ contains: text }, []), false);
  equal(verdict({ prefixItems: [false], contains: false }, []), false);
  equal(verdict({ contains: text, minContains: 0 }, []), true);
  equal(verdict({ contains: text, minContains: 2 }, ["a", 1]), false);
  equal(verdict({ contains: text, maxContains: 1 }, ["a", "b"]), false);
});

Deno.test("accepts() counts keywords beside $ref since 2019-09 only", () => {
  const definitions = { s: { type: "string" } };
  const old = {
    $schema: "http://json-schema.org/draft-07/schema#",
    definitions,
    properties: { x: { $ref: "#/definitions/s", minLength: 2 } },
  };
  const { $schema: _, ...recent } = old;
  equal(verdict(old, { x: "a" }), true);
  equal(new Ajv({ strict: false }).validate(old, { x: 1 }), verdict(old, { x: 1 }));
  equal(verdict(recent, { x: "a" }), false);
});

Deno.test("accepts() follows recursive schemas as deep as the value goes", () => {
  const node = { properties: { v: { type: "string" }, next: { $ref: "#" } } };
  const chain = (last: unknown): unknown => [1, 2, 3, 4].reduce<unknown>((next) => ({ v: "a", next }), { v: last });
  equal(verdict(node, chain("a")), true);
  equal(verdict(node, chain(1)), false);
});
