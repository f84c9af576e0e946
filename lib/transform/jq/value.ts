import { isArray, isObject, type Json } from "../json.ts";
import { JqError } from "./errors.ts";

/** jq's name of a value's type. */
export function typeName(value: Json): string {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  return typeof value;
}

/** All but null and false. */
export function isTrue(value: Json): boolean {
  return value !== null && value !== false;
}

const ORDER = ["null", "boolean", "number", "string", "array", "object"];

/** jq's order of all values: null, false, true, numbers, strings by code point, arrays, objects. */
export function compareJson(a: Json, b: Json): number {
  const kind = ORDER.indexOf(typeName(a)) - ORDER.indexOf(typeName(b));
  if (kind !== 0) return kind;
  if (typeof a === "boolean" || typeof a === "number") {
    return Number(a) < Number(b) ? -1 : Number(a) === Number(b) ? 0 : 1;
  }
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (isArray(a) && isArray(b)) return compareArrays(a, b);
  if (!isObject(a) || !isObject(b)) return 0;
  const keys = sortedKeys(a);
  const byKeys = compareArrays(keys, sortedKeys(b));
  return byKeys !== 0 ? byKeys : compareArrays(keys.map((key) => a[key] ?? null), keys.map((key) => b[key] ?? null));
}

function compareArrays(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareJson(a[i] ?? null, b[i] ?? null);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** UTF-16 order differs from that of code points where surrogates meet what follows them. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const [x, y] = [Array.from(a), Array.from(b)];
  const at = x.findIndex((character, i) => character !== y[i]);
  if (at < 0) return -1;
  return (x[at]?.codePointAt(0) ?? -1) - (y[at]?.codePointAt(0) ?? -1);
}

/** Keys of an object in jq's order. */
export function sortedKeys(object: { readonly [key: string]: Json }): string[] {
  return Object.keys(object).sort(compareText);
}

/** A value in an error message: its type and size alone, because it may come from a Secret. */
export function shown(value: Json): string {
  if (typeof value === "string") return `string of ${value.length} characters`;
  return isArray(value) ? `array of ${value.length} elements` : typeName(value);
}

/** `.[key]` for one key. */
export function indexValue(value: Json, key: Json): Json {
  if (value === null && (key === null || typeof key === "string" || typeof key === "number" || isObject(key))) {
    return null;
  }
  if (isObject(value) && typeof key === "string") return Object.hasOwn(value, key) ? value[key] ?? null : null;
  if (isArray(value) && typeof key === "number") {
    const at = Math.floor(key);
    return value[at < 0 ? at + value.length : at] ?? null;
  }
  if (isObject(key) && (isArray(value) || typeof value === "string")) {
    return sliceValue(value, key.start ?? null, key.end ?? null);
  }
  if (isArray(value) && isArray(key)) return positionsOf(value, key);
  if (isObject(value) || isArray(value) || typeof key !== "string") {
    throw new JqError(`Cannot index ${typeName(value)} with ${typeName(key)}`);
  }
  throw new JqError(`Cannot index ${typeName(value)} with ${JSON.stringify(key)}`);
}

/** `.[from:to]`; strings are cut by code points. */
export function sliceValue(value: Json, from: Json, to: Json): Json {
  if (value === null) return null;
  if (!isArray(value) && typeof value !== "string") throw new JqError(`Cannot index ${typeName(value)} with object`);
  const [start, end] = sliceBounds(value, from, to);
  return typeof value === "string" ? Array.from(value).slice(start, end).join("") : value.slice(start, end);
}

/** The bounds of a slice within a value. */
export function sliceBounds(value: readonly Json[] | string, from: Json, to: Json): [number, number] {
  if ((from !== null && typeof from !== "number") || (to !== null && typeof to !== "number")) {
    throw new JqError("Start and end indices of an array slice must be numbers");
  }
  const length = typeof value === "string" ? Array.from(value).length : value.length;
  const clamp = (at: number) => Math.max(0, Math.min(length, at < 0 ? at + length : at));
  const start = clamp(Math.floor(from ?? 0));
  return [start, Math.max(start, clamp(Math.ceil(to ?? length)))];
}

/** Where an array holds another one. */
export function positionsOf(value: readonly Json[], part: readonly Json[]): number[] {
  if (part.length === 0) return [];
  return value.map((_, i) => i).filter((i) =>
    i + part.length <= value.length && part.every((item, j) => compareJson(value[i + j] ?? null, item) === 0)
  );
}
