/** Whether a target holds a value, and identities of values; pure. */
import { createHmac } from "node:crypto";
import { type FieldPath, FieldPathError, getValue, isArray, isObject, type Json } from "../../lib/transform/mod.ts";

/**
 * Whether what is there holds what is wanted. An object may hold more fields, which are somebody else's; a list may not hold
 * more elements.
 */
export function holds(there: Json | undefined, wanted: Json): boolean {
  if (there === undefined) return false;
  if (isArray(wanted)) {
    return isArray(there) && there.length === wanted.length && wanted.every((item, i) => holds(there[i], item));
  }
  if (!isObject(wanted)) return there === wanted;
  return isObject(there) &&
    Object.entries(wanted).every(([key, item]) => Object.hasOwn(there, key) && holds(there[key], item));
}

/** The value at a path, `undefined` where there is none. @throws {FieldPathError} where something else is on the way. */
export function existing(object: Json, path: FieldPath): Json | undefined {
  try {
    return getValue(object, path);
  } catch (error) {
    if (error instanceof FieldPathError && error.reason === "NotFound") return undefined;
    throw error;
  }
}

/** The same text for the same JSON, whatever the order of its keys. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_, item: Json) => {
    if (!isObject(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => a < b ? -1 : 1));
  });
}

/** `sha256:…` of a value, keyed: without the key a short secret could be guessed from it. */
export function hashOf(value: Json, key: string): string {
  return `sha256:${createHmac("sha256", key).update(canonical(value)).digest("hex")}`;
}
