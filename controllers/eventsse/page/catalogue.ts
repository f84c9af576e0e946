/** What the page lists beside the events: compositions with their health, from the definition to the child objects. */
import { filter, finalize, ignoreElements, map, Observable, type Subscription } from "../../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  apiVersionOf,
  type KubeClient,
  type KubeObject,
  reflect,
  type Store,
} from "../../../lib/kube/mod.ts";
import { findCondition, isPaused } from "../../../lib/provider-runtime/mod.ts";
import { type Health, health } from "../../../lib/release/mod.ts";
import type { ReviewedObject } from "../access/mod.ts";
import { type Composition, LABEL, type ManagedObject } from "../../composition-dynamic-controller/mod.ts";
import {
  type CompositionDefinition,
  DEFINITIONS,
  kindsInUse,
  runEach,
  whenKeysChange,
} from "../../core-provider/mod.ts";

/** A composition at a glance. */
export interface CompositionSummary {
  /** UID of the composition: the value of `krateo.io/composition-id` on its children and its Events. */
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Status of the condition `Ready`. */
  readonly ready: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly paused: boolean;
}

/** A composition with where it comes from and what it is made of. */
export interface CompositionTree extends CompositionSummary {
  /** `undefined` where the composition has no label of it. */
  readonly definition?: { readonly namespace: string; readonly name: string };
  readonly release?: string;
  readonly chartVersion?: string;
  readonly children: readonly ChildHealth[];
}

/** One object of the release. */
export interface ChildHealth {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** By the kstatus rules; `Missing` where the object is not there, `Unknown` where it may not be read. */
  readonly status: Health["status"] | "Missing" | "Unknown";
  readonly message: string;
}

/** Reads compositions for the page. */
export interface Catalogue {
  /** All compositions of all kinds, by namespace, kind and name. */
  list(): CompositionSummary[];
  /** One composition; `undefined` where there is none with this id. Reads each child once. */
  tree(id: string): Promise<CompositionTree | undefined>;
  /** What the API server knows one as, to ask it who may; `undefined` where there is none with this id. */
  locate(id: string): ReviewedObject | undefined;
  /** Ends the watches. */
  close(): void;
}

interface Kind {
  readonly resource: ApiResource;
  readonly compositions: Store<Composition>;
}

/**
 * A catalogue of the compositions in a cluster: one watch for each kind and version in use, as definitions come and go.
 *
 * Each composition is read at its own version alone, because another version's schema may prune what it has.
 */
export function watchCatalogue(client: KubeClient, onError: (error: unknown) => void): Catalogue {
  const kinds = new Map<string, Kind>();
  const definitions = reflect(client.watch<CompositionDefinition>(DEFINITIONS));
  const subscription: Subscription = definitions.changes$.pipe(
    filter(() => definitions.ready),
    map(() => kindsInUse(definitions)),
    whenKeysChange(),
    runEach((resource, key) => follow(client, resource, kinds, key)),
  ).subscribe({ error: onError });

  const all = () =>
    [...kinds.values()].flatMap(({ resource, compositions }) =>
      [...compositions.values()].map((composition) => ({ resource, composition }))
    );
  const one = (id: string) => all().find(({ composition }) => composition.metadata.uid === id);
  return {
    list: () => all().map(({ resource, composition }) => summaryOf(resource, composition)).sort(byPlace),
    tree: async (id) => {
      const found = one(id);
      return found && await treeOf(client, found.resource, found.composition);
    },
    locate: (id) => {
      const found = one(id);
      if (found === undefined) return undefined;
      const { resource: { group, plural }, composition: { metadata: { namespace, name } } } = found;
      return { group, resource: plural, name, ...(namespace === undefined ? {} : { namespace }) };
    },
    close: () => subscription.unsubscribe(),
  };
}

/** Keeps a kind's store in `kinds` while it is subscribed. */
function follow(client: KubeClient, resource: ApiResource, kinds: Map<string, Kind>, key: string): Observable<never> {
  return new Observable((subscriber) => {
    const compositions = reflect(
      client.watch<Composition>(resource, { labelSelector: `${LABEL.version}=${resource.version}` }),
    );
    kinds.set(key, { resource, compositions });
    return compositions.changes$.pipe(ignoreElements(), finalize(() => kinds.delete(key))).subscribe(subscriber);
  });
}

function summaryOf(resource: ApiResource, composition: Composition): CompositionSummary {
  const { uid = "", namespace = "", name } = composition.metadata;
  const ready = findCondition(composition.status?.conditions, "Ready");
  return {
    id: uid,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    namespace,
    name,
    ready: ready?.status ?? "Unknown",
    reason: ready?.reason ?? "",
    message: ready?.message ?? "",
    paused: isPaused(composition),
  };
}

function byPlace(a: CompositionSummary, b: CompositionSummary): number {
  return a.namespace.localeCompare(b.namespace) || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name);
}

async function treeOf(client: KubeClient, resource: ApiResource, composition: Composition): Promise<CompositionTree> {
  const { status, metadata } = composition;
  const name = metadata.labels?.[LABEL.definitionName];
  const namespace = metadata.labels?.[LABEL.definitionNamespace] ?? "";
  return {
    ...summaryOf(resource, composition),
    ...(name === undefined ? {} : { definition: { namespace, name } }),
    ...(status?.releaseName === undefined ? {} : { release: status.releaseName }),
    ...(status?.helmChartVersion === undefined ? {} : { chartVersion: status.helmChartVersion }),
    children: await Promise.all((status?.managed ?? []).map((child) => childHealth(client, child))),
  };
}

async function childHealth(client: KubeClient, child: ManagedObject): Promise<ChildHealth> {
  const { apiVersion, namespace, name } = child;
  const place = { apiVersion, namespace, name };
  try {
    const served = await client.discovery.resources();
    const resource = served.find((one) => one.plural === child.resource && apiVersionOf(one) === apiVersion);
    if (!resource) return { ...place, kind: child.resource, status: "Missing", message: `${apiVersion} is not served` };
    const object = await client.find<KubeObject>(resource, name, namespace || undefined);
    if (!object) return { ...place, kind: resource.kind, status: "Missing", message: "The object does not exist" };
    return { ...place, kind: resource.kind, ...health(object) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...place, kind: child.resource, status: "Unknown", message };
  }
}
