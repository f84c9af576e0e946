import { setKey } from "../../yaml/mod.ts";
import type { Values } from "../types.ts";

/** Whether a value is a map (Helm: a table). */
export function isTable(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a table has a key of its own; `constructor` and the like are not inherited keys. */
export function hasKey(table: Values, key: string): boolean {
  return Object.hasOwn(table, key);
}

/** A deep copy. */
export function deepCopy<T>(value: T): T;
export function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => deepCopy(item));
  if (!isTable(value)) return value;
  const out: Values = {};
  for (const key of Object.keys(value)) setKey(out, key, deepCopy(value[key]));
  return out;
}

/** A copy of the top level. */
export function shallowCopy(table: Values): Values {
  const out: Values = {};
  for (const key of Object.keys(table)) setKey(out, key, table[key]);
  return out;
}

/** The table at a dotted path; undefined where any part is missing or not a table. */
export function tableAt(root: Values, path: string): Values | undefined {
  let table = root;
  for (const part of path.split(".")) {
    const next = hasKey(table, part) ? table[part] : undefined;
    if (!isTable(next)) return undefined;
    table = next;
  }
  return table;
}

/** The value at a dotted path, unless it is a table or missing (`found` tells a null from that). */
export function scalarAt(root: Values, path: string): { readonly found: boolean; readonly value?: unknown } {
  const cut = path.lastIndexOf(".");
  const table = cut < 0 ? root : tableAt(root, path.slice(0, cut));
  const key = path.slice(cut + 1);
  if (table === undefined || !hasKey(table, key) || isTable(table[key])) return { found: false };
  return { found: true, value: table[key] };
}

/** Merges `over` onto `base` into a new table: maps merge, everything else is replaced (how values files combine). */
export function mergeTables(base: Values, over: Values): Values {
  const out = shallowCopy(base);
  for (const key of Object.keys(over)) {
    const [below, above] = [hasKey(out, key) ? out[key] : undefined, over[key]];
    setKey(out, key, isTable(below) && isTable(above) ? mergeTables(below, above) : above);
  }
  return out;
}
