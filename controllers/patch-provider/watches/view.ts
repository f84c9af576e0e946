/** One watch that many look at, each at objects of its own. */
import { Observable, type Subscriber, type Subscription } from "../../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  type Change,
  type KubeClient,
  type KubeError,
  type KubeObject,
  objectKey,
  reflect,
  type Store,
  type WatchOptions,
} from "../../../lib/kube/mod.ts";
import type { Sight } from "./sight.ts";

/** What of a resource a view holds. */
export type Extent = Pick<WatchOptions<KubeObject>, "namespace" | "labelSelector" | "fieldSelector">;

/** Reasons of a watch that asking again does not help. */
const REFUSED: ReadonlySet<string> = new Set(["Forbidden", "Unauthorized"]);

/**
 * One watch, live while somebody looks. A change is told to those alone who look at its object, so a thousand listeners
 * cost a change no more than one.
 */
export class View {
  readonly #resource: ApiResource;
  readonly #store: Store;
  readonly #byKey = new Map<string, Set<Subscriber<Sight>>>();
  readonly #all = new Set<Subscriber<Sight>>();
  #subscription: Subscription | undefined;
  #refusal: KubeError | undefined;

  /** @param onRefused Called when the server does not let the objects be watched, in place of telling those who look. */
  constructor(client: KubeClient, resource: ApiResource, extent: Extent, onRefused?: () => void) {
    this.#resource = resource;
    this.#store = reflect(client.watch<KubeObject>(resource, {
      ...extent,
      onHealth: ({ state, error }) => {
        if (state === "live") this.#refusal = undefined;
        if (state !== "failing" || error === undefined || !REFUSED.has(error.reason)) return;
        if (onRefused !== undefined) return onRefused();
        this.#refusal = error;
        this.#tellAll();
      },
    }));
  }

  /** One object: found or not. */
  object$(name: string, namespace: string | undefined): Observable<Sight> {
    const key = objectKey(name, namespace);
    return new Observable((subscriber) => {
      const listeners = this.#byKey.get(key) ?? new Set();
      this.#byKey.set(key, listeners.add(subscriber));
      this.#join(subscriber, () => this.#sightOf(key));
      return () => {
        listeners.delete(subscriber);
        if (listeners.size === 0) this.#byKey.delete(key);
        this.#leave();
      };
    });
  }

  /** All objects of the view. */
  objects$(): Observable<Sight> {
    return new Observable((subscriber) => {
      this.#all.add(subscriber);
      this.#join(subscriber, () => this.#sight());
      return () => {
        this.#all.delete(subscriber);
        this.#leave();
      };
    });
  }

  /** Whether nobody looks. */
  get idle(): boolean {
    return this.#byKey.size === 0 && this.#all.size === 0;
  }

  #join(subscriber: Subscriber<Sight>, sight: () => Sight | undefined): void {
    this.#subscription ??= this.#store.changes$.subscribe((change) => this.#take(change));
    const now = sight();
    if (now !== undefined) subscriber.next(now);
  }

  #leave(): void {
    if (!this.idle) return;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#refusal = undefined;
  }

  #take(change: Change): void {
    if (change.type === "reset") return;
    if (change.type === "synced") return this.#tellAll();
    if (!this.#store.ready) return;
    const { name, namespace } = change.object.metadata;
    const key = objectKey(name, namespace);
    tell(this.#byKey.get(key), this.#sightOf(key));
    if (this.#all.size > 0) tell(this.#all, this.#sight());
  }

  #tellAll(): void {
    for (const [key, listeners] of [...this.#byKey]) tell(listeners, this.#sightOf(key));
    if (this.#all.size > 0) tell(this.#all, this.#sight());
  }

  #sightOf(key: string): Sight | undefined {
    const object = this.#store.get(key);
    return this.#seen(object === undefined ? [] : [object]);
  }

  #sight(): Sight | undefined {
    return this.#seen([...this.#store.values()]);
  }

  /** Nothing before the first list: an object that is not there yet is not a missing one. */
  #seen(objects: readonly KubeObject[]): Sight | undefined {
    if (this.#refusal !== undefined) return { type: "refused", error: this.#refusal };
    return this.#store.ready ? { type: "seen", resource: this.#resource, objects } : undefined;
  }
}

function tell(listeners: Iterable<Subscriber<Sight>> | undefined, sight: Sight | undefined): void {
  if (sight === undefined) return;
  for (const listener of [...listeners ?? []]) listener.next(sight);
}
