/** Removing what a schema does not know. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { additionalSchema, keepsUnknown } from "./compiled.ts";
import { RESOURCE_FIELDS } from "./object_meta.ts";

/**
 * Removes in place the fields that the schema of a whole object does not declare, and nulls that it does not allow.
 *
 * Null goes from declared fields and from typed maps unless they are `nullable`; it stays in lists, where validation refuses
 * it, and below `x-kubernetes-preserve-unknown-fields`, where nothing is known about it.
 *
 * @returns the paths of undeclared fields, e.g. `spec.items[0].x`; removed nulls are not among them, strict requests accept them
 */
export function prune(schema: StructuralSchema, object: unknown): string[] {
  const removed: string[] = [];
  pruneResource(schema, object, "", removed);
  return removed;
}

function pruneResource(schema: StructuralSchema, value: unknown, path: string, removed: string[]): void {
  if (isObject(value)) pruneObject(schema, value, path, removed, RESOURCE_FIELDS);
}

function pruneValue(schema: StructuralSchema, value: unknown, path: string, removed: string[]): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) {
      if (!keepsUnknown(schema)) dropFieldsOfItems(value, path, removed);
      return;
    }
    for (let index = 0; index < value.length; index++) pruneValue(items, value[index], `${path}[${index}]`, removed);
    return;
  }
  if (!isObject(value)) return;
  if (schema["x-kubernetes-embedded-resource"] === true) pruneResource(schema, value, path, removed);
  else pruneObject(schema, value, path, removed, undefined);
}

/** A list without a schema of its items may hold scalars only. */
function dropFieldsOfItems(list: unknown[], path: string, removed: string[]): void {
  for (let index = 0; index < list.length; index++) pruneValue({}, list[index], `${path}[${index}]`, removed);
}

function pruneObject(
  schema: StructuralSchema,
  object: JsonObject,
  path: string,
  removed: string[],
  implied: Readonly<Record<string, StructuralSchema>> | undefined,
): void {
  const { properties } = schema;
  const additional = additionalSchema(schema);
  const open = keepsUnknown(schema);
  for (const key of Object.keys(object)) {
    const value = object[key];
    const declared = childSchema(key, properties, implied) ?? additional;
    if (declared === undefined) {
      if (open) continue;
      delete object[key];
      removed.push(path === "" ? key : `${path}.${key}`);
    } else if (value === null && declared.nullable !== true) delete object[key];
    else if (typeof value === "object") pruneValue(declared, value, path === "" ? key : `${path}.${key}`, removed);
  }
}

/** Of a whole object `metadata` is always Kubernetes' own, whatever a schema says of it. */
function childSchema(
  key: string,
  properties: StructuralSchema["properties"],
  implied: Readonly<Record<string, StructuralSchema>> | undefined,
): StructuralSchema | undefined {
  if (implied !== undefined && Object.hasOwn(implied, key)) return implied[key];
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}
