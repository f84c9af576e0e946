import type { Json } from "../json.ts";
import type { JqBudget } from "./budget.ts";

/** A built-in function in TypeScript: one value from the input and the values of its arguments. */
export type Native = (input: Json, args: readonly Json[], budget: JqBudget) => Json;
