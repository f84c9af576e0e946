/** What a paused composition says of itself; nothing else is done to it. */
import type { Store } from "../../lib/kube/mod.ts";
import { isPaused, type Reconciler, type Report, setConditions } from "../../lib/provider-runtime/mod.ts";
import type { Composition } from "./api.ts";
import { synced } from "./conditions.ts";

/** Sets `Synced=False/ReconcilePaused` on objects that are paused. */
export function pauseReporter(compositions: Store<Composition>, report: Report<Composition>): Reconciler {
  return async (key) => {
    const composition = compositions.get(key);
    if (!composition || !isPaused(composition)) return;
    const { generation, deletionTimestamp } = composition.metadata;
    const verdict = synced({ deleting: deletionTimestamp !== undefined, failure: undefined, paused: "paused" });
    const observed = generation === undefined ? {} : { observedGeneration: generation };
    const conditions = setConditions(composition.status?.conditions, [{ ...verdict, ...observed }]);
    await report(composition, { ...composition.status, conditions });
  };
}
