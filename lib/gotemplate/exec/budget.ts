/**
 * Guards against templates that do not end or grow without bound. Go has none of these; they are counted, not timed, in hot code.
 *
 * @module
 */
import { TemplateError } from "../errors.ts";

/** Limits of an execution. Every one is optional. */
export interface Limits {
  /** Longest output of one template, in UTF-16 units. Default 256 Mi. */
  readonly output?: number;
  /** How deep `template` actions may nest. Default 100,000, as in Go; the JavaScript stack may end earlier, with the same message. */
  readonly depth?: number;
  /** Time (`Date.now()`, ms) after which the execution ends. Default none. */
  readonly deadline?: number;
}

/** Loop rounds and template calls between two looks at the clock. */
const FUEL = 2_000;

/** What an execution may still use; shared by everything that runs under the same limits. */
export class Budget {
  /** Counted down by compiled templates; below zero it calls {@linkcode check}. */
  fuel = FUEL;
  readonly output: number;
  readonly depth: number;
  readonly #deadline: number;

  constructor(limits: Limits = {}) {
    this.output = limits.output ?? 256 * 1024 * 1024;
    this.depth = limits.depth ?? 100_000;
    this.#deadline = limits.deadline ?? Infinity;
  }

  /** Looks at the clock and at the length of the output so far. */
  check(length: number): void {
    this.fuel = FUEL;
    if (length > this.output) this.tooLong();
    if (this.#deadline !== Infinity && Date.now() > this.#deadline) {
      throw new TemplateError(
        "limit",
        "template execution ran out of time: raise the time limit or simplify the template",
      );
    }
  }

  /** Ends an execution whose output is too long. */
  tooLong(): never {
    throw new TemplateError("limit", `template output exceeds ${this.output} characters: raise the output limit`);
  }
}
