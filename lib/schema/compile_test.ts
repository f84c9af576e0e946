import { deepEqual, equal, match, ok } from "node:assert/strict";
import { schemaEngine } from "../apiserver/schema/mod.ts";
import { compileSchema, type SchemaInput, type StructuralSchema } from "./mod.ts";

const DRAFT_07 = "http://json-schema.org/draft-07/schema#";

/** What a strict create says: the reasons of a refusal, or the object as stored. */
function store(schema: StructuralSchema, spec: unknown): { errors: string[]; stored: unknown } {
  const whole: StructuralSchema = { type: "object", properties: { spec: schema } };
  const object = { apiVersion: "v1", kind: "K", metadata: { name: "x" }, spec: structuredClone(spec) };
  const unknown = schemaEngine.prune(whole, object).map((path) => `unknown field ${path}`);
  schemaEngine.applyDefaults(whole, object);
  const errors = schemaEngine.validate(whole, object, undefined).map(({ field, message }) => `${field}: ${message}`);
  return { errors: [...unknown, ...errors], stored: object.spec };
}

interface Case {
  /** The category of disagreement with Helm that the case guards against, or the keyword. */
  readonly name: string;
  readonly schema: Record<string, unknown>;
  readonly values?: Record<string, unknown>;
  readonly accepted?: readonly unknown[];
  readonly refused?: readonly unknown[];
  /** What an accepted document is stored as. */
  readonly stored?: readonly (readonly [document: unknown, stored: unknown])[];
}

const open = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  $schema: DRAFT_07,
  type: "object",
  properties,
  ...more,
});
const one = (schema: unknown) => open({ x: schema });
const xs = (...values: unknown[]) => values.map((x) => ({ x }));

const CASES: readonly Case[] = [
  {
    name: "1: required is asked only where values.yaml has nothing",
    schema: open({
      git: {
        type: "object",
        required: ["org", "repo"],
        properties: { org: { type: "string" }, repo: { type: "string" } },
      },
    }, { required: ["git"] }),
    values: { git: { org: "o" } },
    accepted: [{ git: { repo: "r" } }],
    refused: [{}, { git: {} }, { git: { repo: "r", org: null } }],
  },
  {
    name: "1: required stays in items, where values.yaml never helps",
    schema: one({ type: "array", items: { type: "object", required: ["n"], properties: { n: { type: "string" } } } }),
    values: { x: [{ n: "a" }] },
    accepted: xs([], [{ n: "b" }]),
    refused: xs([{}]),
  },
  {
    name: "1: a value of values.yaml that the schema refuses must be written anew",
    schema: one({ type: "string", minLength: 1 }),
    values: { x: "" },
    accepted: xs("a", null),
    refused: [{}, { x: "" }],
  },
  {
    name: "2: array defaults stay what they are",
    schema: one({ type: "array", items: { type: "string", format: "uri" }, default: [] }),
    stored: [[{}, { x: [] }]],
  },
  {
    name: "3: a missing type, {} and arrays without items take anything",
    schema: open({ any: {}, list: { type: "array" }, limits: { properties: { cpu: { type: "string" } } } }),
    accepted: [{ any: ["x"] }, { any: null }, { any: 1 }, { list: [1, null, {}] }, { limits: 7 }, {
      limits: { cpu: "1" },
    }],
    refused: [{ list: {} }, { limits: { cpu: 1 } }],
  },
  {
    name: "3: unions of types take each of them and nothing else",
    schema: open({ port: { type: ["string", "integer"] }, flag: { type: ["boolean", "array", "null"] } }),
    accepted: [{ port: 0 }, { port: "http" }, { flag: [1] }, { flag: false }, { flag: null }],
    refused: [{ port: 1.5 }, { port: [] }, { port: null }, { flag: "x" }, { flag: {} }, { flag: 1 }],
  },
  {
    name: "4: local references, with their properties",
    schema: {
      ...one({ $ref: "#/definitions/service" }),
      definitions: {
        service: { type: "object", additionalProperties: false, properties: { type: { type: "string" } } },
      },
    },
    accepted: xs({ type: "é" }, {}),
    refused: xs({ type: 1 }, { other: 1 }, "x"),
  },
  {
    name: "4: references with siblings count since 2019-09, and hide them before",
    schema: { $defs: { s: { type: "string" } }, properties: { x: { $ref: "#/$defs/s", minLength: 2 } } },
    accepted: xs("ab"),
    refused: xs("a", 1),
  },
  {
    name: "4: anchors and $id",
    schema: {
      $id: "https://example.org/v",
      $defs: { s: { $anchor: "text", type: "string" } },
      properties: { x: { $ref: "#text" }, y: { $ref: "https://example.org/v#/$defs/s" } },
    },
    accepted: [{ x: "a", y: "b" }],
    refused: [{ x: 1 }, { y: 1 }],
  },
  {
    name: "6: null in an enum",
    schema: open({ x: { type: ["string", "null"], enum: ["a", null] } }),
    accepted: xs("a", null),
    refused: xs("b", 1),
  },
  {
    name: "8: null for what takes none is refused, not left out",
    schema: open({
      name: { type: "string" },
      list: { type: "array", items: { type: "object", properties: { n: { type: "string" } } } },
    }),
    accepted: [{}, { name: "a", list: [{ n: "b" }] }],
    refused: [{ name: null }, { list: [null] }, { list: [{ n: null }] }],
  },
  {
    name: "9: a default does not hide what Helm asks for",
    schema: one({
      type: "array",
      items: { type: "object", required: ["n"], properties: { n: { type: "string", default: "" } } },
    }),
    refused: xs([{}]),
    stored: [[{ x: [{ n: "a" }] }, { x: [{ n: "a" }] }]],
  },
  {
    name: "10: bounds, const and multiples",
    schema: open({
      max: { type: "integer", exclusiveMinimum: 0, maximum: 9 },
      two: { type: "array", minItems: 1, maxItems: 2, items: { type: "string" } },
      only: { const: "x" },
      even: { type: "integer", multipleOf: 2 },
      size: { type: "object", minProperties: 1, maxProperties: 1 },
      code: { type: "string", maxLength: 2 },
    }),
    accepted: [{ max: 1 }, { max: 9 }, { two: ["a"] }, { only: "x" }, { even: 4 }, { size: { a: 1 } }, { code: "é😀" }],
    refused: [
      { max: 0 },
      { max: 10 },
      { two: [] },
      { two: ["a", "b", "c"] },
      { only: "y" },
      { even: 3 },
      { size: {} },
      { size: { a: 1, b: 1 } },
      { code: "abc" },
    ],
  },
  {
    name: "10: draft 04's exclusiveMinimum is a switch",
    schema: {
      $schema: "http://json-schema.org/draft-04/schema#",
      properties: { x: { type: "integer", minimum: 1, exclusiveMinimum: true } },
    },
    accepted: xs(2),
    refused: xs(1),
  },
  {
    name: "10: uniqueItems of scalars and of objects",
    schema: open({
      s: { type: "array", uniqueItems: true, items: { type: "string" } },
      o: { type: "array", uniqueItems: true, items: { type: "object" } },
    }),
    accepted: [{ s: ["a", "b"] }, { o: [{ a: 1 }, { a: 2 }] }],
    refused: [{ s: ["a", "a"] }, { o: [{ a: 1 }, { a: 1 }] }],
  },
  {
    name: "10: contains",
    schema: one({ type: "array", items: { type: "string" }, contains: { const: "main" } }),
    accepted: xs(["a", "main"]),
    refused: xs([], ["a"]),
  },
  {
    name: "10: oneOf, anyOf, not",
    schema: open({
      env: {
        type: "array",
        items: {
          type: "object",
          properties: { value: { type: "string" }, from: { type: "object" } },
          oneOf: [{ required: ["value"] }, { required: ["from"] }],
        },
      },
      size: { anyOf: [{ type: "integer", minimum: 1 }, { type: "string", pattern: "^[0-9]+Gi$" }] },
      name: { type: "string", not: { enum: ["root"] } },
    }),
    accepted: [{ env: [{ value: "a" }, { from: {} }] }, { size: 1 }, { size: "2Gi" }, { name: "a" }],
    refused: [{ env: [{}] }, { env: [{ value: "a", from: {} }] }, { size: 0 }, { size: "2" }, { size: true }, {
      name: "root",
    }],
  },
  {
    name: "10: branches that close themselves",
    schema: one({
      oneOf: [
        { type: "object", additionalProperties: false, required: ["a"], properties: { a: { type: "string" } } },
        {
          type: "object",
          additionalProperties: false,
          required: ["b"],
          properties: { b: { type: "string" }, c: { type: "string" } },
        },
      ],
    }),
    accepted: xs({ a: "x" }, { b: "x" }, { b: "x", c: "y" }),
    refused: xs({}, { a: "x", b: "x" }, { a: "x", c: "y" }, { b: "x", d: "y" }, "x"),
  },
  {
    name: "10: allOf merges properties and keeps every bound",
    schema: one({
      allOf: [{ type: "object", properties: { a: { type: "string" } } }, {
        properties: { a: { minLength: 2 }, b: { type: "integer" } },
        required: ["b"],
      }],
    }),
    accepted: xs({ a: "ab", b: 1 }),
    refused: xs({ a: "a", b: 1 }, { a: "ab" }, { b: "x" }, 1),
  },
  {
    name: "10: if, then, else",
    schema: open({ type: { type: "string" }, port: { type: "integer" }, host: { type: "string" } }, {
      if: { properties: { type: { const: "NodePort" } }, required: ["type"] },
      then: { required: ["port"] },
      else: { required: ["host"] },
    }),
    accepted: [{ type: "NodePort", port: 1 }, { host: "h" }, { type: "x", host: "h" }],
    refused: [{ type: "NodePort", host: "h" }, { type: "x" }, {}],
  },
  {
    name: "10: dependencies",
    schema: open({ tls: { type: "boolean" }, cert: { type: "string" } }, { dependencies: { tls: ["cert"] } }),
    accepted: [{}, { tls: true, cert: "c" }, { cert: "c" }],
    refused: [{ tls: true }],
  },
  {
    name: "10: what values.yaml brings counts in conditions",
    schema: open({ tls: { type: "boolean" }, cert: { type: "string" } }, {
      dependencies: { tls: ["cert"] },
      anyOf: [{ required: ["name"] }, { required: ["cert"] }],
    }),
    values: { cert: "c" },
    accepted: [{}, { tls: true }],
    refused: [{ tls: true, cert: null }, { cert: null }],
  },
  {
    name: "11: typed maps, empty closed maps, keys by pattern",
    schema: open({
      labels: { type: "object", additionalProperties: { type: "string" } },
      none: { type: "object", additionalProperties: false },
      env: { type: "object", additionalProperties: false, patternProperties: { "^[A-Z]+$": { type: "string" } } },
      short: { type: "object", additionalProperties: { type: "integer" }, propertyNames: { maxLength: 2 } },
    }),
    accepted: [{ labels: { a: "b" } }, { none: {} }, { env: { A: "b" } }, { short: { ab: 1 } }],
    refused: [{ labels: { a: [] } }, { labels: { a: null } }, { none: { a: 1 } }, { env: { a: "b" } }, {
      env: { A: 1 },
    }, { short: { abc: 1 } }],
  },
  {
    name: "11: closed objects refuse other names; open ones keep them, null included",
    schema: open({
      shut: { type: "object", additionalProperties: false, properties: { a: {} } },
      wide: { type: "object", properties: { a: {} } },
    }),
    refused: [{ shut: { b: 1 } }],
    stored: [[{ wide: { b: null, c: { d: null } } }, { wide: { b: null, c: { d: null } } }], [{ z: null }, {
      z: null,
    }]],
  },
  {
    name: "12: null over a value of values.yaml survives",
    schema: open({
      image: { type: "object", properties: { tag: { type: "string", enum: ["a", "b"] } } },
      replicas: { type: "integer", default: 1 },
    }),
    values: { image: { tag: "a" }, replicas: 1 },
    stored: [[{ image: null, replicas: null }, { image: null, replicas: null }], [{ image: { tag: null } }, {
      image: { tag: null },
      replicas: 1,
    }]],
    refused: [{ image: { tag: "c" } }],
  },
  {
    name: "12: null entries of maps delete what values.yaml brings, and nothing else",
    schema: one({ type: "object", additionalProperties: { type: "string" } }),
    values: { x: { a: "b" } },
    accepted: xs({ a: null }),
    refused: xs({ c: null }),
  },
  {
    name: "formats are asserted up to draft 07",
    schema: open({
      u: { type: "string", format: "uri" },
      h: { type: "string", format: "hostname" },
      a: { type: "string", format: "ipv4" },
      t: { type: "string", format: "date-time" },
      d: { type: "string", format: "duration" },
      i: { type: "string", format: "idn-hostname" },
    }),
    accepted: [
      { u: "https://e.org/a" },
      { h: "a-b.c" },
      { a: "10.0.0.1" },
      { t: "2026-01-01T00:00:00Z" },
      { d: "P1D" },
      { i: "https://x" },
    ],
    refused: [{ u: "/rel" }, { h: "a_b" }, { a: "10.0.0.256" }, { t: "2026-01-01" }, { d: "1h" }],
  },
  {
    name: "formats only annotate without $schema",
    schema: { properties: { u: { type: "string", format: "uri" }, d: { type: "string", format: "date-time" } } },
    accepted: [{ u: "/rel", d: "soon" }],
  },
  {
    name: "numbers",
    schema: open({ ratio: { type: "number", minimum: 0, maximum: 1 }, count: { type: "integer" } }),
    accepted: [{ ratio: 0.5 }, { ratio: 1 }, { count: 1e2 }, { count: 9007199254740991 }],
    refused: [{ ratio: 1.5 }, { ratio: "1" }, { count: 1.5 }],
  },
  {
    name: "enum of several types",
    schema: one({ enum: ["auto", 1, true, null, { a: 1 }] }),
    accepted: xs("auto", 1, true, null, { a: 1 }),
    refused: xs("x", 2, false, {}),
  },
  {
    name: "odd names",
    schema: {
      $schema: DRAFT_07,
      type: "object",
      properties: JSON.parse('{"__proto__": {"type": "string"}, "a b": {"type": "string"}, "": {"type": "integer"}}'),
    },
    accepted: [{ "a b": "x" }, { "": 1 }, JSON.parse('{"__proto__": "x"}')],
    refused: [{ "a b": 1 }, { "": "x" }, JSON.parse('{"__proto__": 1}')],
  },
  {
    name: "11: typed maps in a union, where CEL does not see",
    schema: one({ type: ["object", "boolean"], additionalProperties: { type: "string" } }),
    accepted: xs({ a: "b" }, true),
    refused: xs({ a: 1 }, "x"),
  },
  { name: "schema true", schema: { properties: { x: true, y: false } }, accepted: [{ x: 1 }], refused: [{ y: 1 }] },
  {
    name: "global goes through a closed root",
    schema: open({ a: { type: "string" } }, { additionalProperties: false }),
    accepted: [{ global: { any: 1 } }, { a: "x" }],
    refused: [{ b: 1 }],
  },
  {
    name: "recursion ends open",
    schema: {
      ...one({ $ref: "#/definitions/node" }),
      definitions: {
        node: { type: "object", properties: { v: { type: "string" }, next: { $ref: "#/definitions/node" } } },
      },
    },
    accepted: xs({ v: "a", next: { v: "b", next: { v: "c", next: { v: 1 } } } }),
    refused: xs({ v: 1 }, { next: { v: 1 } }),
  },
];

for (const { name, schema, values = {}, accepted = [], refused = [], stored = [] } of CASES) {
  Deno.test(`compileSchema() agrees with Helm: ${name}`, () => {
    const { spec } = compileSchema({ schemaText: JSON.stringify(schema), values });
    deepEqual(schemaEngine.checkStructural({ type: "object", properties: { spec } }, ""), []);
    for (const document of accepted) deepEqual(store(spec, document).errors, [], JSON.stringify(document));
    for (const document of refused) {
      ok(store(spec, document).errors.length > 0, `not refused: ${JSON.stringify(document)}`);
    }
    for (const [document, expected] of stored) deepEqual(store(spec, document), { errors: [], stored: expected });
  });
}

const text = (schema: unknown) => JSON.stringify(schema);

Deno.test("compileSchema() stores defaults of nested maps, but those that values.yaml has otherwise", () => {
  const schema = open({
    a: { type: "object", properties: { b: { type: "integer", default: 2 }, c: { type: "string", default: "x" } } },
  });
  const { spec, shifted, specRequired } = compileSchema({ schemaText: text(schema), values: { a: { b: 1, c: "x" } } });
  equal(specRequired, false);
  deepEqual(spec.default, {});
  deepEqual(store(spec, {}).stored, { a: { c: "x" } });
  deepEqual(store(spec, { a: { b: 3 } }).stored, { a: { b: 3, c: "x" } });
  deepEqual(shifted.map(({ path, keyword }) => [path, keyword]), [["a.b", "default"]]);
});

/** Name, the property's default, what values.yaml has there, what is stored, and what the report says. */
const DEFAULTS: readonly (readonly [string, unknown, unknown, unknown, RegExp | undefined])[] = [
  ["that values.yaml has too", 1, 1, 1, undefined],
  ["of which values.yaml has another", 2, 1, undefined, /^values\.yaml's 1 applies.*2 is not stored$/],
  ["of which values.yaml has false", true, false, undefined, /^values\.yaml's false applies/],
  ["of which values.yaml has nothing", 2, undefined, 2, /^The default applies: an object stores 2/],
  ["a list beside another one", ["a"], [], undefined, /^values\.yaml's \[\] applies/],
  ["a map that values.yaml has more of", { x: 1 }, { x: 1, y: 2 }, { x: 1 }, undefined],
  ["a map beside another one: what values.yaml lacks", { x: 1, y: 2 }, { x: 3 }, { y: 2 }, /stores {"y":2}/],
  ["a map beside another one, deep", { m: { x: 1, y: 2 } }, { m: { x: 3 } }, { m: { y: 2 } }, /stores/],
  ["a map beside a text", { x: 1 }, "text", undefined, /^values\.yaml's "text" applies/],
];
for (const [name, value, base, stored, reason] of DEFAULTS) {
  Deno.test(`compileSchema() stores what cannot change the render, of a default ${name}`, () => {
    const values = base === undefined ? {} : { a: base };
    const { spec, shifted } = compileSchema({ schemaText: text(open({ a: { default: value } })), values });
    deepEqual(store(spec, {}).stored, stored === undefined ? {} : { a: stored });
    equal(shifted.length, reason === undefined ? 0 : 1);
    if (reason !== undefined) match(shifted[0]?.reason ?? "", reason);
  });
}

Deno.test("compileSchema() spells a map's default out where an empty map would lack something", () => {
  const schema = open({
    a: { type: "object", required: ["n"], properties: { n: { type: "string" }, m: { type: "integer", default: 1 } } },
  });
  const { spec } = compileSchema({ schemaText: text(schema), values: {} });
  equal(spec.properties?.["a"]?.default, undefined);
  deepEqual(store(spec, {}).errors, []);
});

Deno.test("compileSchema() asks for spec where values.yaml alone does not satisfy the schema", () => {
  const schema = open({ a: { type: "string" } }, { required: ["a"] });
  equal(compileSchema({ schemaText: text(schema), values: {} }).specRequired, true);
  equal(compileSchema({ schemaText: text(schema), values: { a: "x" } }).specRequired, false);
});

Deno.test("compileSchema() names the chart's own default in the description and stores nothing", () => {
  const { spec } = compileSchema({
    schemaText: text(open({ a: { type: "integer", description: "How many" } })),
    values: { a: 3 },
  });
  deepEqual(spec.properties?.["a"]?.description, "How many\nDefault in values.yaml: 3");
  equal(spec.properties?.["a"]?.default, undefined);
});

const sub = (more: Partial<SchemaInput> & { condition?: string; tags?: string[] } = {}) => ({
  name: "db",
  values: { port: 1 },
  schemaText: text(
    open({ port: { type: "integer" }, global: { type: "object", properties: { zone: { type: "string" } } } }, {
      additionalProperties: false,
    }),
  ),
  ...more,
});

Deno.test("compileSchema() applies a subchart's schema below its name, and its schema of global", () => {
  const { spec } = compileSchema({ schemaText: text(open({})), values: {}, subcharts: [sub()] });
  for (const document of [{}, { db: {} }, { db: { port: 2 } }, { global: { zone: "a" } }, { global: "x" }]) {
    deepEqual(store(spec, document).errors, [], text(document));
  }
  for (
    const document of [{ db: { port: "x" } }, { db: 7 }, { db: null }, { db: { other: 1 } }, { global: { zone: 1 } }]
  ) {
    ok(store(spec, document).errors.length > 0, text(document));
  }
});

Deno.test("compileSchema() lets anything in below a subchart that its condition switches off", () => {
  for (const values of [{ db: { enabled: true } }, { db: { enabled: false } }]) {
    const schemaText = text(open({ port: { type: "integer" }, enabled: { type: "boolean" } }));
    const { spec } = compileSchema({
      values,
      schemaText: text(open({})),
      subcharts: [sub({ condition: "db.enabled", schemaText })],
    });
    deepEqual(store(spec, { db: { enabled: false, port: "x" } }).errors, []);
    deepEqual(store(spec, { db: { enabled: true, port: 1 } }).errors, []);
    ok(store(spec, { db: { enabled: true, port: "x" } }).errors.length > 0);
    equal(store(spec, { db: { port: "x" } }).errors.length > 0, values.db.enabled);
    ok(store(spec, { db: "x" }).errors.length > 0, "a map is asked for even while it is off");
  }
});

Deno.test("compileSchema() says where a schema asks for integers beyond those of the API server", () => {
  const schema = one({ type: "integer", maximum: 18446744073709551615 });
  const { dropped } = compileSchema({ schemaText: text(schema), values: {} });
  deepEqual(dropped.map(({ path, keyword }) => [path, keyword]), [["x", "maximum"]]);
  deepEqual(compileSchema({ schemaText: text(one({ type: "integer", maximum: 9 })), values: {} }).dropped, []);
});

const KEYED = { type: "object", required: ["n"], properties: { n: { type: "string" }, v: { type: "string" } } };
const LIST = "x-kubernetes-list-type", MAP_KEYS = "x-kubernetes-list-map-keys", MAP = "x-kubernetes-map-type";
/** Keywords of Kubernetes in a chart's schema, and which of them the node keeps. */
const EXTENSIONS: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ["an atomic list", { type: "array", items: {}, [LIST]: "atomic" }, { [LIST]: "atomic" }],
  ["a set of texts", { type: "array", items: { type: "string" }, [LIST]: "set" }, { [LIST]: "set" }],
  ["a set of anything", { type: "array", items: {}, [LIST]: "set" }, {}],
  ["different texts", { type: ["array", "null"], items: { type: "string" }, uniqueItems: true }, { [LIST]: "set" }],
  ["different texts or a map", { type: ["array", "object"], items: { type: "string" }, uniqueItems: true }, {}],
  ["a map", { type: "array", items: KEYED, [LIST]: "map", [MAP_KEYS]: ["n"] }, { [LIST]: "map", [MAP_KEYS]: ["n"] }],
  ["a map by a key that may lack", { type: "array", items: KEYED, [LIST]: "map", [MAP_KEYS]: ["v"] }, {}],
  ["a list type of an object", { type: "object", [LIST]: "atomic" }, {}],
  ["an atomic object", { type: "object", [MAP]: "atomic" }, { [MAP]: "atomic" }],
  ["an atomic text", { type: "string", [MAP]: "atomic" }, {}],
  ["rules", { type: "object", "x-kubernetes-validations": [{ rule: "self.a" }] }, {}],
  ["an embedded resource", { type: "object", "x-kubernetes-embedded-resource": true }, {}],
];
for (const [name, schema, kept] of EXTENSIONS) {
  Deno.test(`compileSchema() takes over what Kubernetes takes, and notes the rest: ${name}`, () => {
    const { spec, dropped } = compileSchema({ schemaText: text(one(schema)), values: {} });
    const node = Object.entries(spec.properties?.["x"] ?? {});
    const left = [LIST, MAP_KEYS, MAP, "x-kubernetes-validations", "x-kubernetes-embedded-resource"];
    deepEqual(Object.fromEntries(node.filter(([keyword]) => left.includes(keyword))), kept);
    equal(dropped.length, Object.keys(kept).length === 0 ? 1 : 0);
    deepEqual(schemaEngine.checkStructural({ type: "object", properties: { spec } }, "schema"), []);
  });
}

Deno.test("compileSchema() takes x-kubernetes-int-or-string for the type that it means", () => {
  const { spec } = compileSchema({ schemaText: text(one({ "x-kubernetes-int-or-string": true })), values: {} });
  for (const document of xs(1, "80%", null)) deepEqual(store(spec, document).errors, []);
  for (const document of xs(true, [], {})) ok(store(spec, document).errors.length > 0, text(document));
});

Deno.test("compileSchema() reads types off values.yaml where there is no schema", () => {
  const values = {
    replicas: 1,
    image: { tag: "1.0", pull: true },
    ratio: 0.5,
    empty: {},
    list: ["x"],
    none: null,
    text: "",
    file: "a: 1\nb: 2\n",
  };
  const { spec, origin } = compileSchema({ values });
  equal(origin, "inferred");
  const anything: unknown[] = [null, true, 1, 0.5, "x", [], [1, { a: null }], {}, { a: { b: null } }];
  const scalars = anything.filter((value) => typeof value !== "object" || value === null);
  const maps = anything.filter((value) => typeof value === "object" && !Array.isArray(value));
  const taken: Record<string, unknown[]> = {
    replicas: scalars,
    ratio: scalars,
    image: maps,
    empty: anything,
    list: anything,
    none: anything,
    text: anything,
    file: anything,
    other: anything,
  };
  for (const [name, fits] of Object.entries(taken)) {
    for (const value of anything) {
      const document = { [name]: value };
      equal(store(spec, document).errors.length === 0, fits.includes(value), text(document));
    }
  }
  deepEqual(store(spec, { image: { tag: 7, pull: "yes", more: {} } }).errors, []);
  ok(store(spec, { image: { tag: {} } }).errors.length > 0);
});

Deno.test("compileSchema() bounds maps that a rule runs over, so that the API server can bound its cost", () => {
  const map = { type: "object", additionalProperties: { type: "string" } };
  const { spec, relaxed } = compileSchema({
    schemaText: text(open({ a: map, b: { ...map, maxProperties: 3 } })),
    values: {},
  });
  equal(spec.properties?.["a"]?.maxProperties, 10_000);
  equal(spec.properties?.["b"]?.maxProperties, 3);
  deepEqual(relaxed.map(({ path, keyword }) => `${path} ${keyword}`), ["a maxProperties", "b maxProperties"]);
});

Deno.test("compileSchema() reports what a CRD cannot say", () => {
  const schema = open({
    a: { type: "string", pattern: "^(?!x)" },
    b: { type: "array", items: [{ type: "string" }] },
    c: { $ref: "https://example.org/other.json" },
    d: { type: "object", properties: { k: {} }, patternProperties: { "^x": { type: "string" } } },
    e: { type: "object", properties: { k: {} }, additionalProperties: { type: "string" } },
    f: { type: "string", format: "regex" },
  }, { required: ["a"] });
  const { dropped, relaxed } = compileSchema({ schemaText: text(schema), values: { a: "y" } });
  const seen = dropped.map(({ path, keyword }) => `${path} ${keyword}`).toSorted();
  deepEqual(seen, [
    "a pattern",
    "b prefixItems",
    "c $ref",
    "d patternProperties",
    "e additionalProperties",
    "f format",
  ]);
  deepEqual(relaxed.map(({ path, keyword }) => `${path} ${keyword}`), ["a required"]);
});
