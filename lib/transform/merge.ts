import { isArray, isObject, type Json, type JsonObject, sameJson } from "./json.ts";

/** How a new value meets the one that is there: the `mergeOptions` of a Patch. */
export interface MergeOptions {
  /** What exists stays; only what is missing is added. */
  readonly keepMapValues?: boolean;
  /** Elements that an array does not hold yet are added at its end. */
  readonly appendSlice?: boolean;
}

/**
 * The value that results where `next` is written over `existing`, with the results of the original's merge library:
 *
 * | existing ← next | no options | `{}` | `keepMapValues` | `appendSlice` | both |
 * |---|---|---|---|---|---|
 * | `{a:1,b:2}` ← `{b:9,c:3}` | next | `{a:1,b:9,c:3}` | `{a:1,b:2,c:3}` | `{a:1,b:9,c:3}` | `{a:1,b:2,c:3}` |
 * | `[x,y]` ← `[y,z]` | next | next | existing | `[x,y,z]` | `[x,y,z]` |
 * | `"old"` ← `"new"` | next | next | existing | next | existing |
 *
 * Arrays inside objects are appended in the same way, without duplicates, so that merging twice gives what merging once does.
 *
 * @param options Absent means replace; present but empty means merge, the new value winning.
 */
export function mergeValue(existing: Json | undefined, next: Json, options: MergeOptions | undefined): Json {
  if (options === undefined || existing === undefined || existing === null || next === null) return next;
  if (isObject(existing) && isObject(next)) return mergedObjects(existing, next, options);
  if (options.appendSlice === true && isArray(existing) && isArray(next)) return union(existing, next);
  return options.keepMapValues === true ? existing : next;
}

function mergedObjects(existing: JsonObject, next: JsonObject, options: MergeOptions): JsonObject {
  const added = Object.entries(next).map(([key, value]) => {
    const before = Object.hasOwn(existing, key) ? existing[key] : undefined;
    return [key, mergeValue(before, value, options)] as const;
  });
  return Object.fromEntries([...Object.entries(existing), ...added]);
}

function union(existing: readonly Json[], next: readonly Json[]): Json {
  const missing = next.filter((item) => !existing.some((known) => sameJson(known, item)));
  return [...existing, ...missing];
}
