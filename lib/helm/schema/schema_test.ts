import assert from "node:assert/strict";
import { fc } from "../../deps/fast_check.ts";
import { checkSchema } from "./check_schema.ts";
import { violationOf } from "./evaluate.ts";
import { readSchemaText } from "./json.ts";
import { verdictOf } from "./judge.ts";
import { SchemaLibrary } from "./library.ts";
import { schemaComplaint, SchemaError } from "./mod.ts";
import { makeSchemaCase } from "./schema_testing.ts";

Deno.test("schemaComplaint() has something to say of exactly the values that the validator refuses", () => {
  let refused = 0;
  let judged = 0;
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat({ max: 0x7fffffff })), (numbers) => {
      const { schema, values } = makeSchemaCase((limit) => (numbers.next().value ?? 0) % limit);
      const library = new SchemaLibrary(readSchemaText(JSON.stringify(schema)));
      try {
        checkSchema(library);
      } catch (error) {
        assert.ok(error instanceof SchemaError, String(error));
        return;
      }
      const isTaken = verdictOf(library)(withoutPrototypes(values));
      if (isTaken === undefined) return;
      judged++;
      if (!isTaken) refused++;
      assert.equal(
        violationOf(library.main.root, values, library) === undefined,
        isTaken,
        JSON.stringify({ schema, values }),
      );
    }),
    { numRuns: 400, seed: 5 },
  );
  assert.ok(judged > 100 && refused > 30, `${refused} of ${judged} refused: too few to mean anything`);
});

function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutPrototypes(item)]);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

Deno.test("schemaComplaint() takes what the validator alone would refuse, and the other way round", async (t) => {
  const draft07 = { $schema: "http://json-schema.org/draft-07/schema#" };
  const cases: [name: string, schema: unknown, values: Record<string, unknown>, complaint: string][] = [
    ["decimals that are multiples of one another", { properties: { a: { multipleOf: 0.1 } } }, { a: 0.3 }, ""],
    [
      "`nullable`, which is no keyword",
      { properties: { a: { type: "string", nullable: true } } },
      { a: null },
      "- at '/a': got null, want string",
    ],
    ["`nullable` without a type", { properties: { a: { nullable: true } } }, { a: 1 }, ""],
    [
      "`$async`, which would make the answer a promise",
      { $async: true, required: ["b"] },
      {},
      "- at '': missing property 'b'",
    ],
    ["`id` where it means nothing", { ...draft07, id: "a", properties: { a: { id: 3 } } }, { a: 1 }, ""],
    ["an object that is allowed by `enum`", { properties: { a: { enum: [{ b: 1 }] } } }, { a: { b: 1 } }, ""],
    ["`const` before it was a keyword", { $schema: "http://json-schema.org/draft-04/schema#", const: 3 }, { a: 1 }, ""],
    ["`if` before it was a keyword", { $schema: "http://json-schema.org/draft-06/schema#", if: true, then: false }, {
      a: 1,
    }, ""],
    [
      "what stands beside a `$ref` of an old draft",
      { ...draft07, definitions: { n: {} }, $ref: "#/definitions/n", type: "string", maxProperties: 0 },
      { a: 1 },
      "",
    ],
    ["patterns that JavaScript does not know", { properties: { a: { pattern: "(?i)^\\pL+\\z" } } }, { a: "ÉX" }, ""],
    ["formats nobody knows", { ...draft07, properties: { a: { format: "int32" } } }, { a: "x" }, ""],
    ["formats that the draft only notes", { properties: { a: { format: "ipv4" } } }, { a: "x" }, ""],
    ["`urn:`s, which Helm does not look into", { properties: { a: { $ref: "urn:x:y" } } }, { a: 1 }, ""],
    [
      "whole numbers too large for a float64",
      { properties: { a: { maximum: 1 } } },
      { a: 9007199254740993n },
      "- at '/a': maximum: got 9.007199254740992×10¹⁵, want 1",
    ],
    [
      "a key `__proto__`",
      { properties: JSON.parse('{"__proto__": {"type": "string"}}') },
      JSON.parse('{"__proto__": 1}'),
      "- at '/__proto__': got number, want string",
    ],
    [
      "keys that every object has",
      { required: ["constructor", "toString", "__proto__", "hasOwnProperty"] },
      {},
      "- at '': missing properties 'constructor', 'toString', '__proto__', 'hasOwnProperty'",
    ],
  ];
  for (const [name, schema, values, complaint] of cases) {
    await t.step(name, () => assert.equal(schemaComplaint(JSON.stringify(schema), values), complaint));
  }
});

Deno.test("schemaComplaint() ends with schemas that lead to themselves, nest deeply or count far", async (t) => {
  const deep = (levels: number) => `${'{"properties":{"a":'.repeat(levels)}{}${"}}".repeat(levels)}`;
  const cases: [name: string, schema: string, values: Record<string, unknown>, message: RegExp][] = [
    [
      "itself",
      '{"$ref": "#"}',
      {},
      /both \/\$ref and {2}resolve to "file:\/\/\/values.schema.json#" causing reference cycle/,
    ],
    [
      "in a circle",
      '{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"allOf":[{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}',
      {},
      /causing reference cycle/,
    ],
    ["100,000 levels", deep(100_000), {}, /max depth|nested too deeply/],
    ["a limit of a billion digits", '{"properties":{"a":{"minimum":1e999999999}}}', { a: 1 }, /minimum: got 1, want/],
    ["a divisor of a billion digits", '{"properties":{"a":{"multipleOf":1e-999999999}}}', { a: 1 }, /^(?:- at .*)?$/],
    ["a file of the machine", '{"$ref":"file:///etc/passwd"}', {}, /open \/etc\/passwd: no such file or directory/],
    [
      "an address",
      '{"$ref":"http://169.254.169.254/x"}',
      {},
      /failing loading "http:\/\/169\.254\.169\.254\/x": schemas are not fetched/,
    ],
    ["a pattern that other engines backtrack on", '{"properties":{"a":{"pattern":"^(a+)+$"}}}', {
      a: `${"a".repeat(50_000)}!`,
    }, /does not match pattern/],
  ];
  for (const [name, schema, values, message] of cases) {
    await t.step(name, () => {
      let text: string;
      try {
        text = schemaComplaint(schema, values);
      } catch (error) {
        assert.ok(error instanceof SchemaError, String(error));
        text = error.message;
      }
      assert.match(text, message);
    });
  }
});
