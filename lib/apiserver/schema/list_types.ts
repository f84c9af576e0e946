/** Lists that are sets or maps hold each item once. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { equalJson, isObject, type JsonObject } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { additionalSchema, oncePerSchema } from "./compiled.ts";
import { duplicate, invalid } from "./field_error.ts";

/** Most schemas have no such lists, or only far from here: no visit then. */
const hasListTypes = oncePerSchema((schema) => contains(schema, new Set()));

function contains(schema: StructuralSchema, seen: Set<StructuralSchema>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  const type = schema["x-kubernetes-list-type"];
  if (type === "set" || type === "map") return true;
  const children = [schema.items, additionalSchema(schema), ...Object.values(schema.properties ?? {})];
  return children.some((child) => child !== undefined && contains(child, seen));
}

/** Errors of all lists in an object; those of a list that a change left alone do not count. */
export function listTypeErrors(schema: StructuralSchema, object: unknown, old: unknown): FieldError[] {
  const errors: FieldError[] = [];
  visit(schema, object, old, "", errors);
  return errors;
}

function visit(schema: StructuralSchema, value: unknown, old: unknown, path: string, errors: FieldError[]): void {
  if (!hasListTypes(schema)) return;
  if (Array.isArray(value)) {
    if (old === undefined || !equalJson(value, old)) errors.push(...listErrors(schema, value, path));
    const { items } = schema;
    if (items === undefined) return;
    for (const [index, item] of value.entries()) visit(items, item, undefined, `${path}[${index}]`, errors);
  } else if (isObject(value)) {
    const additional = additionalSchema(schema);
    for (const key of Object.keys(value)) {
      const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
      const child = declared ? schema.properties?.[key] : additional;
      if (child === undefined) continue;
      const before = isObject(old) ? old[key] : undefined;
      visit(child, value[key], before, declared ? (path === "" ? key : `${path}.${key}`) : `${path}[${key}]`, errors);
    }
  }
}

function listErrors(schema: StructuralSchema, list: readonly unknown[], path: string): FieldError[] {
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      return duplicates(list).map((index) => duplicate(`${path}[${index}]`, list[index]));
    case "map":
      return mapErrors(schema["x-kubernetes-list-map-keys"] ?? [], list, path);
    default:
      return [];
  }
}

function mapErrors(keys: readonly string[], list: readonly unknown[], path: string): FieldError[] {
  const stranger = list.findIndex((item) => item !== null && !isObject(item));
  if (stranger >= 0) {
    return [invalid(`${path}[${stranger}]`, list[stranger], "must be an object for an array of list-type map")];
  }
  const identities = list.map((item) => keysOf(item, keys));
  return duplicates(identities).map((index) => duplicate(`${path}[${index}]`, identities[index]));
}

function keysOf(item: unknown, keys: readonly string[]): JsonObject {
  const identity: JsonObject = {};
  for (const key of [...keys].sort()) if (isObject(item) && item[key] !== undefined) identity[key] = item[key];
  return identity;
}

/** Where an item comes a second time; a third time is not told. */
function duplicates(list: readonly unknown[]): number[] {
  const times = new Map<string, number>();
  const found: number[] = [];
  for (const [index, item] of list.entries()) {
    const text = JSON.stringify(item, sortKeys);
    const seen = (times.get(text) ?? 0) + 1;
    times.set(text, seen);
    if (seen === 2) found.push(index);
  }
  return found;
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => left < right ? -1 : 1));
}
