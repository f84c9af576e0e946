/** Whether a document is a schema at all: the shape of each keyword, its patterns and its references. */
import { below, type Draft, follow, type Located, of, type SchemaDocument } from "./document.ts";
import { SchemaError, type SchemaErrorReason } from "./errors.ts";
import { equal, isObject, type JsonObject } from "./json.ts";
import { compilePattern } from "./pattern.ts";

type Shape =
  | "schema"
  | "schemas"
  | "schemaMap"
  | "patternMap"
  | "schemaOrList"
  | "dependencies"
  | "stringListMap"
  | "type"
  | "number"
  | "positive"
  | "count"
  | "exclusive"
  | "boolean"
  | "string"
  | "pattern"
  | "strings"
  | "list";

const SHAPES: Readonly<Record<string, Shape>> = {
  type: "type",
  required: "strings",
  enum: "list",
  pattern: "pattern",
  format: "string",
  title: "string",
  description: "string",
  $ref: "string",
  $comment: "string",
  $anchor: "string",
  examples: "list",
  properties: "schemaMap",
  patternProperties: "patternMap",
  definitions: "schemaMap",
  $defs: "schemaMap",
  dependentSchemas: "schemaMap",
  dependencies: "dependencies",
  dependentRequired: "stringListMap",
  additionalProperties: "schema",
  propertyNames: "schema",
  items: "schemaOrList",
  additionalItems: "schema",
  contains: "schema",
  prefixItems: "schemas",
  not: "schema",
  if: "schema",
  then: "schema",
  else: "schema",
  unevaluatedItems: "schema",
  unevaluatedProperties: "schema",
  allOf: "schemas",
  anyOf: "schemas",
  oneOf: "schemas",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "exclusive",
  exclusiveMaximum: "exclusive",
  multipleOf: "positive",
  minLength: "count",
  maxLength: "count",
  minItems: "count",
  maxItems: "count",
  minProperties: "count",
  maxProperties: "count",
  minContains: "count",
  maxContains: "count",
  uniqueItems: "boolean",
};

/** Keywords that later drafts brought; earlier ones do not know them, so anything may stand there. */
const SINCE: Readonly<Record<string, readonly Draft[]>> = {
  $defs: ["2019-09", "2020-12"],
  dependentSchemas: ["2019-09", "2020-12"],
  dependentRequired: ["2019-09", "2020-12"],
  unevaluatedItems: ["2019-09", "2020-12"],
  unevaluatedProperties: ["2019-09", "2020-12"],
  minContains: ["2019-09", "2020-12"],
  maxContains: ["2019-09", "2020-12"],
  $anchor: ["2019-09", "2020-12"],
  prefixItems: ["2020-12"],
  if: ["07", "2019-09", "2020-12"],
  then: ["07", "2019-09", "2020-12"],
  else: ["07", "2019-09", "2020-12"],
  contains: ["06", "07", "2019-09", "2020-12"],
  propertyNames: ["06", "07", "2019-09", "2020-12"],
  const: ["06", "07", "2019-09", "2020-12"],
  examples: ["06", "07", "2019-09", "2020-12"],
  $comment: ["07", "2019-09", "2020-12"],
};

const TYPES = ["null", "boolean", "object", "array", "number", "integer", "string"];

/** Whether a draft knows a keyword. */
export function knows(draft: Draft, keyword: string): boolean {
  return SINCE[keyword]?.includes(draft) ?? true;
}

/**
 * Checks every schema of a document that Helm's validator would compile.
 *
 * @throws {SchemaError} `InvalidKeyword`, `InvalidPattern` or `UnresolvableReference`, with the place.
 */
export function checkDocument(document: SchemaDocument): void {
  checkSchema({ document, schema: document.root, pointer: "#", trail: [] });
}

function fail(at: Located, reason: SchemaErrorReason, problem: string): never {
  throw new SchemaError(
    reason,
    at.pointer,
    `Cannot use values.schema.json${of(at.document.chart)}: at ${at.pointer}: ${problem}`,
  );
}

function checkSchema(at: Located): void {
  const { schema, document } = at;
  if (typeof schema === "boolean" && document.draft !== "04") return;
  if (!isObject(schema)) {
    fail(at, "InvalidKeyword", `a schema is an object${document.draft === "04" ? "" : " or a boolean"}`);
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const shape = Object.hasOwn(SHAPES, keyword) ? SHAPES[keyword] : undefined;
    if (shape !== undefined && knows(document.draft, keyword)) CHECKS[shape](below(at, value, keyword), schema);
  }
  const reference = schema["$ref"];
  if (typeof reference === "string" && follow(at, reference) === undefined) {
    fail(below(at, reference, "$ref"), "UnresolvableReference", `nothing is at ${JSON.stringify(reference)}`);
  }
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

const each = (at: Located, check: (child: Located) => void): void => {
  if (!isObject(at.schema)) fail(at, "InvalidKeyword", "must be an object");
  for (const [key, child] of Object.entries(at.schema)) check(below(at, child, key));
};

const must = (test: (value: unknown) => boolean, problem: string) => (at: Located): void => {
  if (!test(at.schema)) fail(at, "InvalidKeyword", `${problem}, not ${JSON.stringify(at.schema)?.slice(0, 60)}`);
};

const checkPattern = (at: Located, source: string): void => {
  const pattern = compilePattern(source);
  if (pattern.kind === "invalid") fail(at, "InvalidPattern", `${JSON.stringify(source)}: ${pattern.reason}`);
};

const checkStrings = must(
  (value) => isStrings(value) && new Set(value).size === value.length,
  "must be a list of different strings",
);

const checkSchemas = (at: Located): void => {
  if (!Array.isArray(at.schema) || at.schema.length === 0) fail(at, "InvalidKeyword", "must be a list of schemas");
  at.schema.forEach((child, index) => checkSchema(below(at, child, index)));
};

const CHECKS: Readonly<Record<Shape, (at: Located, around: JsonObject) => void>> = {
  schema: (at) => {
    const additional = at.pointer.endsWith("/additionalProperties") || at.pointer.endsWith("/additionalItems");
    if (!(additional && typeof at.schema === "boolean")) checkSchema(at);
  },
  schemas: checkSchemas,
  schemaMap: (at) => each(at, checkSchema),
  patternMap: (at) => {
    each(at, checkSchema);
    if (isObject(at.schema)) { for (const source of Object.keys(at.schema)) checkPattern(at, source); }
  },
  schemaOrList: (at) => Array.isArray(at.schema) ? checkSchemas(at) : checkSchema(at),
  dependencies: (at) => each(at, (child) => Array.isArray(child.schema) ? checkStrings(child) : checkSchema(child)),
  stringListMap: (at) => each(at, checkStrings),
  type: must(
    (value) => {
      const names = typeof value === "string" ? [value] : value;
      return isStrings(names) && names.length > 0 && new Set(names).size === names.length &&
        names.every((name) => TYPES.includes(name));
    },
    `must be one or several of ${TYPES.join(", ")}`,
  ),
  number: must((value) => typeof value === "number", "must be a number"),
  positive: must((value) => typeof value === "number" && value > 0, "must be a number above 0"),
  count: must((value) => Number.isInteger(value) && Number(value) >= 0, "must be an integer of at least 0"),
  exclusive: (at) =>
    at.document.draft === "04"
      ? must((value) => typeof value === "boolean", "must be a boolean in draft 04")(at)
      : must((value) => typeof value === "number", "must be a number since draft 06")(at),
  boolean: must((value) => typeof value === "boolean", "must be a boolean"),
  string: must((value) => typeof value === "string", "must be a string"),
  pattern: (at) =>
    typeof at.schema === "string" ? checkPattern(at, at.schema) : fail(at, "InvalidPattern", "must be a string"),
  strings: checkStrings,
  list: (at, around) => {
    if (!Array.isArray(at.schema)) fail(at, "InvalidKeyword", "must be a list");
    if (at.document.draft === "04" && at.schema.length === 0 && equal(around["enum"], at.schema)) {
      fail(at, "InvalidKeyword", "must not be empty in draft 04");
    }
  },
};
