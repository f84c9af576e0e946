/** The kinds that the server serves now. */
import type { KubeObject } from "../kube/mod.ts";
import { cloneJson } from "./json_value.ts";
import type { ResourceKind, ResourceVersion, SchemaEngine } from "./resource.ts";
import type { Entry } from "./storage/mod.ts";

/** `group/version`, or `version` for the core group. */
export function apiVersionOf(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The name of a resource in the store and the registry: `apps/deployments`, `/pods`. */
export function resourceKey(group: string, plural: string): string {
  return `${group}/${plural}`;
}

/**
 * A kind while it is served. Replaced as a whole when its definition changes, and with it all that is cached by it.
 */
export class ServedKind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Key of the collection its objects are in. */
  readonly resource: string;
  readonly storageVersion: ResourceVersion;
  /** False while the CRD is being deleted: objects can be read and deleted, but not made. */
  readonly accepting: boolean;
  readonly #views = new Map<string, WeakMap<Entry, KubeObject>>();
  readonly #memo = new Map<string, unknown>();

  /** @param since Revision of the store when this definition came; older objects may not fit its schema yet. */
  constructor(
    readonly definition: ResourceKind,
    readonly engine: SchemaEngine,
    readonly since: number,
    options: { readonly accepting?: boolean } = {},
  ) {
    const { group, plural, kind, namespaced, storedAs, versions } = definition;
    this.group = group;
    this.plural = plural;
    this.kind = kind;
    this.namespaced = namespaced;
    this.resource = storedAs === undefined ? resourceKey(group, plural) : resourceKey(storedAs.group, storedAs.plural);
    const storage = versions.find((version) => version.storage) ?? versions[0];
    if (storage === undefined) throw new TypeError(`Kind "${kind}" of group "${group}" has no versions`);
    this.storageVersion = storage;
    this.accepting = options.accepting ?? true;
  }

  /** A version that requests may name. */
  served(name: string): ResourceVersion | undefined {
    return this.definition.versions.find((version) => version.name === name && version.served);
  }

  apiVersion(version: ResourceVersion): string {
    return apiVersionOf(this.group, version.name);
  }

  /** Computes something once for this definition, e.g. a representation or an OpenAPI document. */
  memo<T>(key: string, make: () => T): T {
    if (!this.#memo.has(key)) this.#memo.set(key, make());
    return this.#memo.get(key) as T;
  }

  /** The object in a version, for reading only. Converted, defaulted and pruned as the real server does on a read. */
  view(version: ResourceVersion, entry: Entry): KubeObject {
    const { object } = entry;
    const apiVersion = this.apiVersion(version);
    const sameVersion = object.apiVersion === apiVersion;
    if (sameVersion && (this.definition.origin === "builtin" || entry.revision > this.since)) return object;
    let views = this.#views.get(version.name);
    if (views === undefined) this.#views.set(version.name, views = new WeakMap());
    let view = views.get(entry);
    if (view === undefined) {
      view = this.#convert(version, entry);
      views.set(entry, view);
    }
    return view;
  }

  #convert(version: ResourceVersion, entry: Entry): KubeObject {
    const copy = cloneJson(entry.object);
    if (this.definition.origin === "builtin") {
      const converted = version.fromStorage?.(copy) ?? copy;
      return { ...converted, apiVersion: this.apiVersion(version), kind: this.kind };
    }
    const stored = this.storageVersion.schema();
    if (stored !== undefined && entry.revision <= this.since) this.engine.applyDefaults(stored, copy);
    const schema = version.schema();
    copy.apiVersion = this.apiVersion(version);
    if (schema !== undefined) this.engine.prune(schema, copy);
    return copy;
  }

  /** Turns an object of `version`, which the caller gives up, into what is stored. */
  toStored(version: ResourceVersion, object: KubeObject): KubeObject {
    if (version.toStorage !== undefined) return version.toStorage(object);
    if (version.name === this.storageVersion.name) return object;
    object.apiVersion = this.apiVersion(this.storageVersion);
    const schema = this.storageVersion.schema();
    if (this.definition.origin === "crd" && schema !== undefined) this.engine.prune(schema, object);
    return object;
  }
}

type Change = { readonly removed: ServedKind | undefined; readonly added: ServedKind | undefined };

/** All served kinds, by group and plural and by group and kind. */
export class Registry {
  readonly #byResource = new Map<string, ServedKind>();
  readonly #listeners = new Set<(change: Change) => void>();
  /** Tells servers apart whose kinds look the same, for caches that outlive them. */
  readonly instance = Math.floor(Math.random() * 2 ** 32);
  #generation = 0;

  /** Grows with every change: what discovery and OpenAPI cache by. */
  get generation(): number {
    return this.#generation;
  }

  /** Every served kind, in the order of registration. */
  kinds(): Iterable<ServedKind> {
    return this.#byResource.values();
  }

  get(group: string, plural: string): ServedKind | undefined {
    return this.#byResource.get(resourceKey(group, plural));
  }

  /** The kind of a manifest; a handful of look-ups a request, so it searches. */
  byKind(group: string, kind: string): ServedKind | undefined {
    for (const served of this.#byResource.values()) {
      if (served.kind === kind && served.group === group) return served;
    }
    return undefined;
  }

  /** The kind whose own storage is this collection. */
  byStorage(resource: string): ServedKind | undefined {
    return this.#byResource.get(resource);
  }

  /** Serves a kind, in the place of an earlier definition of the same resource. */
  register(served: ServedKind): void {
    const key = resourceKey(served.group, served.plural);
    const removed = this.#byResource.get(key);
    this.#byResource.set(key, served);
    this.#changed({ removed, added: served });
  }

  unregister(group: string, plural: string): void {
    const key = resourceKey(group, plural);
    const removed = this.#byResource.get(key);
    if (removed === undefined) return;
    this.#byResource.delete(key);
    this.#changed({ removed, added: undefined });
  }

  /** Calls `listener` when kinds come, change and go; the answer ends that. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(change: Change): void {
    this.#generation++;
    for (const listener of this.#listeners) listener(change);
  }
}
