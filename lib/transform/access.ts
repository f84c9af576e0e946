import { FieldPathError } from "./errors.ts";
import { type FieldPath, formatFieldPath, type Segment } from "./field_path.ts";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";

/** Largest index that {@linkcode setValue} makes room for: a typing error must not fill the memory with nulls. */
export const MAX_NEW_INDEX = 1024;

/**
 * The value at a path. A null at the end is a value; a null on the way holds nothing.
 *
 * @throws {FieldPathError} `NotFound` (`a.b: no such field`, `a[1]: no such element`), `NotAnObject`, `NotAnArray`, `Wildcard`.
 */
export function getValue(root: Json, path: FieldPath): Json {
  let value = root;
  path.forEach((segment, depth) => {
    const next = child(value, segment, () => formatFieldPath(path.slice(0, depth)));
    if (next === undefined) {
      const what = segment.kind === "index" ? "element" : "field";
      throw new FieldPathError("NotFound", `${formatFieldPath(path.slice(0, depth + 1))}: no such ${what}`);
    }
    value = next;
  });
  return value;
}

/** What a segment leads to; `undefined` when it is not there. `where` names the container, for errors. */
function child(container: Json, segment: Segment, where: () => string): Json | undefined {
  if (segment.kind === "wildcard") throw unexpectedWildcard(where());
  if (container === null) return undefined;
  if (segment.kind === "index") {
    if (!isArray(container)) throw new FieldPathError("NotAnArray", `${where() || "the value"}: not an array`);
    return container[segment.index];
  }
  if (!isObject(container)) throw new FieldPathError("NotAnObject", `${where() || "the value"}: not an object`);
  return Object.hasOwn(container, segment.name) ? container[segment.name] : undefined;
}

/**
 * A copy with another value at a path; everything else is shared with the original. Missing objects and arrays on the way are made, a
 * null counts as missing, and an array grows with nulls.
 *
 * @throws {FieldPathError} `NotAnObject`, `NotAnArray`, `Wildcard`, `IndexTooLarge` beyond {@linkcode MAX_NEW_INDEX}.
 */
export function setValue(root: Json, path: FieldPath, value: Json): Json {
  return replaced(root, path, 0, value);
}

function replaced(container: Json | undefined, path: FieldPath, depth: number, value: Json): Json {
  const segment = path[depth];
  if (segment === undefined) return value;
  const where = () => formatFieldPath(path.slice(0, depth));
  const at = child(container ?? null, segment, where);
  const next = replaced(at, path, depth + 1, value);
  if (segment.kind === "field") return withField(isObject(container) ? container : {}, segment.name, next);
  if (segment.kind === "wildcard") throw unexpectedWildcard(where());
  const items: readonly Json[] = isArray(container) ? container : [];
  return withElement(items, segment.index, next, path.slice(0, depth + 1));
}

/** A computed key in a literal makes an ordinary property even of `__proto__`. */
function withField(object: JsonObject, name: string, value: Json): JsonObject {
  return { ...object, [name]: value };
}

function withElement(items: readonly Json[], index: number, value: Json, path: FieldPath): Json {
  if (index >= items.length && index > MAX_NEW_INDEX) {
    throw new FieldPathError(
      "IndexTooLarge",
      `${formatFieldPath(path)}: the array has ${items.length} elements and grows to at most ${MAX_NEW_INDEX + 1}: ` +
        "check the index",
    );
  }
  const gap = Array.from({ length: Math.max(0, index - items.length) }, () => null);
  return [...items.slice(0, index), ...gap, value, ...items.slice(index + 1)];
}

/**
 * A copy without the field or element at a path; later elements move up. What is not there needs no deleting: then the same value is
 * returned.
 *
 * @throws {FieldPathError} `NotAnArray` (`cannot delete data[0]: not an array`), `NotAnObject`, `Wildcard`.
 */
export function deleteValue(root: Json, path: FieldPath): Json {
  return path.length === 0 ? root : removed(root, path, 0);
}

function removed(container: Json, path: FieldPath, depth: number): Json {
  const segment = path[depth];
  if (segment === undefined) return container;
  const at = child(container, segment, () => `cannot delete ${formatFieldPath(path)}`);
  if (at === undefined) return container;
  const isLast = depth === path.length - 1;
  const next = isLast ? undefined : removed(at, path, depth + 1);
  if (next === at) return container;
  if (segment.kind === "index" && isArray(container)) {
    return container.toSpliced(segment.index, 1, ...(next === undefined ? [] : [next]));
  }
  if (segment.kind !== "field" || !isObject(container)) return container;
  if (next !== undefined) return withField(container, segment.name, next);
  return Object.fromEntries(Object.entries(container).filter(([name]) => name !== segment.name));
}

/**
 * The concrete paths that a path with wildcards stands for in a value, in the order of the value. A path without wildcards stands for
 * itself, whether or not there is anything; below a wildcard only what exists is followed.
 *
 * @throws {FieldPathError} `NotAnObject`, `NotAnArray`: also where a wildcard meets a scalar.
 */
export function expandWildcards(root: Json, path: FieldPath): FieldPath[] {
  const at = path.findIndex((segment) => segment.kind === "wildcard");
  if (at < 0) return [path];
  const before = path.slice(0, at);
  const container = valueOrNull(root, before);
  return segmentsOf(container, before).flatMap((segment) =>
    expandWildcards(root, [...before, segment, ...path.slice(at + 1)])
  );
}

/** The value at a path, or null where it is missing. */
function valueOrNull(root: Json, path: FieldPath): Json {
  try {
    return getValue(root, path);
  } catch (error) {
    if (error instanceof FieldPathError && error.reason === "NotFound") return null;
    throw error;
  }
}

function segmentsOf(container: Json, path: FieldPath): Segment[] {
  if (container === null) return [];
  if (isArray(container)) return container.map((_, index): Segment => ({ kind: "index", index }));
  if (isObject(container)) return Object.keys(container).map((name): Segment => ({ kind: "field", name }));
  throw new FieldPathError("NotAnObject", `${formatFieldPath(path) || "the value"}: neither an array nor an object`);
}

function unexpectedWildcard(where: string): FieldPathError {
  return new FieldPathError("Wildcard", `${where}[*]: a wildcard names many places, and one is needed: name it`);
}
