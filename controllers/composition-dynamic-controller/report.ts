/** Reporting: what the status of a composition is to say after a pass. */
import { isPaused } from "../../lib/provider-runtime/mod.ts";
import { type Evidence, verdicts } from "./conditions.ts";
import type { Failure } from "./memory.ts";
import { gracefulPause, type Pass, type ReconcilerParts, saw } from "./pass.ts";
import { statusOf } from "./status.ts";

/** Writes the status, if it says something new. */
export async function reportOn(parts: ReconcilerParts, pass: Pass, failure: Failure | undefined): Promise<void> {
  const { composition, memory } = pass;
  const { release } = memory;
  const paused = isPaused(composition) ? "paused" : gracefulPause(composition) === "held" ? "gracefully" : "no";
  const ready = composition.status?.conditions?.find((c) => c.type === "Ready" && c.status === "True");
  const status = statusOf(
    composition,
    release,
    pass.wish?.blueprint.chartSpec.url,
    verdicts({
      deleting: composition.metadata.deletionTimestamp !== undefined,
      remaining: memory.remaining,
      failure,
      paused,
      unmovable: memory.unmovable?.message,
      installed: release?.revision !== undefined,
      wasReady: ready !== undefined,
      wasReadyAsIs: ready !== undefined && ready.observedGeneration === composition.metadata.generation,
      children: childrenOf(parts, pass),
    }),
  );
  saw(pass, await parts.report(composition, status));
}

/** The children and their health; `undefined` while some of them have not been looked at, as after a start. */
function childrenOf({ children }: ReconcilerParts, { memory }: Pass): Evidence["children"] {
  const states = (memory.release?.targets ?? []).map((target) => ({ target, state: children.state(target) }));
  if (states.some(({ target, state }) => !state && !children.synced([target.resource]))) return undefined;
  return states.map(({ target, state }) => ({ target, health: state?.health }));
}
