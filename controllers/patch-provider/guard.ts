/** `spec.when`: a CEL expression that says whether a Patch is to be applied now. */
import { cel } from "../../lib/deps/cel.ts";
import { PatchError } from "./errors.ts";

/** What an expression can look at. */
export interface GuardScope {
  /** The value at the source; by name where there are several. */
  readonly value: unknown;
  /** The source objects, by name; the only one is `source`. */
  readonly sources: Readonly<Record<string, unknown>>;
  /** The object that is to be written. */
  readonly target: unknown;
}

/** Whether a Patch is to be applied. */
export type Guard = (scope: GuardScope) => boolean;

const environment = new cel.Environment({ homogeneousAggregateLiterals: false })
  .registerVariable("value", "dyn")
  .registerVariable("sources", "map")
  .registerVariable("target", "dyn");

/**
 * Compiles an expression. A field that is missing makes it false: `has()` need not be written everywhere.
 *
 * @throws {PatchError} `Invalid` where it cannot be parsed. The guard throws `Invalid` where the result is no boolean.
 */
export function compileGuard(expression: string): Guard {
  const evaluate = parsed(expression);
  return (scope) => {
    const result = evaluated(evaluate, scope, expression);
    if (typeof result === "boolean") return result;
    throw new PatchError(
      "Invalid",
      `spec.when ${JSON.stringify(expression)} is neither true nor false: compare something`,
    );
  };
}

function parsed(expression: string) {
  try {
    return environment.parse(expression);
  } catch (error) {
    const [why = ""] = messageOf(error).split("\n");
    throw new PatchError("Invalid", `spec.when ${JSON.stringify(expression)} is no CEL expression: ${why}`, {
      cause: error,
    });
  }
}

type Evaluate = ReturnType<typeof environment.parse>;

/** What an error says may hold the value, which may be a Secret's: only which kind of error it is, is told. */
function evaluated(evaluate: Evaluate, scope: GuardScope, expression: string): unknown {
  try {
    return evaluate({ ...asCel(scope) as Record<string, unknown> });
  } catch (error) {
    if (/^No such key/i.test(messageOf(error))) return false;
    const text = JSON.stringify(expression);
    throw new PatchError("Invalid", `spec.when ${text} cannot be applied to the objects: check the types it compares`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** JSON as CEL has it: whole numbers are `int`. */
function asCel(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(asCel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asCel(item)]));
}
