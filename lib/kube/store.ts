/** `reflect`: a stream of changes made into a view that can be read. */
import { Observable, type Subscriber, type Subscription } from "../deps/rxjs.ts";
import { keyOf } from "./path.ts";
import { IndexedMap, type Indexes } from "./_indexed_map.ts";
import type { Change, KubeObject, ObjectKey } from "./types.ts";

export type { Indexes } from "./_indexed_map.ts";

/** A read-only view of a watched resource, kept current by one watch however many read it. */
export interface Store<T extends KubeObject = KubeObject> {
  /** Whether a first list is complete. */
  readonly ready: boolean;
  /** Resolves once `ready`. */
  whenReady(signal?: AbortSignal): Promise<void>;
  get(key: ObjectKey): T | undefined;
  keys(): Iterable<ObjectKey>;
  values(): Iterable<T>;
  readonly size: number;
  /** Objects whose index value equals `value`; see `indexes` of `reflect`. */
  byIndex(index: string, value: string): readonly T[];
  /** Every change after the store took it in. A late subscriber first gets what is there, as `applied`. */
  readonly changes$: Observable<Change<T>>;
}

/** Options of {@linkcode reflect}. */
export interface ReflectOptions<T extends KubeObject> {
  /** By name: the values under which an object is found with `byIndex`. */
  readonly indexes?: Indexes<T>;
}

/**
 * Keeps what `source` says, and lets it be read.
 *
 * The store is live while someone subscribes to `changes$` (or awaits `whenReady`), however many they are; with the last
 * one it lets go of the source and of its objects.
 *
 *     source:   (reset a b synced)---a'---(reset b c synced)---
 *     changes$: (a b synced)---------a'---(deleted a, c, synced)
 *
 * A relist replaces everything at once when it is complete: readers never see half of it, and `changes$` carries only
 * the difference, with the deletions that were missed.
 */
export function reflect<T extends KubeObject>(
  source: Observable<Change<T>>,
  options: ReflectOptions<T> = {},
): Store<T> {
  return new ReflectedStore(source, options.indexes ?? {});
}

class ReflectedStore<T extends KubeObject> implements Store<T> {
  readonly changes$: Observable<Change<T>>;
  readonly #source: Observable<Change<T>>;
  readonly #subscribers = new Set<Subscriber<Change<T>>>();
  readonly #indexes: Indexes<T>;
  #objects: IndexedMap<T>;
  /** The list under way, until it is complete. */
  #staged: Map<ObjectKey, T> | undefined;
  #resourceVersion: string | undefined;
  #connection: Subscription | undefined;

  constructor(source: Observable<Change<T>>, indexes: Indexes<T>) {
    this.#source = source;
    this.#indexes = indexes;
    this.#objects = new IndexedMap(indexes);
    this.changes$ = new Observable((subscriber) => this.#join(subscriber));
  }

  get ready(): boolean {
    return this.#resourceVersion !== undefined;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  keys(): Iterable<ObjectKey> {
    return this.#objects.keys();
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.#objects.byIndex(index, value);
  }

  whenReady(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const finish = (settle: () => void) => {
        signal?.removeEventListener("abort", abort);
        queueMicrotask(() => subscription.unsubscribe());
        settle();
      };
      const abort = () => finish(() => reject(signal?.reason));
      signal?.addEventListener("abort", abort);
      const subscription = this.changes$.subscribe({
        next: (change) => change.type === "synced" && finish(resolve),
        error: (error) => finish(() => reject(error)),
      });
    });
  }

  #join(subscriber: Subscriber<Change<T>>): () => void {
    for (const object of this.#objects.values()) subscriber.next({ type: "applied", object });
    if (this.#resourceVersion !== undefined) {
      subscriber.next({ type: "synced", resourceVersion: this.#resourceVersion });
    }
    this.#subscribers.add(subscriber);
    if (this.#connection === undefined) this.#connect();
    return () => {
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size === 0) this.#disconnect();
    };
  }

  #connect(): void {
    const connection = this.#source.subscribe({
      next: (change) => this.#take(change),
      error: (error) => this.#end((subscriber) => subscriber.error(error)),
      complete: () => this.#end((subscriber) => subscriber.complete()),
    });
    // A source that ends while it is being subscribed to has already disconnected.
    if (this.#subscribers.size > 0) this.#connection = connection;
  }

  #disconnect(): void {
    this.#connection?.unsubscribe();
    this.#connection = undefined;
    this.#objects = new IndexedMap(this.#indexes);
    this.#staged = undefined;
    this.#resourceVersion = undefined;
  }

  #end(tell: (subscriber: Subscriber<Change<T>>) => void): void {
    for (const subscriber of [...this.#subscribers]) tell(subscriber);
  }

  #take(change: Change<T>): void {
    switch (change.type) {
      case "reset":
        this.#staged = new Map();
        return;
      case "applied":
        if (this.#staged !== undefined) this.#staged.set(keyOf(change.object), change.object);
        else this.#apply(change.object);
        return;
      case "deleted":
        if (this.#staged !== undefined) this.#staged.delete(keyOf(change.object));
        else this.#delete(change.object);
        return;
      case "synced":
        this.#replace(change.resourceVersion);
    }
  }

  #apply(object: T): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known !== undefined && isOther(known, object)) this.#delete(known);
    this.#objects.set(key, object);
    this.#emit({ type: "applied", object });
  }

  #delete(object: T): void {
    if (this.#objects.delete(keyOf(object))) this.#emit({ type: "deleted", object });
  }

  #replace(resourceVersion: string): void {
    const next = this.#staged ?? new Map<ObjectKey, T>();
    const before = this.#objects;
    this.#staged = undefined;
    this.#resourceVersion = resourceVersion;
    this.#objects = new IndexedMap(this.#indexes, next);
    for (const [key, object] of before.entries()) {
      const now = next.get(key);
      if (now === undefined || isOther(object, now)) this.#emit({ type: "deleted", object });
    }
    for (const [key, object] of next) {
      if (!isSame(before.get(key), object)) this.#emit({ type: "applied", object });
    }
    this.#emit({ type: "synced", resourceVersion });
  }

  #emit(change: Change<T>): void {
    for (const subscriber of this.#subscribers) subscriber.next(change);
  }
}

/** Whether two objects of one name are different ones: deleted and created again while nobody watched. */
function isOther(before: KubeObject, after: KubeObject): boolean {
  return before.metadata.uid !== undefined && after.metadata.uid !== undefined &&
    before.metadata.uid !== after.metadata.uid;
}

function isSame(before: KubeObject | undefined, after: KubeObject): boolean {
  return before !== undefined && !isOther(before, after) && before.metadata.resourceVersion !== undefined &&
    before.metadata.resourceVersion === after.metadata.resourceVersion;
}
