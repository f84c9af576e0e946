/** The live children of all compositions, watched by label, kept as a fingerprint and a health: never the whole object. */
import { type Observable, Subject, Subscription } from "../../lib/deps/rxjs.ts";
import type { ApiResource, Change, KubeClient, KubeObject } from "../../lib/kube/mod.ts";
import { fingerprint, type Health, health, HELM_MANAGER, type ReleaseObject } from "../../lib/release/mod.ts";
import { CHILD_LABEL } from "./api.ts";

/** What is known of a live child. */
export interface ChildState {
  readonly resourceVersion: string;
  /** The composition it belongs to. */
  readonly owner: string;
  readonly fingerprint: string;
  readonly health: Health;
}

/** One watched resource. */
interface Watched {
  /** The compositions that use it, by holder and composition. */
  readonly users: Map<string, string>;
  readonly states: Map<string, ChildState>;
  /** Whether a first list is complete. */
  synced: boolean;
  /** Keys not yet seen in the list under way; `undefined` while none is. */
  unconfirmed: Set<string> | undefined;
  readonly subscription: Subscription;
}

/**
 * One watch per child resource, however many compositions have such children; it ends when none has any more.
 *
 * An applied object can be put in at once (`put`), so that nobody mistakes the moment before its watch event for a deletion.
 */
export class Children {
  readonly #watched = new Map<string, Watched>();
  readonly #changes = new Subject<string>();
  /** The uid of a composition whenever one of its children changed, vanished or got another health. */
  readonly changes$: Observable<string> = this.#changes.asObservable();

  constructor(private readonly client: Pick<KubeClient, "watch">) {}

  /**
   * Says which resources a composition has children of; replaces what the same holder said of it before.
   *
   * @param composition Its uid.
   * @param holder Who says so: while a composition moves, its old and its new version both do for a moment.
   */
  use(composition: string, holder: string, resources: readonly ApiResource[]): void {
    const user = `${holder}/${composition}`;
    const wanted = new Map(resources.map((r) => [resourceKey(r), r]));
    for (const [key, resource] of wanted) {
      if (!this.#watched.has(key)) this.#watch(key, resource);
      this.#watched.get(key)!.users.set(user, composition);
    }
    for (const [key, watched] of this.#watched) {
      if (wanted.has(key) || !watched.users.delete(user) || watched.users.size > 0) continue;
      watched.subscription.unsubscribe();
      this.#watched.delete(key);
    }
  }

  /** The live child, as far as it is known. */
  state(target: ReleaseObject): ChildState | undefined {
    return this.#watched.get(resourceKey(target.resource))?.states.get(childKey(target.namespace, target.name));
  }

  /** Whether the children of these resources have all been listed once. `changes$` emits when that becomes true. */
  synced(resources: readonly ApiResource[]): boolean {
    return resources.every((r) => this.#watched.get(resourceKey(r))?.synced ?? false);
  }

  /** Takes in an object that was just applied, unless the watch has brought a newer one. */
  put(target: ReleaseObject, live: KubeObject): void {
    const watched = this.#watched.get(resourceKey(target.resource));
    if (watched) this.#take(watched, live);
  }

  /** Ends all watches. */
  close(): void {
    for (const watched of this.#watched.values()) watched.subscription.unsubscribe();
    this.#watched.clear();
    this.#changes.complete();
  }

  #watch(key: string, resource: ApiResource): void {
    const watched: Watched = {
      users: new Map(),
      states: new Map(),
      synced: false,
      unconfirmed: undefined,
      subscription: new Subscription(),
    };
    this.#watched.set(key, watched);
    const children$ = this.client.watch<KubeObject>(resource, { labelSelector: CHILD_LABEL.id, transform: (o) => o });
    watched.subscription.add(children$.subscribe((change) => this.#on(watched, change)));
  }

  #on(watched: Watched, change: Change): void {
    switch (change.type) {
      case "reset":
        watched.unconfirmed = new Set(watched.states.keys());
        return;
      case "applied":
        return this.#take(watched, change.object);
      case "deleted":
        return this.#gone(watched, change.object);
      case "synced":
        for (const key of watched.unconfirmed ?? []) this.#forget(watched, key);
        watched.unconfirmed = undefined;
        if (watched.synced) return;
        watched.synced = true;
        for (const composition of new Set(watched.users.values())) this.#changes.next(composition);
    }
  }

  /** An object of the same name that was put in meanwhile is a newer one: it stays. */
  #gone(watched: Watched, { metadata }: KubeObject): void {
    const key = childKey(metadata.namespace, metadata.name);
    const known = watched.states.get(key);
    if (known && Number(known.resourceVersion) > Number(metadata.resourceVersion ?? "0")) return;
    this.#forget(watched, key);
  }

  #take(watched: Watched, live: KubeObject): void {
    const key = childKey(live.metadata.namespace, live.metadata.name);
    const known = watched.states.get(key);
    const resourceVersion = live.metadata.resourceVersion ?? "0";
    watched.unconfirmed?.delete(key);
    if (known && Number(known.resourceVersion) >= Number(resourceVersion)) return;
    const owner = live.metadata.labels?.[CHILD_LABEL.id] ?? "";
    const state: ChildState = {
      resourceVersion,
      owner,
      fingerprint: fingerprint(live, HELM_MANAGER),
      health: health(live),
    };
    watched.states.set(key, state);
    // Whoever changed its labels took it from its owner, who has to know.
    if (known && known.owner !== owner) this.#changes.next(known.owner);
    if (!known || differs(known, state)) this.#changes.next(owner);
  }

  #forget(watched: Watched, key: string): void {
    const known = watched.states.get(key);
    if (!known) return;
    watched.states.delete(key);
    this.#changes.next(known.owner);
  }
}

function differs(a: ChildState, b: ChildState): boolean {
  return a.fingerprint !== b.fingerprint || a.health.status !== b.health.status ||
    a.health.message !== b.health.message || a.owner !== b.owner;
}

function resourceKey(resource: ApiResource): string {
  return `${resource.group}/${resource.version}/${resource.plural}`;
}

function childKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
