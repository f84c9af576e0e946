import { createHash, randomBytes } from "node:crypto";
import type { TemplateSet } from "../../gotemplate/mod.ts";
import { LookupAnswers } from "./lookup.ts";

/** How often one template may include itself, directly or not. Helm's number. */
export const MAX_INCLUDE_DEPTH = 1000;

/** What one execution of a chart's templates needs besides the templates; fresh for each attempt. */
export interface Attempt {
  /** The set that `include` and `tpl` look in now: inside of `tpl` it is a copy. */
  current: TemplateSet;
  /** How deep each template is included at the moment. */
  readonly included: Map<string, number>;
  /** Next place in the tape of random bytes. */
  tapeAt: number;
}

/**
 * One render, over all its attempts: the answers of the cluster, the clock, and the random bytes on a tape, so that a
 * second attempt sees the first one's and two renders with one seed are equal.
 */
export class Session {
  readonly answers = new LookupAnswers();
  readonly now = new Date();
  readonly #tape: Uint8Array[] = [];
  readonly #seed: string | undefined;
  readonly canLookUp: boolean;
  /** Whether `fail` and `required` let everything pass. */
  readonly lint: boolean;

  constructor(options: { readonly seed: string | undefined; readonly canLookUp: boolean; readonly lint?: boolean }) {
    this.#seed = options.seed;
    this.canLookUp = options.canLookUp;
    this.lint = options.lint ?? false;
  }

  /** Random bytes, from the tape where it has them. */
  random(attempt: Attempt, count: number): Uint8Array {
    const at = attempt.tapeAt++;
    const taped = this.#tape[at];
    if (taped?.length === count) return taped;
    const fresh = this.#seed === undefined ? new Uint8Array(randomBytes(count)) : seeded(this.#seed, at, count);
    this.#tape[at] = fresh;
    return fresh;
  }
}

function seeded(seed: string, at: number, count: number): Uint8Array {
  return new Uint8Array(createHash("shake256", { outputLength: count }).update(`${at}:${seed}`).digest());
}
