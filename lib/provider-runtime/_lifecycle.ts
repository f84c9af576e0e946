/** What the manager ties to the signal that drains a controller, so that its stages need not be told one by one. */
import type { Lead } from "./_lead.ts";
import type { ReconcileObserver } from "./reconcile_observer.ts";

/** Of one controller. */
export interface Lifecycle {
  /** Keys are taken while this process leads; absent where that is none of the stage's business. */
  readonly lead?: Lead;
  /** Makes the observer of one more stage. */
  readonly observe: () => ReconcileObserver;
}

const lifecycles = new WeakMap<AbortSignal, Lifecycle>();

/** Ties a lifecycle to a controller's `drain`. */
export function bindLifecycle(drain: AbortSignal, lifecycle: Lifecycle): void {
  lifecycles.set(drain, lifecycle);
}

/** The lifecycle of a `drain`; nothing for one that is no manager's. */
export function lifecycleOf(drain: AbortSignal | undefined): Lifecycle | undefined {
  return drain && lifecycles.get(drain);
}
