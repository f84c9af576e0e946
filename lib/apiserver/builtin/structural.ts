/** Structural schemas of the built-in kinds, with every reference resolved. */
import { isObject, type JsonObject } from "../json_value.ts";
import type { StructuralSchema } from "../../schema/mod.ts";
import { componentOf, omittedZerosOf, referenceOf } from "./documents.ts";

const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const resolved = new Map<string, StructuralSchema>();
/** Scalar fields that are left out when they are zero. */
const omitted = new WeakSet<StructuralSchema>();
/** Copies of types that were not complete when they were referred to (`JSONSchemaProps` contains itself). */
let unfinished: (() => void)[] = [];

/**
 * The schema of a built-in type. Types are shared between schemas, and may contain themselves.
 *
 * It differs from what the server publishes where a structural schema says it otherwise: `int-or-string` has its extension,
 * quantities are a string or number with `format: quantity`, and what has no declared fields preserves whatever it is given.
 *
 * @param name e.g. `io.k8s.api.apps.v1.Deployment`
 */
export function builtinSchema(name: string): StructuralSchema {
  const known = resolved.get(name);
  if (known !== undefined) return known;
  const schema = resolve(name);
  const finish = unfinished;
  unfinished = [];
  for (const copy of finish) copy();
  return schema;
}

function resolve(name: string): StructuralSchema {
  const known = resolved.get(name);
  if (known !== undefined) return known;
  const schema: StructuralSchema = {};
  resolved.set(name, schema);
  if (name === QUANTITY) return Object.assign(schema, { format: "quantity" });
  Object.assign(schema, convert(componentOf(name)));
  for (const field of omittedZerosOf(name)) markOmitted(schema.properties?.[field]);
  return schema;
}

function markOmitted(field: StructuralSchema | undefined): void {
  if (field === undefined) return;
  omitted.add(field);
  if (!field.default) delete field.default;
}

/** Whether a field, given its schema, is left out when it is `""`, 0 or false. */
export function omitsZero(field: StructuralSchema): boolean {
  return omitted.has(field);
}

function convert(node: Readonly<JsonObject>): StructuralSchema {
  const reference = referenceOf(node);
  if (reference !== undefined) return resolve(reference);
  const { allOf, oneOf: _, properties, items, additionalProperties, ...rest } = node;
  const wrapped = Array.isArray(allOf) && isObject(allOf[0]) ? referenceOf(allOf[0]) : undefined;
  if (wrapped !== undefined) return withTarget(rest, resolve(wrapped));
  const schema: StructuralSchema = { ...rest };
  if (rest["format"] === "int-or-string") schema["x-kubernetes-int-or-string"] = true;
  if (isObject(properties)) schema.properties = convertAll(properties, schema.required ?? []);
  if (isObject(items)) schema.items = convert(items);
  if (isObject(additionalProperties)) schema.additionalProperties = convert(additionalProperties);
  const open = rest["type"] === "object" || rest["type"] === undefined && rest["format"] === undefined;
  if (open && properties === undefined && additionalProperties === undefined) {
    schema["x-kubernetes-preserve-unknown-fields"] = true;
  }
  return schema;
}

/** A reference with siblings: the target, with a description and a default of its own. */
function withTarget(own: StructuralSchema, target: StructuralSchema): StructuralSchema {
  const schema: StructuralSchema = { ...target, ...own };
  unfinished.push(() => Object.assign(schema, { ...target, ...own }));
  return schema;
}

/**
 * The published `default: ""` of a required field is Go's zero value, which the server refuses as missing; left out, so that the
 * schema itself says so. A default that is an object stands for a struct that is always there.
 */
function convertAll(properties: JsonObject, required: readonly string[]): Record<string, StructuralSchema> {
  const converted: Record<string, StructuralSchema> = {};
  for (const key of Object.keys(properties)) {
    const property = properties[key];
    if (!isObject(property)) continue;
    const schema = convert(property);
    if (required.includes(key) && (schema.default === "" || schema.default === 0)) delete schema.default;
    converted[key] = schema;
  }
  return converted;
}
