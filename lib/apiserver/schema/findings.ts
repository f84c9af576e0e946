/** What a validation has found so far. */
import type { FieldError } from "../resource.ts";

/** Errors of one value and all below it, and how much of it fitted: the best of several alternatives explains a failure. */
export class Findings {
  readonly errors: FieldError[] = [];
  /** Checks that passed. */
  matches = 0;

  add(error: FieldError): void {
    this.errors.push(error);
  }

  merge(other: Findings): void {
    for (const error of other.errors) this.errors.push(error);
    this.matches += other.matches;
  }
}

/**
 * Checks a value at a path, `""` for the root. `old` is the same value before the change where it can be told which one that
 * was, else undefined.
 */
export type Check = (value: unknown, old: unknown, path: string, findings: Findings) => void;
