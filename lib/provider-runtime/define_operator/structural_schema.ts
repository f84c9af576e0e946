/** From the JSON Schema that TypeBox makes to the structural schema that a CRD takes. */
import type { TSchema } from "../../deps/typebox.ts";
import type { Json } from "../../kube/mod.ts";
import { DefinitionError } from "./definition_error.ts";

/** A structural schema, as raw JSON. */
export type StructuralSchema = { [keyword: string]: Json };

type Node = Readonly<Record<string, unknown>>;

/** Keywords that mean the same in both. */
const SAME = new Set([
  "type",
  "title",
  "description",
  "default",
  "enum",
  "format",
  "pattern",
  "minimum",
  "maximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "nullable",
  "example",
]);

/** Keywords that need another form, or none: the API server drops unknown fields without being told to. */
const TRANSLATED: Readonly<Record<string, (value: unknown, node: Node, path: string) => StructuralSchema>> = {
  properties: (value, _, path) => ({ properties: mapNodes(value, path) }),
  required: (value, node) => requiredOf(value, node),
  items: (value, _, path) => ({ items: structural(value, `${path}[]`) }),
  patternProperties: (value, _, path) => ({ additionalProperties: mapValue(value, path) }),
  additionalProperties: (value, _, path) => {
    return typeof value === "object" ? { additionalProperties: structural(value, `${path}.*`) } : {};
  },
  const: (value, _, path) => ({ enum: [jsonOf(value, path)] }),
  anyOf: (value, _, path) => unionOf(value, path),
  exclusiveMinimum: (value, _, path) => ({ minimum: jsonOf(value, path), exclusiveMinimum: true }),
  exclusiveMaximum: (value, _, path) => ({ maximum: jsonOf(value, path), exclusiveMaximum: true }),
  uniqueItems: (value) => value === true ? { "x-kubernetes-list-type": "set" } : {},
  $id: () => ({}),
};

/**
 * The structural schema of a TypeBox schema.
 *
 * @param path Where the schema stands, for messages.
 * @throws {DefinitionError} `UnsupportedSchema`, with the path of what a CRD cannot express.
 */
export function structuralSchema(schema: TSchema, path: string): StructuralSchema {
  return structural(schema, path);
}

function structural(value: unknown, path: string): StructuralSchema {
  const node = nodeOf(value, path);
  const result: StructuralSchema = {};
  for (const [keyword, content] of Object.entries(node)) {
    if (content === undefined) continue;
    const translate = TRANSLATED[keyword];
    if (translate !== undefined) Object.assign(result, translate(content, node, path));
    else if (SAME.has(keyword) || keyword.startsWith("x-kubernetes-")) result[keyword] = jsonOf(content, path);
    else throw unsupported(path, `keyword "${keyword}"`);
  }
  // What may be anything must say so, or the API server would prune it.
  const isAnything = result["type"] === undefined && result["enum"] === undefined &&
    result["x-kubernetes-int-or-string"] === undefined;
  return isAnything ? { ...result, "x-kubernetes-preserve-unknown-fields": true } : result;
}

function mapNodes(value: unknown, path: string): StructuralSchema {
  return Object.fromEntries(
    Object.entries(nodeOf(value, path)).map(([name, child]) => [name, structural(child, `${path}.${name}`)]),
  );
}

/** A field with a default need not be written. */
function requiredOf(value: unknown, node: Node): StructuralSchema {
  const properties = node["properties"];
  const fields = typeof properties === "object" && properties !== null ? properties as Node : {};
  const hasDefault = (name: string) => {
    const field = fields[name];
    return typeof field === "object" && field !== null && "default" in field;
  };
  const required = Array.isArray(value) ? value.filter((name) => typeof name === "string" && !hasDefault(name)) : [];
  return required.length > 0 ? { required } : {};
}

/** `Type.Record`: keys cannot be constrained by a structural schema. */
function mapValue(value: unknown, path: string): StructuralSchema {
  const [[pattern = "", child] = [], ...more] = Object.entries(nodeOf(value, path));
  if (pattern !== "^(.*)$" || more.length > 0) throw unsupported(path, `a record with keys like ${pattern}`);
  return structural(child, `${path}.*`);
}

/** A union of literals is an enum, one with null is nullable, integer or string is Kubernetes' own type. */
function unionOf(value: unknown, path: string): StructuralSchema {
  const members = Array.isArray(value) ? value.map((member: unknown) => nodeOf(member, path)) : [];
  const rest = members.filter(({ type }) => type !== "null");
  const nullable: StructuralSchema = rest.length < members.length ? { nullable: true } : {};
  const [first] = rest;
  if (first !== undefined && rest.length === 1) return { ...structural(first, path), ...nullable };
  const types = new Set(rest.map(({ type }) => type));
  if (types.size === 1 && rest.every((member) => "const" in member)) {
    return {
      type: jsonOf(first?.["type"], path),
      enum: rest.map((member) => jsonOf(member["const"], path)),
      ...nullable,
    };
  }
  const isIntOrString = types.size === 2 && types.has("integer") && types.has("string");
  if (!isIntOrString) throw unsupported(path, "a union of different types");
  return { "x-kubernetes-int-or-string": true, ...nullable };
}

function nodeOf(value: unknown, path: string): Node {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unsupported(path, JSON.stringify(value));
  }
  return value as Node;
}

function jsonOf(value: unknown, path: string): Json {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value as Json;
  if (Array.isArray(value)) return value.map((item: unknown) => jsonOf(item, path));
  if (typeof value !== "object") throw unsupported(path, `a ${typeof value}`);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonOf(item, path)]));
}

function unsupported(path: string, what: string): DefinitionError {
  return new DefinitionError(
    "UnsupportedSchema",
    `Cannot make a structural schema of ${path}: it has ${what}: use objects, arrays, records of strings, scalars, ` +
      `unions of literals, or a rule in "x-kubernetes-validations"`,
  );
}
