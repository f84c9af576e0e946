/** JSON merge patch, RFC 7386. */
import { cloneJson, isObject, type JsonObject, setField } from "../json_value.ts";

/** The document after the patch; neither argument changes. */
export function mergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return cloneJson(patch);
  const result: JsonObject = {};
  if (isObject(document)) { for (const [key, value] of Object.entries(document)) setField(result, key, value); }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setField(result, key, mergePatch(Object.hasOwn(result, key) ? result[key] : undefined, value));
  }
  return result;
}
