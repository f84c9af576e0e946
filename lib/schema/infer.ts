/** A schema read off values.yaml, for charts without one. */
import { isObject, objectOf } from "./json.ts";

/** A JSON Schema. */
export type InferredSchema = { readonly [keyword: string]: unknown };

/**
 * The schema of a value by example: what has another type is refused, everything else goes, null included.
 *
 * Strings and integers stand in for each other (`tag: 8` for `tag: "8"`), maps take keys that the example lacks, items
 * of a list are free, and what is null or an empty text by default may become anything.
 */
export function inferSchema(value: unknown): InferredSchema {
  if (value === null || value === "") return {};
  if (Array.isArray(value)) return { type: ["array", "null"] };
  if (isObject(value)) {
    const properties = objectOf(Object.entries(value).map(([name, child]) => [name, inferSchema(child)]));
    return { type: ["object", "null"], properties };
  }
  if (typeof value === "boolean") return { type: ["boolean", "null"] };
  if (typeof value === "number" && !Number.isInteger(value)) return { type: ["number", "string", "null"] };
  return { type: ["string", "integer", "null"] };
}
