/** What a paused object says of itself; nothing else is done to it. */
import { setConditions } from "./conditions.ts";
import { ANNOTATION, isPaused } from "./policy.ts";
import type { Conditioned, Report } from "./report.ts";
import type { Reconciler, Store } from "./types.ts";

/** A reconciler that sets `Synced=False/ReconcilePaused` on objects that are paused, and leaves others alone. */
export function pauseReporter<T extends Conditioned>(store: Store<T>, report: Report<T>): Reconciler {
  return async (key) => {
    const object = store.get(key);
    if (!object || !isPaused(object)) return;
    const { generation, deletionTimestamp } = object.metadata;
    const conditions = setConditions(object.status?.conditions, [{
      type: "Synced",
      status: "False",
      reason: "ReconcilePaused",
      message: pauseMessage(deletionTimestamp !== undefined),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    }]);
    await report(object, { ...object.status, conditions });
  };
}

/** What `Synced` says of a paused object. */
export function pauseMessage(deleting: boolean): string {
  return deleting
    ? `Paused: deletion waits until the annotation ${ANNOTATION.paused} is removed`
    : `Paused by the annotation ${ANNOTATION.paused}`;
}
