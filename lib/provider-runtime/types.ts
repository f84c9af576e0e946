/** The words of the runtime: triggers travel, objects stay in the store. */
import type { ObjectKey } from "../kube/mod.ts";

export type { Store } from "../kube/mod.ts";

/** Why a key asks to be reconciled. Earlier in this list goes first: a user waits for `change`, nobody for `resync`. */
export type TriggerReason = "change" | "related" | "first" | "retry" | "resync";

/** All reasons, the most urgent first. */
export const TRIGGER_REASONS: readonly TriggerReason[] = ["change", "related", "first", "retry", "resync"];

/** The more urgent of two reasons. */
export function moreUrgent(a: TriggerReason, b: TriggerReason): TriggerReason {
  return TRIGGER_REASONS.indexOf(a) <= TRIGGER_REASONS.indexOf(b) ? a : b;
}

/** A key that wants to be reconciled. */
export interface Trigger<K extends string = ObjectKey> {
  readonly key: K;
  readonly reason: TriggerReason;
}

/** What a reconciler says when it is done with a key. */
export interface Result {
  /** Reconcile again after this many ms, unless triggered earlier. */
  readonly requeueAfter?: number;
}

/** Brings one key's world to the desired state. Reject to retry with back-off; `signal` aborts at the deadline. */
export type Reconciler<K extends string = ObjectKey> = (key: K, signal: AbortSignal) => Promise<Result | void>;

/** What became of one reconcile. Times in ms. */
export type Outcome<K extends string = ObjectKey> =
  | { readonly type: "ok"; readonly key: K; readonly duration: number; readonly requeueAfter?: number }
  | {
    readonly type: "failed";
    readonly key: K;
    readonly duration: number;
    readonly error: unknown;
    readonly failures: number;
    readonly retryAfter: number;
  };

/** Options of `reconcile`. Times in ms. */
export interface ReconcileOptions {
  /** Keys at work at once. Default 10. */
  readonly concurrency?: number;
  /** First back-off after a failure. Default 1,000 (with ±10 % jitter, doubled a failure, reset by success). */
  readonly baseDelay?: number;
  /** Largest back-off. Default 60,000. */
  readonly maxDelay?: number;
  /** A run that takes longer is aborted and counts as failed. Default 240,000. */
  readonly deadline?: number;
}
