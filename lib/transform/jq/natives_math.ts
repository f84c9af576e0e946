import type { Json } from "../json.ts";
import { JqError } from "./errors.ts";
import type { Native } from "./native.ts";
import { shown } from "./value.ts";

/** Functions of one number that JavaScript has under the same name. */
const UNARY = [
  "floor",
  "ceil",
  "round",
  "sqrt",
  "cbrt",
  "trunc",
  "exp",
  "log",
  "log2",
  "log10",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "abs",
] as const;

const unary = Object.fromEntries(
  UNARY.map((name): [string, Native] => [`${name}/0`, (input) => Math[name](numberOf(input)) + 0]),
);

/** jq's functions of numbers. */
export const mathFunctions: Readonly<Record<string, Native>> = {
  ...unary,
  "fabs/0": (input) => Math.abs(numberOf(input)),
  "exp10/0": (input) => 10 ** numberOf(input),
  "exp2/0": (input) => 2 ** numberOf(input),
  "pow/2": (_, [base = null, power = null]) => numberOf(base) ** numberOf(power),
  "infinite/0": () => Infinity,
  "nan/0": () => NaN,
  "isinfinite/0": (input) => Math.abs(numberOf(input)) === Infinity,
  "isnan/0": (input) => Number.isNaN(numberOf(input)),
  "isnormal/0": (input) => Number.isFinite(numberOf(input)) && input !== 0,
};

function numberOf(value: Json): number {
  if (typeof value !== "number") throw new JqError(`${shown(value)} number required`);
  return value;
}
