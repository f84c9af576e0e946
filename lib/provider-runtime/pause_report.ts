/** What a paused object says of itself; nothing else is done to it. */
import { setConditions } from "./conditions.ts";
import type { PauseState } from "./pause_state.ts";
import { ANNOTATION, isPaused } from "./policy.ts";
import type { Conditioned, Report } from "./report.ts";
import type { Reconciler, Store } from "./types.ts";

/**
 * A reconciler that sets `Synced=False/ReconcilePaused` on objects that are paused, and leaves others alone.
 *
 * @param pauses Tells of pauses of the whole fleet, too.
 */
export function pauseReporter<T extends Conditioned>(
  store: Store<T>,
  report: Report<T>,
  pauses?: Pick<PauseState, "fleetPause">,
): Reconciler {
  return async (key) => {
    const object = store.get(key);
    if (object === undefined) return;
    const fleetPause = pauses?.fleetPause(object);
    if (fleetPause === undefined && !isPaused(object)) return;
    const { generation, deletionTimestamp } = object.metadata;
    const conditions = setConditions(object.status?.conditions, [{
      type: "Synced",
      status: "False",
      reason: "ReconcilePaused",
      message: fleetPause ?? pauseMessage(deletionTimestamp !== undefined),
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
