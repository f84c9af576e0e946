/**
 * core-provider: turns Helm charts into validated kinds, and starts a controller for each of them.
 *
 *     definitions ── wish changed ──┐
 *     CRDs (established, gone) ─────┼─ merge ─► debounceByKey ─► pauseFilter ─► reconcile ─► outcomes
 *     resync ───────────────────────┘
 *     definitions ── kinds in use ─► one composition-dynamic-controller for each kind and version ─► outcomes
 */
import {
  distinctUntilChanged,
  filter,
  finalize,
  map,
  merge,
  mergeMap,
  type Observable,
  share,
  tap,
} from "../../lib/deps/rxjs.ts";
import {
  type Change,
  type Condition,
  type EventRecorder,
  keyOf,
  type KubeClient,
  type KubeObject,
  reflect,
} from "../../lib/kube/mod.ts";
import { ChartLibrary } from "../../lib/release/mod.ts";
import {
  createReporter,
  debounceByKey,
  type FleetPauses,
  isTrue,
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
import { type ChartRenderer, Children, compositionController } from "../composition-dynamic-controller/mod.ts";
import { type CompositionDefinition, CRDS, DEFINITIONS } from "./api.ts";
import { COMPOSITION_GROUP } from "./crd/mod.ts";
import { DefinitionBlueprints } from "./blueprints.ts";
import { concernedBy } from "./concerned.ts";
import { kindsInUse, runEach, whenKeysChange } from "./kinds.ts";
import { DefinitionReconciler } from "./reconcile.ts";

export * from "./api.ts";
export { pluralize } from "./crd/mod.ts";
export { DEFINITION_CRD } from "./definition_crd.ts";
export { kindsInUse, runEach, whenKeysChange } from "./kinds.ts";
export { POLICIES } from "./policies.ts";

/** Options of {@linkcode coreProvider}. Times in ms. */
export interface CoreProviderOptions {
  readonly client: KubeClient;
  readonly renderer: ChartRenderer;
  /** Records what happens to definitions. */
  readonly definitionEvents: EventRecorder;
  /** Records what happens to compositions. */
  readonly compositionEvents: EventRecorder;
  /** Called with failures outside a reconcile. */
  readonly onError: (error: unknown, object: KubeObject) => void;
  /** Default `krateo-system`. */
  readonly krateoNamespace?: string;
  /** Definitions at work at once. Default 4. */
  readonly concurrency?: number;
  /** Compositions of one kind at work at once. Default 16. */
  readonly compositionConcurrency?: number;
  /** Between two looks at an object that nothing happened to. Default 600,000. */
  readonly resyncPeriod?: number;
  /** Pauses of more than one object. */
  readonly fleet?: FleetPauses | undefined;
  /** Stops taking work when it aborts. */
  readonly drain?: AbortSignal;
}

/** Runs definitions and all compositions of their kinds until it is unsubscribed. */
export function coreProvider(options: CoreProviderOptions): Observable<Outcome> {
  const { client } = options;
  const definitions = reflect(client.watch<CompositionDefinition>(DEFINITIONS));
  const crds = reflect(client.watch<KubeObject>(CRDS, { transform: withoutForeignSchemas }));
  const charts = new ChartLibrary(client);
  const children = new Children(client);
  const report = createReporter<CompositionDefinition>({
    client,
    resource: DEFINITIONS,
    recorder: options.definitionEvents,
  });
  const reconciler = new DefinitionReconciler({ client, definitions, crds, charts, report });

  const wishes$ = definitions.changes$.pipe(wishKeys());
  const established$ = crds.changes$.pipe(
    filter(isEstablished),
    distinctUntilChanged((a, b) => a.object.metadata.resourceVersion === b.object.metadata.resourceVersion),
    tap(() => client.discovery.invalidate()),
    share(),
  );
  const blueprintChanges$ = definitions.changes$.pipe(
    filter(() => definitions.ready),
    map(() =>
      JSON.stringify([...definitions.values()].map((d) => [keyOf(d), d.status?.apiVersion, d.status?.managed]))
    ),
    distinctUntilChanged(),
    share(),
  );
  const concerned$ = crds.changes$.pipe(mergeMap((change) => concernedBy(change, definitions.values())));
  const resync$ = resync(() => definitions.keys(), { period: options.resyncPeriod ?? 600_000 });
  const pauses = pauseState(definitions, { fleet: options.fleet });
  const stage = { concurrency: options.concurrency ?? 4, ...(options.drain ? { drain: options.drain } : {}) };

  const definitions$ = merge(wishes$, concerned$, resync$).pipe(
    debounceByKey({ quiet: 5, maxWait: 100 }),
    pauseFilter(pauses.isHeld, pauses.changes$),
    reconcile(reconciler.reconcile, stage),
  );
  const pauses$ = pauses.changes$.pipe(
    filter(pauses.isHeld),
    map((key): Trigger => ({ key, reason: "change" })),
    reconcile(pauseReporter(definitions, report, pauses), stage),
  );
  const compositions$ = definitions.changes$.pipe(
    filter(() => definitions.ready),
    map(() => kindsInUse(definitions)),
    whenKeysChange(),
    untilAborted(options.drain),
    runEach((resource) =>
      compositionController({
        ...options,
        kind: { resource, krateoNamespace: options.krateoNamespace ?? "krateo-system" },
        blueprints: new DefinitionBlueprints(definitions, charts),
        blueprintChanges$,
        kindChanges$: established$,
        children,
        recorder: options.compositionEvents,
        ...(options.compositionConcurrency === undefined ? {} : { concurrency: options.compositionConcurrency }),
      })
    ),
  );
  return merge(definitions$, pauses$, compositions$).pipe(finalize(() => children.close()));
}

function isEstablished(change: Change): change is Extract<Change, { type: "applied" }> {
  if (change.type !== "applied") return false;
  const status = change.object["status"] as { conditions?: Condition[] } | undefined;
  return isTrue(status?.conditions, "Established");
}

/** Other people's CRDs can be megabytes; of them only the names matter. */
function withoutForeignSchemas(crd: KubeObject): KubeObject {
  const { managedFields: _dropped, ...metadata } = crd.metadata;
  const spec = crd["spec"] as { group?: string; names?: unknown } | undefined;
  if (spec?.group === COMPOSITION_GROUP) return { ...crd, metadata };
  return { ...crd, metadata, spec: { group: spec?.group, names: spec?.names } };
}
