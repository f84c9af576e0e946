/** Small tools over plain JSON. */

/** A JSON object, of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an own key; what `Object.prototype` holds (`toString`, `__proto__`) does not count. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** An own key's value where it is an object, else an empty one. */
export function ownObject(object: JsonObject, key: string): JsonObject {
  const value = own(object, key);
  return isObject(value) ? value : {};
}

/** An own key's value where it is a list, else an empty one. */
export function ownList(object: JsonObject, key: string): readonly unknown[] {
  const value = own(object, key);
  return Array.isArray(value) ? value : [];
}

/** An object of entries; a key `__proto__` becomes an ordinary key. */
export function objectOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries(entries);
}

/** Whether two JSON values are the same; the order of keys does not count. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** Helm's merge of a user's values over a chart's: maps merge, everything else replaces, null deletes. */
export function coalesce(user: unknown, base: unknown): unknown {
  if (!isObject(user) || !isObject(base)) return user;
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(user)) {
    if (value === null && merged.has(key)) merged.delete(key);
    else merged.set(key, coalesce(value, merged.get(key)));
  }
  return objectOf(merged);
}
