import assert from "node:assert/strict";
import type { Values } from "../types.ts";
import { testChart } from "./archive_testing.ts";
import { coalesceValues } from "./coalesce.ts";
import { processDependencies } from "./dependencies.ts";
import { HelmChartError } from "./errors.ts";
import { validateValues } from "./schema.ts";

const SUB = {
  "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.2.0\n",
  "charts/sub/values.yaml": "port: 80\nnested: {a: 1, b: 2}\nglobal: {own: sub}\nexports: {data: {fromSub: yes}}\n",
};
const parent = (dependency: string, version = "1.x.x") =>
  testChart({
    ...SUB,
    "Chart.yaml":
      `apiVersion: v2\nname: demo\nversion: 1.0.0\ndependencies:\n- {name: sub, version: "${version}"${dependency}}\n`,
  });

const COALESCED: readonly [string, string, Values, Values][] = [
  ["merges maps and replaces lists", "m: {a: 1, b: 2}\nl: [1]\n", { m: { b: 3 }, l: [] }, { m: { a: 1, b: 3 }, l: [] }],
  ["lets a user's null remove a default", "a: 1\nm: {x: 1, z: 2}\n", { a: null, m: { x: null } }, { m: { z: 2 } }],
  ["drops nulls among the defaults", "a: null\nm: {x: null, z: 1}\n", {}, { m: { z: 1 } }],
  ["keeps a user's null where there is no default", "b: 1\n", { a: null }, { a: null, b: 1 }],
  ["keeps a user's scalar over a default map", "m: {a: 1}\n", { m: "text" }, { m: "text" }],
];
for (const [what, defaults, given, expected] of COALESCED) {
  Deno.test(`coalesceValues() ${what}`, () => {
    assert.deepEqual(coalesceValues(testChart({ "values.yaml": defaults }), given), expected);
  });
}

Deno.test("coalesceValues() gives subcharts their table and the parent's globals, and changes neither argument", () => {
  const chart = testChart({ ...SUB, "values.yaml": "global: {own: parent, top: 1}\nsub: {port: 81}\n" });
  const given = { sub: { nested: { a: null } } };
  const values = coalesceValues(chart, given);
  assert.deepEqual(values["sub"], {
    port: 81,
    nested: { b: 2 },
    global: { own: "parent", top: 1 },
    exports: { data: { fromSub: true } },
  });
  assert.deepEqual(given, { sub: { nested: { a: null } } });
  assert.deepEqual(chart.dependencies[0]?.values["nested"], { a: 1, b: 2 });
});

Deno.test("coalesceValues() refuses values of a subchart that are not a map", () => {
  assert.throws(
    () => coalesceValues(testChart(SUB), { sub: "off" }),
    (error) => error instanceof HelmChartError && error.reason === "ValuesConflict",
  );
});

const ENABLED: readonly [string, string, Values, readonly string[]][] = [
  ["keeps a subchart without condition", "", {}, ["sub"]],
  ["drops it when its condition is false", ", condition: sub.enabled", { sub: { enabled: false } }, []],
  ["takes the first condition that is a boolean", ", condition: 'sub.no,sub.enabled'", {
    sub: { no: "x", enabled: false },
  }, []],
  ["drops it when its tag is off", ", tags: [t]", { tags: { t: false } }, []],
  ["lets a condition win over tags", ", tags: [t], condition: sub.enabled", {
    tags: { t: false },
    sub: { enabled: true },
  }, ["sub"]],
  ["renames it by its alias", ", alias: other", {}, ["other"]],
];
for (const [what, dependency, values, expected] of ENABLED) {
  Deno.test(`processDependencies() ${what}`, () => {
    const names = processDependencies(parent(dependency), values).dependencies.map((sub) => sub.metadata.name);
    assert.deepEqual(names, expected);
  });
}

Deno.test("processDependencies() keeps a vendored chart that no range asks for, whatever the condition says", () => {
  const chart = parent(", condition: sub.enabled, alias: other", "2.x.x");
  const { dependencies } = processDependencies(chart, { sub: { enabled: false } });
  assert.deepEqual(dependencies.map((sub) => sub.metadata.name), ["sub"]);
});

Deno.test("processDependencies() imports a subchart's values below the parent's own", () => {
  const imported = processDependencies(parent(", import-values: [data, {child: nested, parent: got}]"), {});
  assert.equal(imported.values["fromSub"], true);
  assert.deepEqual(imported.values["got"], { a: 1, b: 2 });
});

Deno.test("validateValues() reports violations of chart and subcharts in Helm's form", () => {
  const schema = (rules: unknown) =>
    JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", ...Object(rules) });
  const chart = testChart({
    ...SUB,
    "values.schema.json": schema({
      required: ["x", "y"],
      properties: { a: { type: "integer" }, b: { minLength: 5, pattern: "^\\d+$" } },
    }),
    "charts/sub/values.schema.json": schema({
      properties: { port: { anyOf: [{ type: "string" }, { type: "null" }] } },
    }),
  });
  assert.throws(() => validateValues(chart, { a: "text", b: "abc", sub: { port: 80 } }), {
    message: [
      "values don't meet the specifications of the schema(s) in the following chart(s):",
      "demo:",
      "- at '': missing properties 'x', 'y'",
      "- at '/a': got string, want integer",
      "- at '/b': validation failed",
      "  - at '/b': minLength: got 3, want 5",
      "  - at '/b': 'abc' does not match pattern '^\\\\d+$'",
      "sub:",
      "- at '/port': 'anyOf' failed",
      "  - at '/port': got number, want string",
      "  - at '/port': got number, want null",
      "",
    ].join("\n"),
  });
});

for (
  const draft of [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/schema#",
  ]
) {
  Deno.test(`validateValues() understands ${draft}`, () => {
    const chart = testChart({
      "values.schema.json": JSON.stringify({ $schema: draft, properties: { a: { type: "string" } } }),
    });
    validateValues(chart, { a: "x" });
    assert.throws(
      () => validateValues(chart, { a: 1n }),
      (error) => error instanceof HelmChartError && error.reason === "SchemaViolation",
    );
  });
}

Deno.test("validateValues() names the chart whose schema is none", () => {
  for (const text of ["{", '{"type": 5}', '{"$ref": "https://example.invalid/schema.json"}']) {
    const chart = testChart({ "values.schema.json": text });
    assert.throws(
      () => validateValues(chart, {}),
      (error) => error instanceof HelmChartError && error.reason === "InvalidSchema",
    );
  }
});

Deno.test("validateValues() ends soon with a pattern that makes other engines backtrack", () => {
  const rules = { properties: { a: { pattern: "^(a+)+$" }, b: { pattern: "^[\\w\\-]+$" } } };
  const chart = testChart({ "values.schema.json": JSON.stringify(rules) });
  validateValues(chart, { a: "a".repeat(50_000), b: "x-y" });
  assert.throws(() => validateValues(chart, { a: `${"a".repeat(50_000)}!` }), /does not match pattern/);
});

Deno.test("validateValues() refuses patterns that Go does not know", () => {
  const chart = testChart({ "values.schema.json": JSON.stringify({ properties: { a: { pattern: "(?=x)" } } }) });
  assert.throws(() => validateValues(chart, { a: "x" }), { name: "HelmChartError", reason: "InvalidSchema" });
});
