/** Reading objects whose shape the schema has checked, or has not yet: what is not there, or is something else, reads as nothing. */
import { isObject, type JsonObject, valueAt } from "../json_value.ts";

/** The object at a dotted path; empty when there is none. */
export function objectAt(from: unknown, path: string): JsonObject {
  const value = valueAt(from, path);
  return isObject(value) ? value : {};
}

/** The objects of the list at a dotted path. */
export function objectsAt(from: unknown, path: string): JsonObject[] {
  const value = valueAt(from, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The list at a dotted path; empty when there is none. */
export function listAt(from: unknown, path: string): unknown[] {
  const value = valueAt(from, path);
  return Array.isArray(value) ? value : [];
}

/** The string at a dotted path; empty when there is none. */
export function stringAt(from: unknown, path: string): string {
  const value = valueAt(from, path);
  return typeof value === "string" ? value : "";
}

/** The number at a dotted path; 0 when there is none. */
export function numberAt(from: unknown, path: string): number {
  const value = valueAt(from, path);
  return typeof value === "number" ? value : 0;
}

/** Sets a field that is absent, or empty where empty means absent. */
export function fallback(object: JsonObject, key: string, value: unknown): void {
  const own = object[key];
  if (own === undefined || own === null || (own === "" && value !== "")) object[key] = value;
}

/** The object at a field, made when it is absent. */
export function makeObject(object: JsonObject, key: string): JsonObject {
  const own = object[key];
  if (isObject(own)) return own;
  const made: JsonObject = {};
  object[key] = made;
  return made;
}
