/**
 * jq programs, interpreted in the process: synchronous, bounded by counted steps, without access to anything but their input.
 *
 * @module
 */
import { TransformError } from "../errors.ts";
import type { Json } from "../json.ts";
import { JqBudget, type JqLimits } from "./budget.ts";
import { JqBreak, JqError, JqLimitError, JqSyntaxError } from "./errors.ts";
import { Evaluator } from "./evaluate.ts";
import { parseProgram } from "./parser.ts";
import { prelude } from "./prelude.ts";

export type { JqLimits } from "./budget.ts";

/**
 * Compiles a jq program. Its result is the first output, with its type; no output is the empty string, as in patch-provider 1.0.0. The
 * input can be any JSON. `env` and `$ENV` are empty, and there are no modules, files and further inputs.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { compileJq } from "./mod.ts";
 *
 * assert.equal(compileJq(".replicas | tonumber")({ replicas: "3" }), 3);
 * assert.throws(() => compileJq(".a |"), /unexpected end of the program/);
 * ```
 *
 * @throws {TransformError} `Invalid` with the position where the program cannot be parsed or names what does not exist. The compiled
 *   function throws `Failed` with the program's own error, and `Limit`.
 */
export function compileJq(program: string, limits: JqLimits = {}): (value: Json) => Json {
  const { env, known } = prelude();
  const what = JSON.stringify(program.length > 200 ? `${program.slice(0, 197)}...` : program);
  const node = explained(`Cannot compile jq ${what}`, () => parseProgram(program, known));
  return (value) =>
    explained(`Cannot apply jq ${what}`, () => {
      const [first] = new Evaluator(new JqBudget(limits)).values(node, env, value);
      return finished(first ?? (first === undefined ? "" : null), limits.output ?? 1024 * 1024);
    });
}

/** A result as JSON can hold it: numbers that are none become null, infinite ones the largest. */
function finished(result: Json, output: number): Json {
  const text = JSON.stringify(result, (_, item: unknown) => {
    if (item === Infinity) return Number.MAX_VALUE;
    return item === -Infinity ? -Number.MAX_VALUE : item;
  });
  if (text.length > output) {
    throw new JqLimitError(`the result has ${text.length} characters, more than ${output}: make it smaller`);
  }
  return JSON.parse(text);
}

function explained<T>(tried: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const [reason, why] = explanation(error);
    throw new TransformError(reason, `${tried}: ${why}`, { cause: error });
  }
}

function explanation(error: unknown): ["Invalid" | "Failed" | "Limit", string] {
  if (error instanceof JqSyntaxError) return ["Invalid", `${error.message}, at position ${error.position}`];
  if (error instanceof JqError) return ["Failed", error.message];
  if (error instanceof JqLimitError) return ["Limit", error.message];
  if (error instanceof JqBreak) return ["Failed", "break outside of its label"];
  if (error instanceof RangeError) return ["Limit", "the program or its data nests too deeply"];
  throw error;
}
