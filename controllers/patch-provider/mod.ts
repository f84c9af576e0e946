/**
 * patch-provider: fields of objects that follow fields of other objects.
 *
 *     Patches, both kinds ── wish changed ─────────────────────────────────────┐
 *       └─ each: combineLatest([object$(from) …, object$(to)]) ── changed ─────┤
 *     Patches that met at a field, or in a circle, and one has gone ───────────┼─ merge ─► debounceByKey ─► pauseFilter ─► reconcile
 *     resync ──────────────────────────────────────────────────────────────────┘
 *     object$(kind, namespace, name) ◄── one watch an object, or one a namespace where many look ◄── CRDs come and go
 */
import { filter, finalize, map, merge, mergeMap, type Observable, share, Subject, tap } from "../../lib/deps/rxjs.ts";
import { type EventRecorder, keyOf, type KubeClient, type KubeObject, reflect } from "../../lib/kube/mod.ts";
import {
  createReporter,
  debounceByKey,
  type FleetPauses,
  type Outcome,
  pauseFilter,
  pauseReporter,
  pauseState,
  reconcile,
  resync,
  type Trigger,
  wishKeys,
} from "../../lib/provider-runtime/mod.ts";
import { CRDS, NAMESPACED_PATCHES, type Patch, PATCH_FINALIZER, PATCHES } from "./api.ts";
import { Joins } from "./join.ts";
import { Links } from "./links.ts";
import { bothKinds } from "./pass.ts";
import { PatchReconciler } from "./reconcile.ts";
import { ObjectWatches } from "./watches/mod.ts";

export { PATCH_POLICIES } from "./admission.ts";
export * from "./api.ts";
export { NAMESPACED_PATCH_CRD, PATCH_CRD } from "./patch_crd.ts";

/** Options of {@linkcode patchProvider}. Times in ms. */
export interface PatchProviderOptions {
  readonly client: KubeClient;
  /** Records what happens to Patches. */
  readonly recorder: EventRecorder;
  /** Patches at work at once. Default 32. */
  readonly concurrency?: number;
  /** Between two looks at a Patch that nothing happened to: a safety net. Default 600,000. */
  readonly resyncPeriod?: number;
  /** Pauses of more than one object. */
  readonly fleet?: FleetPauses | undefined;
  /** Stops taking work when it aborts. */
  readonly drain?: AbortSignal;
}

/** Runs all Patches until it is unsubscribed. */
export function patchProvider(options: PatchProviderOptions): Observable<Outcome> {
  const { client, recorder, resyncPeriod = 600_000 } = options;
  const kinds = [PATCHES, NAMESPACED_PATCHES].map((resource) => {
    const store = reflect(client.watch<Patch>(resource));
    return { resource, store, report: createReporter<Patch>({ client, resource, recorder }) };
  });
  const [cluster, namespaced] = kinds as [typeof kinds[0], typeof kinds[0]];
  const patches = bothKinds(cluster, namespaced);
  const kindChanges$ = client.watch<KubeObject>(CRDS, { metadataOnly: true }).pipe(
    filter(({ type }) => type === "applied" || type === "deleted"),
    tap(() => client.discovery.invalidate()),
    share(),
  );
  const watches = new ObjectWatches(client, kindChanges$);
  const joins = new Joins(watches);
  const nudges$ = new Subject<Trigger>();
  const reconciler = new PatchReconciler({
    patches,
    watches,
    joins,
    links: new Links(),
    report: (patch, status) => (patch.metadata.namespace === undefined ? cluster : namespaced).report(patch, status),
    nudge: (keys) => keys.forEach((key) => nudges$.next({ key, reason: "related" })),
  });

  const gone = (patch: Patch) => reconciler.forget(patch, keyOf(patch));
  const wishes$ = merge(...kinds.map(({ store }) => store.changes$.pipe(wishKeys(gone, PATCH_FINALIZER)))).pipe(
    tap(({ key }) => reconciler.register(key)),
    share(),
  );
  // Nothing is done before all Patches of both kinds are known: then it is everybody's turn.
  const turns$ = merge(...kinds.map(({ store }) => store.changes$)).pipe(
    filter(({ type }) => type === "synced" && patches.ready),
    mergeMap(() => [...patches.keys()].map((key): Trigger => ({ key, reason: "first" }))),
  );
  const resync$ = resync(() => patches.keys(), { period: resyncPeriod });
  const paused = kinds.map((kind) => ({ ...kind, pauses: pauseState(kind.store, { fleet: options.fleet }) }));
  const isHeld = (key: string) => paused.some(({ pauses }) => pauses.isHeld(key));
  const stage = { concurrency: options.concurrency ?? 32, ...(options.drain ? { drain: options.drain } : {}) };

  const work$ = merge(wishes$, turns$, joins.triggers$, nudges$, resync$).pipe(
    debounceByKey({ quiet: 1, maxWait: 10 }),
    pauseFilter(isHeld, merge(...paused.map(({ pauses }) => pauses.changes$))),
    reconcile(reconciler.reconcile, stage),
  );
  const pauses$ = paused.map(({ store, report, pauses }) =>
    pauses.changes$.pipe(
      filter(pauses.isHeld),
      map((key): Trigger => ({ key, reason: "change" })),
      reconcile(pauseReporter(store, report, pauses), stage),
    )
  );
  return merge(work$, ...pauses$).pipe(finalize(() => joins.close()));
}
