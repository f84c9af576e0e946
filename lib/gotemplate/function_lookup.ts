/**
 * Functions by name: a set's own ones before the built-in ones.
 *
 * @module
 */
import type { FunctionLookup } from "./compile/code.ts";
import { builtins } from "./exec/builtins.ts";
import type { FunctionTable } from "./signature.ts";

type Found = ReturnType<FunctionLookup>;

/** One look-up for all sets with a table: compilers ask for the same names again and again. */
const lookups = new WeakMap<FunctionTable, FunctionLookup>();
const NO_FUNCTIONS: FunctionTable = {};

/** The look-up of a table. */
export function functionLookup(table: FunctionTable = NO_FUNCTIONS): FunctionLookup {
  const known = lookups.get(table);
  if (known !== undefined) return known;
  const entries = new Map<string, Found>();
  for (const [name, fn] of Object.entries(builtins)) entries.set(name, { fn, builtin: true });
  for (const [name, fn] of Object.entries(table)) entries.set(name, { fn, builtin: false });
  const lookup: FunctionLookup = (name) => entries.get(name);
  lookups.set(table, lookup);
  return lookup;
}
