/** Deciding: from what is known of a Patch to its next step; pure, and all policy is here. */
import type { PatchError } from "./errors.ts";

/** What the next step depends on. Numbers count target objects. */
export interface Facts {
  readonly deleting: boolean;
  readonly finalizer: boolean;
  readonly allows: {
    /** Whether the management policy lets the field be written. */
    readonly write: boolean;
    /** Whether it lets the field be released or reverted. */
    readonly delete: boolean;
  };
  /** Whether all objects have been looked at. */
  readonly known: boolean;
  /** Why nothing is to be written now. */
  readonly problem: PatchError | undefined;
  /** Whether the written field is to go with the source value. */
  readonly removes: boolean;
  /** Objects where the value stands, or stood. */
  readonly written: number;
  /** Those of them that are no target any more. */
  readonly stale: number;
  /** Targets that do not hold the value. */
  readonly outdated: number;
  /** Targets whose present value must be noted before it is written over. */
  readonly unnoted: number;
  /** Set while somebody else keeps writing the field: when it may be healed again, in ms from now. */
  readonly contested: number;
}

/**
 * The next step.
 *
 * | step | means |
 * |---|---|
 * | `wait` | not everything has been looked at: nothing can be said |
 * | `undo` | take the value out of objects: of all of them, or of those that are no target any more |
 * | `addFinalizer` | before the first write, so that a deletion can undo it |
 * | `note` | put down what stands at the target now, for `Revert` |
 * | `write` | put the value where it is missing |
 * | `fail` | the problem is all that is left to say |
 * | `contest` | somebody else keeps writing the field: give it time |
 * | `inhibit` | the management policy forbids the write |
 * | `rest` | the value stands everywhere |
 * | `letGo` | nothing is left to undo: the Patch may go |
 */
export type Step =
  | MiddleStep
  | { readonly type: "wait" | "write" | "inhibit" | "rest" | "letGo" }
  | { readonly type: "fail"; readonly problem: PatchError }
  | { readonly type: "contest"; readonly after: number };

/** A step after which there may be more to do. */
export type MiddleStep =
  | { readonly type: "addFinalizer" | "note" }
  | { readonly type: "undo"; readonly which: "all" | "stale" };

/** Reasons that a source value is not there. */
const SOURCE_GONE: ReadonlySet<string> = new Set(["SourceNotFound", "SourceFieldMissing"]);

/** Decides. */
export function decide(facts: Facts): Step {
  const { problem } = facts;
  if (facts.deleting) {
    return facts.finalizer && facts.allows.delete && facts.written > 0
      ? { type: "undo", which: "all" }
      : { type: "letGo" };
  }
  if (!facts.known) return { type: "wait" };
  if (facts.stale > 0 && facts.allows.delete) return { type: "undo", which: "stale" };
  if (problem !== undefined) {
    const goes = facts.removes && SOURCE_GONE.has(problem.reason) && facts.written > facts.stale;
    return goes && facts.allows.delete ? { type: "undo", which: "all" } : { type: "fail", problem };
  }
  if (facts.outdated === 0) return { type: "rest" };
  if (!facts.allows.write) return { type: "inhibit" };
  if (facts.contested > 0) return { type: "contest", after: facts.contested };
  if (!facts.finalizer) return { type: "addFinalizer" };
  return facts.unnoted > 0 ? { type: "note" } : { type: "write" };
}
