/**
 * `merge` and `mergeOverwrite` with the rules of the library behind sprig (mergo 1.0): the target is changed, values are
 * shared with the source, and what is empty in the target counts as missing.
 *
 * @module
 */
import { FunctionError } from "../signature.ts";
import { GoBytes, GoInt, GoMap, GoObject, GoSlice, type Operand, types, type Value } from "../value.ts";

/** Deeper than any data; only a map that contains itself gets there. */
const MAX_DEPTH = 2_000;

/**
 * Merges a map into another.
 *
 * @param overwrite Whether the source wins where both have a value; its nil and empty values win too.
 */
export function mergeMaps(target: GoMap, source: GoMap, overwrite: boolean): void {
  mergeLevel(target, source, overwrite, 0);
}

function mergeLevel(target: GoMap, source: GoMap, overwrite: boolean, depth: number): void {
  if (depth > MAX_DEPTH) throw new FunctionError("merge: a map contains itself");
  for (const [key, item] of Array.from(source)) {
    const present = target.get(key);
    if (item === null) {
      if (overwrite) put(target, key, null, source);
      continue;
    }
    if (item instanceof GoMap && present instanceof GoMap) {
      mergeLevel(present, item, overwrite, depth + 1);
      if (present.size > 0) continue;
    }
    if (overwrite || isBlank(present)) put(target, key, item, source);
  }
}

/** Sets an entry. A map of texts (`split`) takes only what comes from such a map. */
function put(target: GoMap, key: string, item: Value, source: GoMap): void {
  if (target.type !== types.map && target.type !== source.type) {
    const wanted = target.type.elem?.name ?? "string";
    throw new FunctionError(
      `reflect.Value.SetMapIndex: value of type interface {} is not assignable to type ${wanted}`,
    );
  }
  target.set(key, item);
}

/** Whether a value counts as missing: nil, false, 0 and everything without elements. Structs never do. */
function isBlank(value: Operand): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === "") return true;
  if (value instanceof GoInt) return value.value === 0;
  if (value instanceof GoMap) return value.size === 0;
  if (value instanceof GoBytes) return value.bytes.length === 0;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof GoObject) {
    const below = value.underlying();
    return below !== undefined && isBlank(below);
  }
  return false;
}
