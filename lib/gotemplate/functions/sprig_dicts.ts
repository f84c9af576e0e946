/** Sprig's dictionary functions. `set`, `unset` and the merges change their first argument, as in Go. */
import { compareUtf8 } from "../bytes.ts";
import { deepCopy } from "./deep_copy.ts";
import { mergeMaps } from "./merge.ts";
import { typeName } from "./reflection.ts";
import { textOf } from "./text_of.ts";
import { fn, fnVariadic, FunctionError, type FunctionTable } from "../signature.ts";
import { GoMap, stringSlice, types, type Value } from "../value.ts";

const merge = fnVariadic([types.map], types.map, types.any, (target, ...sources) => {
  for (const source of sources) mergeMaps(target, source, false);
  return target;
});
const mergeOverwrite = fnVariadic([types.map], types.map, types.any, (target, ...sources) => {
  for (const source of sources) mergeMaps(target, source, true);
  return target;
});
const copy = fn([types.any], types.any, deepCopy);

/** `dict`, `get`, `set`, `merge`, `dig` and the other functions on maps. */
export const dictFunctions: FunctionTable = {
  dict: fnVariadic([], types.any, types.map, (...items) => {
    const map = new GoMap();
    for (let i = 0; i < items.length; i += 2) {
      map.set(textOf(items[i] ?? null), i + 1 < items.length ? items[i + 1] ?? null : "");
    }
    return map;
  }),
  get: fn([types.map, types.string], types.any, (map, key) => map.has(key) ? map.get(key) ?? null : ""),
  set: fn([types.map, types.string, types.any], types.map, (map, key, value) => {
    if (map.isNil) throw new FunctionError("assignment to entry in nil map");
    return map.set(key, value);
  }),
  unset: fn([types.map, types.string], types.map, (map, key) => {
    map.delete(key);
    return map;
  }),
  hasKey: fn([types.map, types.string], types.bool, (map, key) => map.has(key)),
  pluck: fnVariadic([types.string], types.map, types.slice, (key, ...maps) => {
    return maps.filter((map) => map.has(key)).map((map) => map.get(key) ?? null);
  }),
  // Go's maps have no order, so any order is right here; sorted, the same input gives the same output.
  keys: fnVariadic([], types.map, types.strings, (...maps) => stringSlice(maps.flatMap(sortedKeys))),
  values: fn([types.map], types.slice, (map) => sortedKeys(map).map((key) => map.get(key) ?? null)),
  pick: fnVariadic([types.map], types.string, types.map, (map, ...keys) => {
    return new GoMap(keys.filter((key) => map.has(key)).map((key) => [key, map.get(key) ?? null]));
  }),
  omit: fnVariadic([types.map], types.string, types.map, (map, ...keys) => {
    const omitted = new Set(keys);
    return new GoMap(Array.from(map).filter(([key]) => !omitted.has(key)));
  }),
  merge,
  mustMerge: merge,
  mergeOverwrite,
  mustMergeOverwrite: mergeOverwrite,
  deepCopy: copy,
  mustDeepCopy: copy,
  dig: fnVariadic([], types.any, types.any, dig),
};

function sortedKeys(map: GoMap): string[] {
  return Array.from(map.keys()).sort(compareUtf8);
}

function dig(...args: Value[]): Value {
  if (args.length < 3) throw new FunctionError("dig needs at least three arguments");
  let map = asMap(args.at(-1) ?? null);
  const fallback = args.at(-2) ?? null;
  const keys = args.slice(0, -2).map(asKey);
  for (const [index, key] of keys.entries()) {
    if (!map.has(key)) return fallback;
    const step = map.get(key) ?? null;
    if (index === keys.length - 1) return step;
    map = asMap(step);
  }
  return fallback;
}

function asMap(value: Value): GoMap {
  if (value instanceof GoMap && value.type === types.map) return value;
  throw conversion(value, types.map.name);
}

function asKey(value: Value): string {
  if (typeof value === "string") return value;
  throw conversion(value, "string");
}

function conversion(value: Value, wanted: string): FunctionError {
  const found = value === null ? "nil" : typeName(value);
  return new FunctionError(`interface conversion: interface {} is ${found}, not ${wanted}`);
}
