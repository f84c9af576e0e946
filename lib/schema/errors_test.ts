import { equal, match, throws } from "node:assert/strict";
import { compileSchema, SchemaError, type SchemaErrorReason } from "./mod.ts";

const WRONG: readonly (readonly [name: string, schemaText: string, reason: SchemaErrorReason, pointer: string])[] = [
  ["no JSON", "{", "NotJson", "#"],
  ["a list", "[]", "NotASchema", "#"],
  ["an unknown draft", '{"$schema": "https://example.org/draft"}', "UnknownDraft", "#/$schema"],
  ["an unknown type", '{"properties": {"a": {"type": "text"}}}', "InvalidKeyword", "#/properties/a/type"],
  ["a type that is no text", '{"properties": {"a/b": {"type": 1}}}', "InvalidKeyword", "#/properties/a~1b/type"],
  ["a broken pattern", '{"properties": {"a": {"pattern": "("}}}', "InvalidPattern", "#/properties/a/pattern"],
  ["a broken pattern of keys", '{"patternProperties": {"[": {}}}', "InvalidPattern", "#/patternProperties"],
  [
    "a reference to nothing",
    '{"properties": {"a": {"$ref": "#/$defs/x"}}}',
    "UnresolvableReference",
    "#/properties/a/$ref",
  ],
  ["a schema that is a text", '{"properties": {"a": "string"}}', "InvalidKeyword", "#/properties/a"],
  ["properties that are a list", '{"properties": []}', "InvalidKeyword", "#/properties"],
  ["required as a switch", '{"properties": {"a": {"required": true}}}', "InvalidKeyword", "#/properties/a/required"],
  ["a negative length", '{"properties": {"a": {"minLength": -1}}}', "InvalidKeyword", "#/properties/a/minLength"],
  ["an empty anyOf", '{"anyOf": []}', "InvalidKeyword", "#/anyOf"],
  [
    "draft 04's exclusiveMinimum later",
    '{"properties": {"a": {"exclusiveMinimum": true}}}',
    "InvalidKeyword",
    "#/properties/a/exclusiveMinimum",
  ],
  ["a root that takes no map", '{"type": "array"}', "NotASchema", "#"],
];

for (const [name, schemaText, reason, pointer] of WRONG) {
  Deno.test(`compileSchema() refuses ${name} and says where`, () => {
    throws(() => compileSchema({ schemaText, values: {} }), (error) => {
      if (!(error instanceof SchemaError)) throw error;
      equal(error.reason, reason);
      equal(error.pointer, pointer);
      match(error.message, /^Cannot (read|use) values\.schema\.json/);
      return true;
    });
  });
}

Deno.test("compileSchema() names the subchart whose schema is broken", () => {
  const subcharts = [{ name: "db", values: {}, schemaText: '{"type": "text"}' }];
  throws(() => compileSchema({ values: {}, subcharts }), /of subchart "db": at #\/type/);
});

Deno.test("compileSchema() passes over keywords that a draft does not know", () => {
  const schemaText =
    '{"$schema": "http://json-schema.org/draft-04/schema#", "if": 7, "properties": {"a": {"const": 1}}}';
  equal(compileSchema({ schemaText, values: {} }).dropped.length, 0);
});

Deno.test("compileSchema() drops descriptions from a schema that is too large, and refuses one that still is", () => {
  const schemaOf = (count: number, description: string) =>
    JSON.stringify({
      properties: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`p${index}`, { type: "string", description }]),
      ),
    });
  const { spec } = compileSchema({ schemaText: schemaOf(100, "x".repeat(10_000)), values: {} });
  equal(spec.properties?.["p1"]?.type, "string");
  equal(spec.properties?.["p1"]?.description, undefined);
  throws(
    () => compileSchema({ schemaText: schemaOf(10_000, ""), values: {} }),
    (error) => error instanceof SchemaError && error.reason === "TooLarge",
  );
});
