/** The names of all functions, to tell which ones no case used. */
import { helmFunctions, sprigFunctions } from "../../lib/gotemplate/functions/mod.ts";

/** Functions of the template language itself. */
export const BUILT_IN: readonly string[] = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "and",
  "or",
  "not",
  "len",
  "index",
  "slice",
  "print",
  "printf",
  "println",
  "html",
  "js",
  "urlquery",
  "call",
];

/** Functions that are bound to a chart. */
const BOUND: readonly string[] = ["include", "tpl", "required", "fail", "lookup", "getHostByName"];

/** All functions that templates have. */
export function allFunctions(): Set<string> {
  return new Set([...BUILT_IN, ...BOUND, ...Object.keys(sprigFunctions()), ...Object.keys(helmFunctions())]);
}
