/** All objects of the server: one revision counter, one collection a resource, listeners for commits. */
import type { KubeObject } from "../../kube/mod.ts";
import { Collection } from "./collection.ts";
import type { Commit, Entry } from "./entry.ts";
import { entryKey } from "./entry.ts";

/** Options of {@linkcode Store}. */
export interface StoreOptions {
  /** Commits remembered a resource: how far back a watch or a paged list can reach. Default 1024. */
  readonly history?: number;
  /** The revision to go on from. Default 1, as etcd's first. */
  readonly revision?: number;
}

type Listener = (commit: Commit) => void;

/**
 * A resource is named `group/plural` (`/pods` for core). The store trusts its callers: optimistic locking and every other
 * rule is the REST layer's, which runs synchronously between reading and writing and therefore needs no locks.
 */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #everything = new Set<Listener>();
  readonly #history: number;
  #revision: number;

  constructor(options: StoreOptions = {}) {
    this.#history = options.history ?? 1024;
    this.#revision = options.revision ?? 1;
  }

  /** The resourceVersion of the latest write. */
  get revision(): number {
    return this.#revision;
  }

  /** The names of all resources that ever had an object. */
  get resources(): readonly string[] {
    return [...this.#collections.keys()];
  }

  collection(resource: string): Collection {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = new Collection(resource, this.#history, this.#revision);
      this.#collections.set(resource, collection);
    }
    return collection;
  }

  get(resource: string, namespace: string | undefined, name: string): Entry | undefined {
    return this.#collections.get(resource)?.get(entryKey(namespace, name));
  }

  /** Stores the object, which the caller gives up, under the next revision; creates or replaces by its key. */
  put(resource: string, object: KubeObject): Entry {
    const collection = this.collection(resource);
    const revision = ++this.#revision;
    const entry = entryOf(object, revision);
    const previous = collection.get(entry.key);
    const type = previous === undefined ? "ADDED" : "MODIFIED";
    this.#commit(collection, { type, resource, revision, entry, previous });
    return entry;
  }

  /** Removes an object; the answer is its last state under the revision of the removal. */
  remove(resource: string, previous: Entry, lastState: KubeObject = previous.object): Entry {
    const revision = ++this.#revision;
    const entry = entryOf({ ...lastState, metadata: { ...lastState.metadata } }, revision);
    this.#commit(this.collection(resource), { type: "DELETED", resource, revision, entry, previous });
    return entry;
  }

  /** Puts a persisted object back under its own revision, silently. */
  restore(resource: string, object: KubeObject): void {
    const revision = Number(object.metadata.resourceVersion);
    this.#revision = Math.max(this.#revision, revision);
    this.collection(resource).restore(entryOf(object, revision));
  }

  /** Removes a persisted object again, silently. */
  forget(resource: string, key: string, revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    this.#collections.get(resource)?.forget(key);
  }

  /** Forgets all history: a watch or page from before now gets 410. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.compact(this.#revision);
  }

  /** Calls `listener` for every commit, of one resource or of all; the answer ends that. */
  subscribe(resource: string | undefined, listener: Listener): () => void {
    if (resource === undefined) {
      this.#everything.add(listener);
      return () => this.#everything.delete(listener);
    }
    let listeners = this.#listeners.get(resource);
    if (listeners === undefined) this.#listeners.set(resource, listeners = new Set());
    const own = listeners;
    own.add(listener);
    return () => own.delete(listener);
  }

  #commit(collection: Collection, commit: Commit): void {
    collection.push(commit);
    for (const listener of this.#everything) listener(commit);
    for (const listener of this.#listeners.get(commit.resource) ?? []) listener(commit);
  }
}

function entryOf(object: KubeObject, revision: number): Entry {
  const { metadata } = object;
  metadata.resourceVersion = String(revision);
  const { namespace, name } = metadata;
  return { key: entryKey(namespace, name), namespace, name, revision, object };
}
