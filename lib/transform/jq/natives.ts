import { isArray, isObject, type Json } from "../json.ts";
import { splitText } from "./arithmetic.ts";
import type { JqBudget } from "./budget.ts";
import { JqError } from "./errors.ts";
import { text } from "./formats.ts";
import { mathFunctions } from "./natives_math.ts";
import type { Native } from "./native.ts";
import { matchAll } from "./natives_regex.ts";
import { textFunctions } from "./natives_text.ts";
import { deletePaths, setPath } from "./paths.ts";
import { compareJson, isTrue, positionsOf, shown, sortedKeys, typeName } from "./value.ts";

/** Functions by `name/arity`. */
export const natives: Readonly<Record<string, Native>> = {
  ...mathFunctions,
  ...textFunctions,
  "not/0": (input) => !isTrue(input),
  "type/0": typeName,
  "length/0": lengthOf,
  "keys/0": (input) => isArray(input) ? input.map((_, i) => i) : sortedKeys(objectOf(input, "has no keys")),
  "keys_unsorted/0": (input) => isArray(input) ? input.map((_, i) => i) : Object.keys(objectOf(input, "has no keys")),
  "has/1": (input, [key = null]) => has(input, key),
  "contains/1": (input, [part = null], budget) => contains(input, part, budget),
  "error/0": (input) => raise(input),
  "error/1": (_, [value = null]) => raise(value),
  "halt_error/0": (input) => raise(input),
  "env/0": () => ({}),
  "now/0": () => Date.now() / 1000,
  "input_line_number/0": () => 0,
  "debug/0": (input) => input,
  "debug/1": (input) => input,
  "tojson/0": (input, _, budget) => charged(JSON.stringify(input), budget),
  "tostring/0": (input, _, budget) => charged(text(input), budget),
  "fromjson/0": (input) => parsed(input),
  "setpath/2": (input, [path = null, value = null], budget) =>
    setPath(input, arrayOf(path, "is not a path"), value, budget),
  "delpaths/1": (input, [paths = null], budget) => deletePaths(input, arrayOf(paths, "is not a list of paths"), budget),
  "reverse/0": (input, _, budget) => reversed(input, budget),
  "sort/0": (input, _, budget) => sortedBy(input, input, budget),
  "_sort_by/1": (input, [keys = null], budget) => sortedBy(input, keys, budget),
  "_group_by/1": (input, [keys = null], budget) => groupedBy(input, keys, budget),
  "min/0": (input) => extreme(input, input, -1),
  "max/0": (input) => extreme(input, input, 1),
  "_min_by/1": (input, [keys = null]) => extreme(input, keys, -1),
  "_max_by/1": (input, [keys = null]) => extreme(input, keys, 1),
  "flatten/0": (input, _, budget) => flattened(arrayOf(input, "cannot be flattened"), Infinity, budget),
  "flatten/1": (input, [depth = null], budget) =>
    flattened(arrayOf(input, "cannot be flattened"), depthOf(depth), budget),
  "indices/1": (input, [part = null]) => indices(input, part),
  "index/1": (input, [part = null]) => edge(indices(input, part), 0),
  "rindex/1": (input, [part = null]) => edge(indices(input, part), -1),
  "_match/2": (input, [pattern = null, flags = null], budget) => matchAll(input, pattern, flags, budget),
  "tonumber/0": toNumber,
  "split/1": (input, [separator = null], budget) => {
    if (typeof input !== "string" || typeof separator !== "string") {
      throw new JqError("split input and separator must be strings");
    }
    budget.make(input.length);
    return splitText(input, separator);
  },
};

function raise(value: Json): never {
  throw new JqError(value);
}

function charged(made: string, budget: JqBudget): string {
  budget.make(made.length);
  return made;
}

function lengthOf(value: Json): Json {
  if (value === null) return 0;
  if (typeof value === "boolean") throw new JqError(`${shown(value)} has no length`);
  if (typeof value === "number") return Math.abs(value);
  if (typeof value === "string") return Array.from(value).length;
  return Object.keys(value).length;
}

function objectOf(value: Json, why: string) {
  if (!isObject(value)) throw new JqError(`${shown(value)} ${why}`);
  return value;
}

function arrayOf(value: Json, why: string): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${shown(value)} ${why}`);
  return value;
}

function has(value: Json, key: Json): boolean {
  if (isObject(value) && typeof key === "string") return Object.hasOwn(value, key);
  if (isArray(value) && typeof key === "number") return key >= 0 && key < value.length;
  throw new JqError(`Cannot check whether ${typeName(value)} has a ${typeName(key)} key`);
}

function contains(value: Json, part: Json, budget: JqBudget): boolean {
  budget.step();
  if (isObject(value) && isObject(part)) {
    return Object.entries(part).every(([key, item]) =>
      Object.hasOwn(value, key) && contains(value[key] ?? null, item, budget)
    );
  }
  if (isArray(value) && isArray(part)) {
    return part.every((item) => value.some((one) => comparable(one, item) && contains(one, item, budget)));
  }
  if (typeof value === "string" && typeof part === "string") return value.includes(part);
  if (comparable(value, part)) return compareJson(value, part) === 0;
  throw new JqError(`${shown(value)} and ${shown(part)} cannot have their containment checked`);
}

function comparable(a: Json, b: Json): boolean {
  return typeName(a) === typeName(b);
}

function parsed(value: Json): Json {
  if (typeof value !== "string") throw new JqError(`${shown(value)} cannot be parsed as JSON`);
  try {
    return JSON.parse(value);
  } catch {
    throw new JqError(`a string of ${value.length} characters is not JSON`);
  }
}

function toNumber(value: Json): Json {
  if (typeof value === "number") return value;
  if (typeof value === "string" && /^\s*-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)) return Number(value);
  throw new JqError(`${shown(value)} cannot be parsed as a number`);
}

function reversed(value: Json, budget: JqBudget): Json {
  if (value === null) return [];
  budget.make(isArray(value) || typeof value === "string" ? value.length : 0);
  if (typeof value === "string") return Array.from(value).reverse().join("");
  return arrayOf(value, "cannot be reversed").toReversed();
}

/** Elements with their keys in the order of the keys; equal keys keep their order. */
function keyed(value: Json, keys: Json): { readonly item: Json; readonly key: Json }[] {
  const order = arrayOf(keys, "cannot be sorted, as it is not an array");
  return arrayOf(value, "cannot be sorted, as it is not an array").map((item, i) => ({ item, key: order[i] ?? null }))
    .sort((a, b) => compareJson(a.key, b.key));
}

function sortedBy(value: Json, keys: Json, budget: JqBudget): Json {
  const pairs = keyed(value, keys);
  budget.make(pairs.length);
  return pairs.map(({ item }) => item);
}

function groupedBy(value: Json, keys: Json, budget: JqBudget): Json {
  const groups: { readonly key: Json; readonly items: Json[] }[] = [];
  for (const { item, key } of keyed(value, keys)) {
    budget.make(1);
    const last = groups.at(-1);
    if (last !== undefined && compareJson(last.key, key) === 0) last.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ items }) => items);
}

function extreme(value: Json, keys: Json, side: -1 | 1): Json {
  const pairs = keyed(value, keys);
  const best = side < 0 ? pairs[0] : pairs.at(-1);
  return best?.item ?? null;
}

function depthOf(depth: Json): number {
  if (typeof depth !== "number" || depth < 0) throw new JqError("flatten depth must not be negative");
  return depth;
}

function flattened(items: readonly Json[], depth: number, budget: JqBudget): Json[] {
  budget.make(items.length);
  return items.flatMap((item) => isArray(item) && depth > 0 ? flattened(item, depth - 1, budget) : [item]);
}

function indices(value: Json, part: Json): readonly number[] | null {
  if (value === null) return null;
  if (typeof value === "string" && typeof part === "string") return textPositions(value, part);
  const items = arrayOf(value, "cannot be searched");
  return positionsOf(items, isArray(part) ? part : [part]);
}

/** By code points; matches may overlap. */
function textPositions(value: string, part: string): number[] {
  if (part === "") return [];
  const found: number[] = [];
  for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + 1)) {
    found.push(Array.from(value.slice(0, at)).length);
  }
  return found;
}

function edge(positions: readonly number[] | null, at: number): Json {
  return positions?.at(at) ?? null;
}
