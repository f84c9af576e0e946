/** JSON patches for what an apply cannot express; pure. */
import { type FieldPath, getValue, isArray, type Json, setValue } from "../../../lib/transform/mod.ts";
import type { Placed } from "./document.ts";
import { stepInto } from "./managed_fields.ts";

/** RFC 6902, as far as it is used. */
export type JsonPatch = readonly (
  | { readonly op: "test" | "add" | "replace"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string }
)[];

/**
 * Operations that put values into lists: each list as a whole, under the test that it still is what was read. Somebody else's
 * change of the list in between fails the patch, and changes nothing.
 */
export function listOperations(live: Json, placed: readonly Placed[]): JsonPatch {
  const lists = new Map<string, FieldPath>();
  for (const { path } of placed) {
    const list = path.slice(0, path.findIndex(({ kind }) => kind === "index"));
    lists.set(JSON.stringify(list), list);
  }
  const next = placed.reduce((object, { path, value }) => setValue(object, path, value), live);
  return [...lists.values()].flatMap((path) => {
    const before = valueAt(live, path);
    const tests: JsonPatch = before === undefined ? [] : [{ op: "test", path: pointer(path), value: before }];
    return [...tests, ...editOperations(live, path, getValue(next, path))];
  });
}

/** Operations that set a value, making what is missing on the way, or remove it where it is `undefined`. */
export function editOperations(live: Json, path: FieldPath, value: Json | undefined): JsonPatch {
  const before = valueAt(live, path);
  if (value === undefined) return before === undefined ? [] : [{ op: "remove", path: pointer(path) }];
  if (before !== undefined) return [{ op: "replace", path: pointer(path), value }];
  const missing = path.findIndex((_, i) => !isContainer(valueAt(live, path.slice(0, i + 1))));
  const top = path.slice(0, missing + 1);
  return [{ op: "add", path: pointer(top), value: getValue(setValue(live, path, value), top) }];
}

function valueAt(object: Json, path: FieldPath): Json | undefined {
  return path.reduce<Json | undefined>((value, segment) => stepInto(value, segment), object);
}

function isContainer(value: Json | undefined): boolean {
  return isArray(value) || (typeof value === "object" && value !== null);
}

function pointer(path: FieldPath): string {
  return path.map((segment) => {
    if (segment.kind !== "field") return segment.kind === "index" ? `/${segment.index}` : "/*";
    return `/${segment.name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }).join("");
}
