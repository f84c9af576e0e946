import { isTable } from "../chart/mod.ts";
import type { Values } from "../types.ts";

/** The values with keys put into `global`; the user's other ones stay. */
export function withGlobal(values: Values, injected: Values): Values {
  const global = values["global"];
  return { ...values, global: { ...(isTable(global) ? global : {}), ...injected } };
}
