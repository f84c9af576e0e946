/** Finding the value that an item of a list had before a change. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { isObject } from "../json_value.ts";

/** The identity of an item of a list-type map, as text; undefined when it is no object. */
export function itemKey(item: unknown, keys: readonly string[]): string | undefined {
  if (!isObject(item)) return undefined;
  return JSON.stringify(keys.map((key) => item[key] ?? null));
}

/**
 * A look-up of old items: by key in lists of type `map`. Items of other lists have no identity, so no old value.
 */
export function oldItems(schema: StructuralSchema, old: unknown): (item: unknown) => unknown {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (schema["x-kubernetes-list-type"] !== "map" || keys === undefined || !Array.isArray(old)) return () => undefined;
  const byKey = new Map(old.map((item) => [itemKey(item, keys), item]));
  return (item) => byKey.get(itemKey(item, keys));
}
