import { JqLimitError } from "./errors.ts";

/** Bounds of one run of a jq program. */
export interface JqLimits {
  /** Steps of the interpreter. Default 1,000,000. */
  readonly steps?: number;
  /** Characters and elements that a run may make in all, copies included. Default 32 Mi. */
  readonly made?: number;
  /** UTF-16 units of the result as JSON. Default 1 Mi. */
  readonly output?: number;
}

/** How deep values and calls may nest. */
const MAX_DEPTH = 2_000;

/** Counts what a run uses. Counting instead of timing makes the same program end at the same place everywhere. */
export class JqBudget {
  #steps: number;
  #made: number;
  #depth = 0;

  constructor(readonly limits: JqLimits) {
    this.#steps = limits.steps ?? 1_000_000;
    this.#made = limits.made ?? 32 * 1024 * 1024;
  }

  /** One step. */
  step(): void {
    if (--this.#steps < 0) {
      throw new JqLimitError("the program takes too many steps: it does not end, or works on too much");
    }
  }

  /** So many characters or elements are about to be made. */
  make(count: number): void {
    this.#made -= count;
    if (!(this.#made >= 0)) throw new JqLimitError("the program makes too much data: make the result smaller");
  }

  /** A function is entered. */
  enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new JqLimitError("the program recurses too deeply");
  }

  /** A function is left. */
  leave(): void {
    this.#depth--;
  }
}
