import type { ErrorCase } from "./case.ts";

const DRAFT_04 = "http://json-schema.org/draft-04/schema#";
const DRAFT_06 = "http://json-schema.org/draft-06/schema#";
const DRAFT_07 = "http://json-schema.org/draft-07/schema#";
const DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema";

/** A schema and values that it refuses, or a schema that is none. */
function schema(node: unknown, values: string): ErrorCase {
  const text = typeof node === "string" ? node : JSON.stringify(node);
  return { id: `schema: ${text} of ${values}`, values, files: { "values.yaml": "", "values.schema.json": text } };
}

/** A rule for the value `a`. */
const rule = (one: unknown, value: string, $schema?: string) =>
  schema({ ...($schema === undefined ? {} : { $schema }), properties: { a: one } }, `a: ${value}\n`);

const format = (name: string, value: string) => rule({ format: name }, JSON.stringify(value), DRAFT_07);

/** A schema that is none: the values do not matter. */
const broken = (node: unknown, $schema?: string) =>
  schema(
    typeof node === "string" ? node : { ...($schema === undefined ? {} : { $schema }), ...Object(node) },
    "a: 1\n",
  );

/** Schemas of several charts at once, by the chart's path. */
function charts(name: string, values: string, schemas: Readonly<Record<string, unknown>>): ErrorCase {
  const files = Object.entries(schemas).flatMap(([path, node]) => {
    const folder = path === "" ? "" : `${path.split("/").map((name) => `charts/${name}`).join("/")}/`;
    const chart = path.split("/").at(-1);
    return [
      ...(path === "" ? [] : [[`${folder}Chart.yaml`, `apiVersion: v2\nname: ${chart}\nversion: 1.0.0\n`]]),
      [`${folder}values.schema.json`, JSON.stringify(node)],
    ];
  });
  return { id: `schemas: ${name}`, values, files: { "values.yaml": "", ...Object.fromEntries(files) } };
}

/** Values that a schema refuses, by keyword and draft; schemas that are none. */
export const schemaCases: readonly ErrorCase[] = [
  // Numbers are shown as an English text has them.
  rule({ maximum: 1000 }, "65536"),
  rule({ maximum: 999 }, "1234567.5"),
  rule({ minimum: 0.001 }, "0.00001"),
  rule({ minimum: -5000 }, "-123456"),
  rule({ exclusiveMinimum: 1e21 }, "1"),
  rule({ multipleOf: 0.1 }, "0.25"),
  rule({ minLength: 5000 }, "x"),
  rule({ maxLength: 3 }, "é☃🙂x"),
  rule({ minItems: 1000 }, "[]"),
  rule({ minProperties: 2000 }, "{}"),
  rule({ maximum: 3, exclusiveMaximum: false }, "4", DRAFT_04),
  rule({ minimum: 3, exclusiveMinimum: true }, "3", DRAFT_04),

  // Only the first of what makes the rest pointless is told.
  rule({ type: "string", enum: ["x"], pattern: "y" }, "1"),
  rule({ enum: ["x"], pattern: "y", minLength: 9 }, "z"),
  rule({ const: "x", minLength: 9 }, "z"),
  rule({ type: "string", minLength: 9, pattern: "y", maxLength: 0 }, "z"),
  rule({ type: ["string", "null", "object", "integer"] }, "true"),
  rule({ enum: ["only"] }, "z"),
  rule({ enum: [] }, "z", DRAFT_07),
  rule({ enum: [{ b: 1 }, "x"] }, "z"),
  rule({ const: { b: 1 } }, "{b: 2}"),
  rule({ const: [1] }, "[2]"),
  rule({ const: null }, "1"),
  rule({ const: 'it\'s a "quote" \\' }, "1"),
  schema('{"properties": {"a": {"enum": [1.0, 1e3, 12345678901234567890]}}}', "a: 2\n"),

  // Objects.
  rule({ additionalProperties: false, properties: { b: {} } }, "{c: 1}"),
  rule({ properties: { "b/c~d": { type: "string" } } }, "{b/c~d: 1}"),
  rule({ properties: { "it's": { type: "string" } } }, '{"it\'s": 1}'),
  rule({ patternProperties: { "^b": { type: "string" }, "c$": { minimum: 5 } } }, "{bc: 1}"),
  rule({ propertyNames: { pattern: "^x", maxLength: 0 } }, "{b: 1}"),
  rule({ dependencies: { b: ["c", "d"] } }, "{b: 1}", DRAFT_04),
  rule({ dependencies: { b: { required: ["c"] } } }, "{b: 1}", DRAFT_07),
  rule({ dependencies: { b: ["c"] } }, "{b: 1}"),
  rule({ dependentSchemas: { b: { required: ["c"], maxProperties: 0 } } }, "{b: 1}", DRAFT_2019),
  rule({ dependentRequired: { b: ["c", "d"] } }, "{b: 1}", DRAFT_2019),
  rule(
    { unevaluatedProperties: false, properties: { b: {} }, allOf: [{ properties: { c: {} } }] },
    "{b: 1, c: 2, d: 3}",
  ),
  rule(
    { unevaluatedProperties: { type: "string" }, anyOf: [{ required: ["b"] }, { properties: { c: {} } }] },
    "{c: 1, d: 2}",
  ),
  rule(
    { properties: { ["__proto__"]: { type: "string" } }, required: ["constructor"] },
    "{__proto__: 1}",
  ),

  // Arrays.
  rule({ items: [{ type: "string" }, {}], additionalItems: false }, "[1, 2, 3, 4]", DRAFT_07),
  rule({ items: [{}], additionalItems: { type: "string" } }, "[1, 2]", DRAFT_2019),
  rule({ prefixItems: [{ type: "string" }], items: { minimum: 5 } }, "[1, 2]"),
  rule({ prefixItems: [{}], items: false }, "[1, 2]"),
  rule({ prefixItems: [{}], unevaluatedItems: false }, "[1, 2]"),
  rule({ items: [{}], unevaluatedItems: { type: "string" } }, "[1, 2]", DRAFT_2019),
  rule({ contains: { type: "string" }, minContains: 2 }, "[x, 1]"),
  rule({ contains: { type: "string" }, minContains: 2 }, "[1]"),
  rule({ contains: { type: "string" }, maxContains: 1 }, "[x, y, 1, z]"),
  rule({ contains: { type: "string" } }, "[]", DRAFT_06),
  rule({ uniqueItems: true }, "[{b: 1, c: 2}, 3, {c: 2, b: 1}]"),

  // Several at once, and schemas within schemas.
  rule({ minimum: 5, multipleOf: 2 }, "1"),
  rule({ allOf: [{ minimum: 5 }] }, "1"),
  rule({ allOf: [{ minimum: 5, multipleOf: 2 }, { type: "string" }] }, "1"),
  rule({ anyOf: [{ minimum: 5, multipleOf: 2 }, { type: "string" }] }, "1"),
  rule({ oneOf: [{ allOf: [{ minimum: 5 }] }, false] }, "1"),
  rule({ oneOf: [true, { minimum: 5 }, {}] }, "1"),
  rule({ not: { not: { type: "number" } } }, "x"),
  rule({ not: {} }, "x"),
  rule({ if: { type: "integer" }, then: { minimum: 5 }, else: false }, "1", DRAFT_07),
  rule({ if: { type: "integer" }, then: { minimum: 5 }, else: { type: "boolean" } }, "x"),
  rule({ if: true, then: { allOf: [{ minimum: 5 }, { multipleOf: 2 }] } }, "1"),
  rule({ anyOf: [{ anyOf: [{ anyOf: [{ type: "string" }] }] }] }, "1"),

  // References.
  schema(
    { definitions: { n: { minimum: 5, multipleOf: 2 } }, properties: { a: { $ref: "#/definitions/n" } } },
    "a: 1\n",
  ),
  schema(
    { definitions: { n: { minimum: 5 } }, properties: { a: { $ref: "#/definitions/n", multipleOf: 2 } } },
    "a: 1\n",
  ),
  schema(
    {
      $schema: DRAFT_07,
      definitions: { n: { minimum: 5 } },
      properties: { a: { $ref: "#/definitions/n", multipleOf: 2 } },
    },
    "a: 1\n",
  ),
  schema(
    { $defs: { n: { $ref: "#/$defs/m" }, m: { allOf: [false] } }, properties: { a: { $ref: "#/$defs/n" } } },
    "a: 1\n",
  ),
  schema({ $defs: { n: { $anchor: "here", type: "string" } }, properties: { a: { $ref: "#here" } } }, "a: 1\n"),
  schema({
    $schema: DRAFT_06,
    definitions: { n: { $id: "#here", type: "string" } },
    properties: { a: { $ref: "#here" } },
  }, "a: 1\n"),
  schema(
    { $id: "https://a.example/b", $defs: { n: { $id: "c", type: "string" } }, properties: { a: { $ref: "c" } } },
    "a: 1\n",
  ),
  schema(
    { $schema: DRAFT_2019, $recursiveAnchor: true, properties: { a: { $recursiveRef: "#" } }, required: ["b"] },
    "a: {}\nb: 1\n",
  ),
  schema({ $dynamicAnchor: "n", properties: { a: { $dynamicRef: "#n" } }, required: ["b"] }, "a: {}\nb: 1\n"),
  schema({ type: "object", required: ["b"], properties: { a: { $ref: "#" } } }, "a: {c: 1}\nb: 1\n"),
  schema({ properties: { a: { $ref: DRAFT_07 } } }, "a: {type: nonsense}\n"),
  schema({ $ref: "#" }, "a: 1\n"),
  schema({ $ref: "#/$defs/n", $defs: { n: { allOf: [{ $ref: "#/$defs/m" }] }, m: { $ref: "#/$defs/n" } } }, "a: 1\n"),
  broken({ $ref: "#nowhere" }),
  broken({ $ref: "#/definitions/a b" }),
  broken({ $ref: "other.json" }),
  broken({ $ref: "file:///nowhere/other.json#/a" }),
  broken({ $ref: "gopher://a.example/b" }),
  broken({ $id: "https://a.example/b", $ref: "#/c" }),
  broken({ properties: { a: { $ref: "#/else/b" } }, else: { b: { type: "nonsense" } } }),
  broken({ $ref: "#/x/y", x: { y: { type: "nonsense" } } }),

  // Schemas that are none.
  broken("null"),
  broken('"text"'),
  broken('{"a": 1} {"b": 2}'),
  broken("{} x"),
  broken('{"a": 01}'),
  broken("{'a': 1}"),
  broken('{"a": 1,}'),
  broken("\n"),
  broken({ type: ["string", "string"] }),
  broken({ type: 3 }),
  broken({ properties: [] }),
  broken({ properties: { a: 3 } }),
  broken({ properties: { a: { properties: { b: { type: "text", minLength: -1 } } } } }),
  broken({ required: "a" }),
  broken({ required: true }, DRAFT_07),
  broken({ required: [] }, DRAFT_04),
  broken({ required: ["a", "a"] }, DRAFT_07),
  broken({ minimum: "3" }),
  broken({ maxLength: 1.5 }),
  broken({ multipleOf: 0 }, DRAFT_07),
  broken({ enum: "a" }),
  broken({ enum: [] }, DRAFT_04),
  broken({ pattern: "(" }),
  broken({ pattern: "(?=x)" }, DRAFT_07),
  broken({ patternProperties: { "[": {} } }),
  broken({ allOf: [] }, DRAFT_07),
  broken({ anyOf: {} }),
  broken({ not: 3 }),
  broken({ items: [] }),
  broken({ items: "x" }, DRAFT_2019),
  broken({ additionalProperties: "no" }, DRAFT_04),
  broken({ additionalProperties: "no" }, DRAFT_06),
  broken({ exclusiveMinimum: true }, DRAFT_07),
  broken({ exclusiveMinimum: true }, DRAFT_04),
  broken({ $id: "a b%" }, DRAFT_07),
  broken({ $id: 3 }),
  broken({ $schema: 3 }),
  broken({ title: 3, description: [] }),
  broken({ dependentRequired: { a: "b" } }),
  broken({ $defs: { "x y": { type: "z" } } }),
  broken({ if: 3 }, DRAFT_07),

  // Formats: asserted up to draft 7.
  ...([
    ["ipv4", "1.2.3"],
    ["ipv4", "1.2.3.x"],
    ["ipv4", "1.2.3.256"],
    ["ipv4", "01.2.3.4"],
    ["ipv4", "1.2.3.99999999999999999999"],
    ["ipv6", "1.2.3.4"],
    ["ipv6", "1:2"],
    ["ipv6", "::g"],
    ["ipv6", "1::2::3"],
    ["ipv6", "1:2:3:4:5:6:7:8:9"],
    ["ipv6", "12345::"],
    ["ipv6", "::1%eth0"],
    ["ipv6", "::1%"],
    ["ipv6", "::1.2.3.400"],
    ["ipv6", "1:2:3:4:5:6:7::8"],
    ["ipv6", "fe80:"],
    ["hostname", "-a.b"],
    ["hostname", "a-.b"],
    ["hostname", "a..b"],
    ["hostname", "a_b"],
    ["hostname", `${"a".repeat(64)}.b`],
    ["hostname", "a.".repeat(130)],
    ["email", "a"],
    ["email", ".a@b"],
    ["email", "a.@b"],
    ["email", "a..b@c"],
    ["email", "a b@c"],
    ["email", '"a"b"@c'],
    ["email", "a@[1.2.3]"],
    ["email", "a@[IPv6:::g]"],
    ["email", "a@-b"],
    ["date", "2024-13-01"],
    ["date", "2024-02-30"],
    ["date", "24-1-1"],
    ["date", "2024-01-01x"],
    ["time", "12:00"],
    ["time", "12-00-00Z"],
    ["time", "25:00:00Z"],
    ["time", "aa:00:00Z"],
    ["time", "12:00:00.Z"],
    ["time", "12:00:00"],
    ["time", "12:00:00*01:00"],
    ["time", "12:00:00+25:00"],
    ["time", "12:00:60Z"],
    ["date-time", "2024-01-01"],
    ["date-time", "2024-01-01 00:00:00Z"],
    ["date-time", "2024-02-30T00:00:00Z"],
    ["date-time", "2024-01-01T24:00:00Z"],
    ["duration", "1Y"],
    ["duration", "P"],
    ["duration", "P1"],
    ["duration", "PY"],
    ["duration", "P1DT"],
    ["duration", "P1M1Y"],
    ["duration", "P1H"],
    ["duration", "P1.5W"],
    ["duration", "P1DT1HT1M"],
    ["period", "P1D"],
    ["period", "P1D/x"],
    ["period", "2024-01-01T00:00:00Z/P"],
    ["uuid", "x"],
    ["uuid", "123e4567-e89b-12d3-a456-42661417400"],
    ["uuid", "123e4567-e89b-12d3-a456-42661417400g"],
    ["uri", "/a/b"],
    ["uri", "http://a b/"],
    ["uri", "http://[::1"],
    ["uri", "http://[::g]/"],
    ["uri", ":a"],
    ["uri-reference", "\\a"],
    ["uri-reference", "%zz"],
    ["uri-reference", "a:b:c/%zz?"],
    ["uri-reference", "http://a:b:1/"],
    ["uri", "http://[1.2.3.4]/"],
    ["uri", "x://[zz]:1/"],
    ["uri-template", "a/{b"],
    ["uri-template", "a/{b{c}}"],
    ["json-pointer", "a"],
    ["json-pointer", "/a~2"],
    ["relative-json-pointer", "a"],
    ["relative-json-pointer", "01"],
    ["relative-json-pointer", "1a"],
    ["regex", "a("],
    ["regex", "(?=x)"],
    ["semver", "1.2"],
    ["semver", "01.2.3"],
    ["semver", "1.2.x"],
    ["semver", "1.2.3-"],
    ["semver", "1.2.3-01"],
    ["semver", "1.2.3+"],
    ["semver", "1.2.3-a_b"],
  ] as const).map(([name, value]) => format(name, value)),

  // Charts within charts.
  charts("of a chart and its subchart", "a: 1\nsub: {b: 2}\n", {
    "": { properties: { a: { type: "string" } } },
    sub: { properties: { b: { type: "string" } } },
  }),
  charts("of a subchart's subchart", "sub: {deep: {c: 3}}\n", {
    sub: {},
    "sub/deep": { $schema: DRAFT_07, properties: { c: { type: "string" } }, required: ["d"] },
  }),
  charts("broken in a chart, violated in its subchart", "sub: {b: 2}\n", {
    "": { type: "nonsense" },
    sub: { properties: { b: { type: "string" } } },
  }),
  charts("of a subchart that has no values but globals", "global: {g: 1}\n", {
    sub: { properties: { global: { properties: { g: { type: "string" } } } } },
  }),
  charts("that leave a subchart no room", "sub: {b: 1}\n", { "": { additionalProperties: false }, sub: {} }),
];
