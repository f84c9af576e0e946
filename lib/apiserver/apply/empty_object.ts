/** What an object is before it is created: the other side of the comparison that tells what its creator owns. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";

const NOTHING: readonly string[] = [];

/**
 * An object of a kind with nothing set.
 *
 * A custom resource begins as nothing. A built-in kind is a Go struct: structs within it exist from the start (their published
 * default is `{}`), and required lists and maps exist as null, so a creator owns what is in them but not that they are there.
 */
export function emptyObject(schema: StructuralSchema | undefined, apiVersion: string, kind: string): JsonObject {
  const root: JsonObject = { apiVersion, kind };
  return isBuiltin(schema) && schema !== undefined ? { ...emptyStruct(schema), ...root } : root;
}

/** Only the server's own schemas spell out `metadata`. */
function isBuiltin(schema: StructuralSchema | undefined): boolean {
  return schema?.properties?.["metadata"]?.properties?.["managedFields"] !== undefined;
}

function emptyStruct(schema: StructuralSchema): JsonObject {
  const struct: JsonObject = {};
  const needed = schema.required ?? NOTHING;
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    if (isObject(field.default) && field.properties !== undefined) struct[key] = emptyStruct(field);
    else if (needed.includes(key) && (field.type === "array" || field.type === "object")) struct[key] = null;
    else if (needed.includes(key) && field.type === "string") struct[key] = "";
    else if (needed.includes(key) && (field.type === "integer" || field.type === "number")) struct[key] = 0;
  }
  return struct;
}
