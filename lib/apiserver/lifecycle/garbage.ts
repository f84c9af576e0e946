/** Garbage collection: dependents go with their owners, or before them, or stay. */
import type { KubeObject, OwnerReference } from "../../kube/mod.ts";
import type { Core } from "../core.ts";
import type { ServedKind } from "../registry.ts";
import { FOREGROUND, ORPHAN } from "../rest/delete.ts";
import type { Commit, Entry } from "../storage/mod.ts";
import { deleteAsController, rewrite } from "./rewrite.ts";
import type { Work } from "./work.ts";

const MANAGER = "generic-garbage-collector";

/** Where an object is. */
interface Location {
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Keeps an index from owners to dependents and acts on it. */
export class GarbageCollector {
  readonly #core: Core;
  readonly #work: Work;
  /** Every object by its uid. */
  readonly #byUid = new Map<string, Location>();
  /** uids of dependents by the uid of an owner. */
  readonly #dependents = new Map<string, Set<string>>();

  constructor(core: Core, work: Work) {
    this.#core = core;
    this.#work = work;
  }

  /** Takes objects in that were there before. */
  load(): void {
    for (const resource of this.#core.store.resources) {
      for (const entry of this.#core.store.collection(resource).all()) this.#index(resource, entry, undefined);
    }
  }

  /** Takes note of a commit of any resource. */
  observe(commit: Commit): void {
    const { type, resource, entry, previous } = commit;
    if (type === "DELETED") this.#forget(entry, previous);
    else this.#index(resource, entry, previous);
    const { uid, deletionTimestamp, finalizers, ownerReferences } = entry.object.metadata;
    if (uid === undefined) return;
    if (type === "DELETED") {
      for (const dependent of this.#dependents.get(uid) ?? []) this.#schedule(dependent);
      for (const owner of owners(entry.object)) if (this.#byUid.has(owner.uid)) this.#schedule(owner.uid);
      return;
    }
    const waits = deletionTimestamp !== undefined && finalizers?.some((name) => name === FOREGROUND || name === ORPHAN);
    if (waits || (ownerReferences ?? []).length > 0) this.#schedule(uid);
  }

  #index(resource: string, entry: Entry, previous: Entry | undefined): void {
    const { uid } = entry.object.metadata;
    if (uid === undefined) return;
    if (previous === undefined) {
      this.#byUid.set(uid, { resource, namespace: entry.namespace, name: entry.name });
    }
    if (previous !== undefined) this.#unlink(uid, previous.object);
    for (const owner of owners(entry.object)) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set();
      this.#dependents.set(owner.uid, dependents.add(uid));
    }
  }

  #forget(entry: Entry, previous: Entry | undefined): void {
    const { uid } = entry.object.metadata;
    if (uid === undefined) return;
    this.#byUid.delete(uid);
    this.#unlink(uid, (previous ?? entry).object);
  }

  #unlink(uid: string, object: KubeObject): void {
    for (const owner of owners(object)) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }

  #schedule(uid: string): void {
    this.#work.schedule(`garbage ${uid}`, () => this.#reconcile(uid));
  }

  #reconcile(uid: string): void {
    const found = this.#find(uid);
    if (found === undefined) return;
    const { served, entry } = found;
    const { deletionTimestamp, finalizers = [] } = entry.object.metadata;
    if (deletionTimestamp !== undefined && finalizers.includes(ORPHAN)) return this.#orphan(served, entry, uid);
    if (deletionTimestamp !== undefined && finalizers.includes(FOREGROUND)) return this.#foreground(served, entry, uid);
    if (deletionTimestamp === undefined) this.#collect(served, entry);
  }

  /** Deletes an object that has owners, all of which are gone; takes those that are gone out of the list otherwise. */
  #collect(served: ServedKind, entry: Entry): void {
    const all = owners(entry.object);
    const gone = all.filter((owner) => !this.#exists(owner, entry));
    if (gone.length === 0) {
      // All owners that are left wait for their dependents: so this one goes.
      if (all.length > 0 && all.every((owner) => this.#isForeground(owner.uid))) {
        const hasDependents = this.#dependents.has(entry.object.metadata.uid ?? "");
        deleteAsController(this.#core, served, entry, MANAGER, hasDependents ? "Foreground" : "Background");
      }
      return;
    }
    if (gone.length === all.length) return deleteAsController(this.#core, served, entry, MANAGER);
    rewrite(this.#core, served.resource, entry, ({ metadata }) => {
      metadata.ownerReferences = all.filter((owner) => !gone.includes(owner));
    });
  }

  /** An owner counts where uid and namespace fit: a cluster-scoped object cannot be owned by one in a namespace. */
  #exists(owner: OwnerReference, dependent: Entry): boolean {
    const location = this.#byUid.get(owner.uid);
    if (location === undefined) return false;
    return location.namespace === undefined || location.namespace === dependent.namespace;
  }

  #isForeground(uid: string): boolean {
    const metadata = this.#find(uid)?.entry.object.metadata;
    return metadata?.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(FOREGROUND);
  }

  #orphan(served: ServedKind, entry: Entry, uid: string): void {
    for (const dependent of this.#dependentsOf(uid)) {
      rewrite(this.#core, dependent.served.resource, dependent.entry, ({ metadata }) => {
        const rest = owners(dependent.entry.object).filter((owner) => owner.uid !== uid);
        if (rest.length > 0) metadata.ownerReferences = rest;
        else delete metadata.ownerReferences;
      });
    }
    this.#dropFinalizer(served, entry, ORPHAN);
  }

  #foreground(served: ServedKind, entry: Entry, uid: string): void {
    const dependents = this.#dependentsOf(uid);
    for (const dependent of dependents) {
      if (dependent.entry.object.metadata.deletionTimestamp === undefined) {
        this.#collect(dependent.served, dependent.entry);
      }
    }
    const blocking = this.#dependentsOf(uid).filter((dependent) =>
      owners(dependent.entry.object).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true)
    );
    if (blocking.length === 0) this.#dropFinalizer(served, entry, FOREGROUND);
  }

  #dropFinalizer(served: ServedKind, entry: Entry, name: string): void {
    const current = this.#core.store.get(served.resource, entry.namespace, entry.name);
    if (current === undefined) return;
    rewrite(this.#core, served.resource, current, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== name);
    });
  }

  #dependentsOf(uid: string): { served: ServedKind; entry: Entry }[] {
    return [...this.#dependents.get(uid) ?? []].map((dependent) => this.#find(dependent)).filter((found) =>
      found !== undefined
    );
  }

  #find(uid: string): { served: ServedKind; entry: Entry } | undefined {
    const location = this.#byUid.get(uid);
    if (location === undefined) return undefined;
    const served = this.#core.registry.byStorage(location.resource);
    const entry = this.#core.store.get(location.resource, location.namespace, location.name);
    return served === undefined || entry === undefined ? undefined : { served, entry };
  }
}

function owners(object: KubeObject): readonly OwnerReference[] {
  return object.metadata.ownerReferences ?? [];
}
