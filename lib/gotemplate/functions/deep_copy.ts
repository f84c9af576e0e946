/**
 * Copies of whole trees.
 *
 * @module
 */
import { NamedMap } from "../named_map.ts";
import { FunctionError } from "../signature.ts";
import { GoBytes, GoMap, GoObject, GoSlice, type Value } from "../value.ts";

/** Deeper than any data; only a value that contains itself gets there. */
const MAX_DEPTH = 2_000;

/** A copy that shares no map and no list with the original. Numbers, texts, times and versions cannot change and are shared. */
export function deepCopy(value: Value): Value {
  if (value === null) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  return copy(value, 0);
}

function copy(value: Value, depth: number): Value {
  if (value === null || typeof value !== "object") return value;
  if (depth > MAX_DEPTH) throw new FunctionError("deepCopy error: the value contains itself");
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
  if (value instanceof NamedMap) return new NamedMap(copyMap(value.plain, depth), value.type, value.methods);
  if (value instanceof GoMap) return copyMap(value, depth);
  if (value instanceof GoSlice) {
    return new GoSlice(value.type, value.items.map((item) => copy(item, depth + 1)), value.isNil);
  }
  if (value instanceof GoObject) return value.exported();
  return value instanceof GoBytes ? new GoBytes(value.bytes.slice()) : value;
}

function copyMap(map: GoMap, depth: number): GoMap {
  return new GoMap(Array.from(map, ([key, item]) => [key, copy(item, depth + 1)]), map.type, map.isNil);
}
