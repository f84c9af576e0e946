/** The words of the runtime: triggers travel, objects stay in the store. */
import type { Observable } from "../deps/rxjs.ts";
import type { Change, KubeObject, ObjectKey } from "../kube/mod.ts";

/** Why a key asks to be reconciled. Earlier in this list goes first: a user waits for `change`, nobody for `resync`. */
export type TriggerReason = "change" | "related" | "first" | "retry" | "resync";

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

/** A read-only view of a watched resource, kept current by one watch however many read it. */
export interface Store<T extends KubeObject = KubeObject> {
  /** Whether a first list is complete. */
  readonly ready: boolean;
  /** Resolves once `ready`. */
  whenReady(signal?: AbortSignal): Promise<void>;
  get(key: ObjectKey): T | undefined;
  keys(): Iterable<ObjectKey>;
  values(): Iterable<T>;
  readonly size: number;
  /** Objects whose index value equals `value`; see `indexes` of `reflect`. */
  byIndex(index: string, value: string): readonly T[];
  /** Every change after the store took it in. A late subscriber first gets what is there, as `applied`. */
  readonly changes$: Observable<Change<T>>;
}
