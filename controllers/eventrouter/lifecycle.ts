/** The router's life: Registrations followed, positions and statuses kept, an orderly end. */
import {
  concat,
  concatMap,
  defer,
  EMPTY,
  exhaustMap,
  from,
  ignoreElements,
  interval,
  mergeMap,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  tap,
} from "../../lib/deps/rxjs.ts";
import { getLogger } from "../../lib/deps/logtape.ts";
import type { Change } from "../../lib/kube/mod.ts";
import { type Outcome, untilAborted } from "../../lib/provider-runtime/mod.ts";
import type { Registration } from "./api.ts";
import type { EnrichedEvent } from "./enriched_event.ts";
import type { Pipelines } from "./pipelines.ts";
import type { PositionKeeper } from "./position_keeper.ts";
import type { Reporting } from "./reporting.ts";

const log = getLogger(["kco", "eventrouter"]);

/** Logs what went wrong beside the ways that a condition tells of. */
export function onError(message: string, error: unknown): void {
  log.warn("{message}: {error}", { message, error: error instanceof Error ? error.message : String(error) });
}

/**
 * Keeps pipelines as the Registrations are. Events are read only once all of those that exist have a pipeline: what one of them did
 * not deliver before may lie far back.
 */
export function following(
  pipelines: Pipelines,
  events$: Observable<EnrichedEvent>,
): OperatorFunction<Change<Registration>, never> {
  return (changes$) =>
    changes$.pipe(
      tap((change) => {
        if (change.type === "applied") pipelines.apply(change.object);
        else if (change.type === "deleted") pipelines.remove(change.object);
        else if (change.type === "synced") pipelines.begin(events$);
      }),
      ignoreElements(),
    );
}

/** Each `period` ms: positions that changed are kept, statuses that are due are written. */
export function working(
  pipelines: Pipelines,
  reporting: Reporting,
  keeper: PositionKeeper,
  period: number,
): Observable<Outcome> {
  return interval(period).pipe(
    exhaustMap(() => {
      const kept = defer(() => from(keeper.keep(pipelines.positions())));
      return kept.pipe(concatMap(() => reporting.write(pipelines, Date.now())));
    }),
    mergeMap((outcomes) => outcomes),
  );
}

/** When `drain` aborts: no more Events; what is under way is finished; positions are kept; then it completes. */
export function untilDrained(
  drain: AbortSignal | undefined,
  pipelines: Pipelines,
  keeper: PositionKeeper,
): MonoTypeOperatorFunction<Outcome> {
  const end = async () => {
    await pipelines.close(false);
    await keeper.keepLast(pipelines.positions());
  };
  return (outcomes$) =>
    concat(
      outcomes$.pipe(untilAborted(drain)),
      defer(() => drain?.aborted ? from(end()).pipe(ignoreElements()) : EMPTY),
    );
}
