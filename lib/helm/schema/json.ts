/** JSON of schemas: read with Go's errors, numbers kept as written; compared as Helm's validator compares. */
import { decodeJson, JsonDecodeError } from "../../gotemplate/functions/mod.ts";
import { SchemaError } from "./errors.ts";
import { compareNumbers, isNumeric, JsonNumber } from "./numbers.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

/** The value of an object's own key: schemas and values are full of keys like `constructor`. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * Reads a schema's text. Numbers that JavaScript would write otherwise are {@linkcode JsonNumber}s.
 *
 * @throws SchemaError `syntax`, with what Go's decoder says.
 */
export function readSchemaText(text: string): unknown {
  try {
    return JSON.parse(text, keepNumbers);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      throw new SchemaError("syntax", complaintAbout(text, error.message), { cause: error });
    }
    throw error;
  }
}

function keepNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined || context.source === String(value)) return value;
  return new JsonNumber(context.source);
}

/** Go reads from a stream: it tells an end that comes too early, and what stands behind a whole value. */
function complaintAbout(text: string, otherwise: string): string {
  if (text.trim() === "") return "EOF";
  try {
    decodeJson(text);
    return otherwise;
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    if (error.message === "unexpected end of JSON input") return "unexpected EOF";
    return /after top-level value$/.test(error.message) ? "invalid character after top-level value" : error.message;
  }
}

/** Whether two values are one: numbers by value, objects whatever the order of their keys. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (isNumeric(a)) return isNumeric(b) && compareNumbers(a, b) === 0;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (!isObject(a)) return a === b;
  const keys = Object.keys(a);
  return isObject(b) && keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]));
}

/** The first two items that are equal, the later one's first: `[0, 2]`; undefined where all differ. */
export function firstDuplicates(items: readonly unknown[]): [number, number] | undefined {
  const seen = new Map<unknown, number>();
  for (const [index, item] of items.entries()) {
    // Most lists are of texts: those need no comparison of all with all.
    if (typeof item === "string") {
      const before = seen.get(item);
      if (before !== undefined) return [before, index];
      seen.set(item, index);
      continue;
    }
    const before = items.findIndex((other, at) => at < index && isEqual(item, other));
    if (before >= 0 && before < index) return [before, index];
  }
  return undefined;
}
