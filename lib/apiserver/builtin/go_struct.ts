/** What becomes of a built-in object when the real server reads it into its Go types and writes it again. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { canonicalQuantity } from "../schema/mod.ts";
import { omitsZero } from "./structural.ts";

/**
 * Brings an object into the form that the server would give it back in, in place: quantities canonical, empty maps and lists
 * gone, and so are scalars that are zero where the type leaves those out (`value: ""` of an environment variable).
 */
export function tidy(schema: StructuralSchema, object: JsonObject): void {
  const additional = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  for (const key of Object.keys(object)) {
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, key)
      ? schema.properties[key]
      : undefined;
    const field = declared ?? additional;
    if (field === undefined) continue;
    const value = object[key];
    const needed = schema.required?.includes(key) === true || declared === undefined;
    if (!needed && isNothing(field, value)) delete object[key];
    else if (field.format === "quantity") object[key] = canonicalQuantity(value) ?? value;
    else tidyValue(field, value);
  }
}

function tidyValue(schema: StructuralSchema, value: unknown): void {
  if (Array.isArray(value)) {
    if (schema.items !== undefined) { for (const item of value) tidyValue(schema.items, item); }
  } else if (isObject(value)) tidy(schema, value);
}

function isNothing(schema: StructuralSchema, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  // A struct that is there and empty says something (`emptyDir: {}`); an empty map does not.
  if (isObject(value)) return schema.additionalProperties !== undefined && Object.keys(value).length === 0;
  return (value === "" || value === 0 || value === false) && omitsZero(schema);
}

/** A struct with nothing set, as the server writes it: structs within it, and numbers and flags that it never leaves out. */
export function emptyStruct(schema: StructuralSchema): JsonObject {
  const struct: JsonObject = {};
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    const needed = schema.required?.includes(key) === true;
    if (isObject(field.default)) struct[key] = emptyStruct(field);
    else if (field.default !== undefined) struct[key] = field.default;
    else if (needed && (field.type === "integer" || field.type === "number")) struct[key] = 0;
    else if (needed && field.type === "boolean") struct[key] = false;
  }
  return struct;
}
