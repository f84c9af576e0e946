import { isArray, isObject, type Json } from "../json.ts";
import type { JqBudget } from "./budget.ts";
import { JqError } from "./errors.ts";
import { compareJson, indexValue, sliceBounds, typeName } from "./value.ts";

/** Largest index that an assignment makes room for. */
const MAX_INDEX = 65_536;

/** The value at a path; null where there is nothing. */
export function getPath(root: Json, path: readonly Json[]): Json {
  return path.reduce<Json>((value, key) => value === null ? null : indexValue(value, key), root);
}

/** A copy with another value at a path. */
export function setPath(root: Json, path: readonly Json[], value: Json, budget: JqBudget): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const next = setPath(root === null ? null : indexValue(root, key), rest, value, budget);
  if (typeof key === "string" && (root === null || isObject(root))) {
    budget.make(root === null ? 1 : Object.keys(root).length + 1);
    return { ...root, [key]: next };
  }
  if (typeof key === "number" && (root === null || isArray(root))) return withElement(root ?? [], key, next, budget);
  if (isObject(key) && (root === null || isArray(root))) return withSlice(root ?? [], key, next, budget);
  throw new JqError(`Cannot update field at ${typeName(key)} index of ${typeName(root)}`);
}

function withElement(items: readonly Json[], key: number, value: Json, budget: JqBudget): Json {
  const at = Math.floor(key < 0 ? key + items.length : key);
  if (at < 0) throw new JqError("Out of bounds negative array index");
  if (at > MAX_INDEX && at >= items.length) throw new JqError("Array index too large");
  budget.make(Math.max(items.length, at + 1));
  const copy = [...items];
  while (copy.length < at) copy.push(null);
  copy[at] = value;
  return copy;
}

function withSlice(items: readonly Json[], key: { readonly [key: string]: Json }, value: Json, budget: JqBudget): Json {
  if (!isArray(value)) throw new JqError("A slice of an array can only be assigned another array");
  const [start, end] = sliceBounds(items, key.start ?? null, key.end ?? null);
  budget.make(items.length + value.length);
  return [...items.slice(0, start), ...value, ...items.slice(end)];
}

/** A copy without what is at the paths. The last ones go first, so that the others stay where they are. */
export function deletePaths(root: Json, paths: readonly Json[], budget: JqBudget): Json {
  const ordered = paths.toSorted((a, b) => compareJson(b, a));
  return ordered.reduce<Json>((value, path) => {
    if (!isArray(path)) throw new JqError("Path must be specified as an array");
    return deletePath(value, path, budget);
  }, root);
}

function deletePath(root: Json, path: readonly Json[], budget: JqBudget): Json {
  const [key, ...rest] = path;
  if (key === undefined || root === null) return null;
  if (rest.length > 0) {
    const at = indexValue(root, key);
    return at === null ? root : setPath(root, [key], deletePath(at, rest, budget), budget);
  }
  if (isObject(root) && typeof key === "string") {
    budget.make(Object.keys(root).length);
    return Object.fromEntries(Object.entries(root).filter(([name]) => name !== key));
  }
  if (isArray(root) && typeof key === "number") {
    const at = Math.floor(key < 0 ? key + root.length : key);
    budget.make(root.length);
    return at < 0 || at >= root.length ? root : root.toSpliced(at, 1);
  }
  if (isArray(root) && isObject(key)) return withSlice(root, key, [], budget);
  throw new JqError(`Cannot delete field at ${typeName(key)} index of ${typeName(root)}`);
}
