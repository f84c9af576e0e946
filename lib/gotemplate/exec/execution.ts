/**
 * One run of a template and of those it calls with `template`.
 *
 * @module
 */
import type { Operand } from "../value.ts";
import type { Budget } from "./budget.ts";
import { quote } from "../fmt/quote.ts";
import { fault } from "./fault.ts";

/** A definition that can run. */
type Runnable = (execution: Execution, dot: Operand) => string;

/** The state that compiled templates see. */
export class Execution {
  /** Nesting of `template` actions. */
  depth = 0;

  constructor(readonly budget: Budget, readonly find: (name: string) => Runnable | undefined) {}
}

/** Looks a template up for a `template` action, and enters it. */
export function enter(execution: Execution, name: string, place: number): Runnable {
  const target = execution.find(name);
  if (target === undefined) return fault(place, `template ${quote(name)} not defined`);
  const { depth } = execution.budget;
  if (execution.depth >= depth) fault(place, `exceeded maximum template depth (${depth})`);
  execution.depth++;
  return target;
}
