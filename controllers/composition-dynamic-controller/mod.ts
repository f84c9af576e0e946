/**
 * composition-dynamic-controller: keeps each object of a generated kind true as a Helm release.
 *
 *     compositions of one version ── wish changed ─────────────┐
 *     their children (one watch a resource, all kinds) ────────┤
 *     definitions (another chart) ─────────────────────────────┼─ merge ─► debounceByKey ─► pauseFilter ─► reconcile ─► outcomes
 *     new CRDs (for compositions that wait for a kind) ────────┤
 *     resync ──────────────────────────────────────────────────┘
 *     paused objects ──────────────────────────────────────────────────────────► reconcile (report only)
 *     newcomers without a version label ───────────────────────────────────────► label them
 */
import { filter, ignoreElements, map, merge, mergeMap, type Observable } from "../../lib/deps/rxjs.ts";
import {
  type EventRecorder,
  keyOf,
  type KubeClient,
  type KubeObject,
  type ObjectMeta,
  reflect,
} from "../../lib/kube/mod.ts";
import {
  createReporter,
  debounceByKey,
  type FleetPauses,
  isPaused,
  type Outcome,
  pauseFilter,
  pauseReporter,
  pauseState,
  reconcile,
  resync,
  type Trigger,
  untilAborted,
  wishKeys,
} from "../../lib/provider-runtime/mod.ts";
import { type ChartRenderer, marked, marksOf } from "./act.ts";
import { type Blueprints, type Composition, LABEL } from "./api.ts";
import type { Children } from "./children.ts";
import { labelNewcomers } from "./newcomers.ts";
import { CompositionReconciler } from "./reconcile.ts";
import { releaseName } from "./release_name.ts";
import type { KindContext } from "./values.ts";

export type { ChartRenderer } from "./act.ts";
export * from "./api.ts";
export { Children } from "./children.ts";
export { releaseName, safeEncode } from "./release_name.ts";
export type { KindContext } from "./values.ts";

/** Options of {@linkcode compositionController}. Times in ms. */
export interface CompositionControllerOptions {
  readonly client: KubeClient;
  readonly kind: KindContext;
  readonly blueprints: Blueprints;
  /** Emits when the blueprints may have changed. */
  readonly blueprintChanges$: Observable<unknown>;
  /** Emits when the server may serve kinds that it did not before. */
  readonly kindChanges$: Observable<unknown>;
  readonly children: Children;
  readonly renderer: ChartRenderer;
  readonly recorder: EventRecorder;
  /** Called with failures outside a reconcile. */
  readonly onError: (error: unknown, object: KubeObject) => void;
  /** Compositions at work at once. Default 16. */
  readonly concurrency?: number;
  /** Between two looks at a composition that nothing happened to. Default 600,000. */
  readonly resyncPeriod?: number;
  /** Pauses of more than one object. */
  readonly fleet?: FleetPauses | undefined;
  /** Stops taking work when it aborts. */
  readonly drain?: AbortSignal;
}

/** Runs the compositions of one kind and version until it is unsubscribed. */
export function compositionController(options: CompositionControllerOptions): Observable<Outcome> {
  const { client, kind, children } = options;
  const ours = { labelSelector: `${LABEL.version}=${kind.resource.version}` };
  const compositions = reflect(client.watch<Composition>(kind.resource, ours), {
    indexes: { uid: (c) => [c.metadata.uid ?? ""] },
  });
  const report = createReporter<Composition>({ client, resource: kind.resource, recorder: options.recorder });
  const reconciler = new CompositionReconciler({ ...options, compositions, report });

  const wishes$ = compositions.changes$.pipe(wishKeys((gone) => reconciler.forget(gone.metadata.uid ?? "")));
  const children$ = children.changes$.pipe(
    mergeMap((uid) => compositions.byIndex("uid", uid).map((c) => related(keyOf(c)))),
  );
  const all$ = options.blueprintChanges$.pipe(mergeMap(() => [...compositions.keys()].map(related)));
  const waiting$ = options.kindChanges$.pipe(mergeMap(() => reconciler.waiting().map(related)));
  const resync$ = resync(() => compositions.keys(), { period: options.resyncPeriod ?? 600_000 });

  const pauses = pauseState(compositions, { fleet: options.fleet });
  const stage = {
    concurrency: options.concurrency ?? 16,
    deadline: 900_000,
    ...(options.drain ? { drain: options.drain } : {}),
  };
  const work$ = merge(wishes$, children$, all$, waiting$, resync$).pipe(
    debounceByKey({ quiet: 5, maxWait: 100 }),
    pauseFilter(pauses.isHeld, pauses.changes$),
    reconcile(reconciler.reconcile, stage),
  );
  const pauses$ = pauses.changes$.pipe(
    filter(pauses.isHeld),
    map((key): Trigger => ({ key, reason: "change" })),
    reconcile(pauseReporter(compositions, report, pauses), stage),
  );
  const newcomers$ = labelNewcomers(client, kind.resource, options.onError, marksIn(options)).pipe(
    ignoreElements(),
    untilAborted(options.drain),
  );
  return merge(work$, pauses$, newcomers$);
}

/** The marks of a newcomer, where it is clear at once whose it is and nothing asks to wait. */
function marksIn(options: CompositionControllerOptions): (newcomer: KubeObject) => Partial<ObjectMeta> {
  const { blueprints, kind, fleet } = options;
  return (newcomer) => {
    const blueprint = blueprints.of(kind.resource, newcomer);
    const settled = typeof blueprint !== "string" && blueprint.currentVersion === kind.resource.version;
    const paused = isPaused(newcomer) || fleet?.pauseOf(newcomer) !== undefined;
    if (!settled || paused || newcomer.metadata.deletionTimestamp !== undefined) return {};
    return marked(newcomer, marksOf(newcomer, blueprint, releaseName(newcomer)));
  };
}

function related(key: string): Trigger {
  return { key, reason: "related" };
}
