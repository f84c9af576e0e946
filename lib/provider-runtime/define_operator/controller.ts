/**
 * The controller of a defined operator.
 *
 *     objects ── wish changed ──────────┐
 *     a pause of the fleet ─────────────┤
 *     Secrets ── came, changed, went ───┴─ merge ─► debounceByKey ─► reconcile(managed) ─► outcomes
 */
import type { Static, TObject } from "../../deps/typebox.ts";
import { getLogger } from "../../deps/logtape.ts";
import { defer, EMPTY, merge, mergeMap } from "../../deps/rxjs.ts";
import {
  type ApiResource,
  createEventRecorder,
  type EventRecorder,
  keyOf,
  type KubeClient,
  type KubeObject,
  reflect,
  resourceName,
  type WatchHealth,
  type WatchOptions,
} from "../../kube/mod.ts";
import { debounceByKey } from "../debounce_by_key.ts";
import { MANAGED_FINALIZER, managedReconciler } from "../managed.ts";
import type { Connect } from "../managed_types.ts";
import type { Controller, ControllerContext } from "../manager.ts";
import { reconcile } from "../reconcile.ts";
import type { Trigger } from "../types.ts";
import { wishKeys } from "../wish_keys.ts";
import { operatorName } from "./deploy.ts";
import { BY_SECRET, readSecret, secretKey, SECRETS, secretTriggers } from "./secrets.ts";
import type { OperatorDefinition, OperatorObject, OperatorOptions } from "./types.ts";

/** Helm keeps releases in Secrets: many, large, and never a credential. */
const NO_RELEASES = "type!=helm.sh/release.v1";

/** Makes the controller of a definition. */
export function controllerOf<Spec extends TObject, Status extends TObject, Connection>(
  definition: OperatorDefinition<Spec, Status, Connection>,
  resource: ApiResource,
  client: KubeClient,
  options: OperatorOptions,
): Controller {
  type T = OperatorObject<Static<Spec>, Static<Status>>;
  const name = operatorName(resource);
  const { secretRefs, timeout, creationGrace, deterministicName } = definition;
  const { namespace, clock, fleet } = options;
  const pollInterval = options.pollInterval ?? definition.pollInterval;
  const recorder = options.recorder ?? recorderOf(client, resource, name);
  const secretKeys = (object: T) =>
    (secretRefs?.(object.spec) ?? []).flatMap((ref) => ref === undefined ? [] : [secretKey(ref, object)]);

  const run = ({ drain, metrics, health }: ControllerContext) => {
    const watched = <O extends KubeObject>(what: ApiResource): WatchOptions<O> => {
      const title = resourceName(what);
      const told = [health.watch(title), options.onWatchHealth?.(title)];
      const onHealth = (state: WatchHealth) => told.forEach((tell) => tell?.(state));
      return { onHealth, ...(namespace !== undefined && { namespace }) };
    };
    const objects = reflect<T>(client.watch<T>(resource, watched(resource)), { indexes: { [BY_SECRET]: secretKeys } });
    const reconciler = managedReconciler<T>({
      client,
      resource,
      store: objects,
      connect: connectOf(definition, client),
      recorder,
      fleet,
      ...(pollInterval !== undefined && { pollInterval }),
      ...(timeout !== undefined && { timeout }),
      ...(creationGrace !== undefined && { creationGrace }),
      ...(deterministicName !== undefined && { deterministicName }),
      ...(clock && { clock }),
    });
    const secretChanges$ = secretRefs === undefined ? EMPTY : defer(() => {
      const options = { ...watched(SECRETS), metadataOnly: true, fieldSelector: NO_RELEASES };
      return secretTriggers(reflect(client.watch<KubeObject>(SECRETS, options)), objects);
    });
    const resumed$ = (fleet?.changes$ ?? EMPTY).pipe(
      mergeMap(() => [...objects.keys()].map((key): Trigger => ({ key, reason: "change" }))),
    );
    return merge(objects.changes$.pipe(wishKeys(undefined, MANAGED_FINALIZER)), secretChanges$, resumed$).pipe(
      debounceByKey({ quiet: 5, maxWait: 100 }),
      reconcile(reconciler, {
        drain,
        observer: metrics,
        concurrency: options.concurrency ?? definition.concurrency ?? 10,
      }),
    );
  };
  return { name, run, standby: "warm" };
}

/** The author's functions in the form that the managed-resource loop calls. */
function connectOf<Spec extends TObject, Status extends TObject, Connection>(
  definition: OperatorDefinition<Spec, Status, Connection>,
  client: KubeClient,
): Connect<OperatorObject<Static<Spec>, Static<Status>>> {
  type T = OperatorObject<Static<Spec>, Static<Status>>;
  const call = (object: T, signal: AbortSignal) => ({
    object,
    spec: object.spec,
    signal,
    secret: (ref: Parameters<typeof readSecret>[1]) => readSecret(client, ref, object, signal),
  });
  return async (object, signal) => {
    const connection = await definition.connect(call(object, signal));
    return {
      observe: (object, signal) => definition.observe(call(object, signal), connection),
      create: (object, signal) => definition.create(call(object, signal), connection),
      update: (object, observation, signal) => {
        // It is what `observe` resolved to, a few lines above.
        const seen = observation as Awaited<ReturnType<typeof definition.observe>>;
        return definition.update({ ...call(object, signal), observation: seen }, connection);
      },
      delete: (object, signal) => definition.delete(call(object, signal), connection),
      disconnect: () => definition.disconnect?.(connection),
    };
  };
}

function recorderOf(client: KubeClient, resource: ApiResource, name: string): EventRecorder {
  const log = getLogger(["kco", name, "events"]);
  return createEventRecorder(client, {
    controller: `${resource.group}/${name}`,
    onError: (error, { reason, regarding }) =>
      log.warn("Cannot record Event {reason} about {key}: {error}", {
        reason,
        key: keyOf(regarding),
        error: error instanceof Error ? error.message : String(error),
      }),
  });
}
