/** What simulated controllers can see and do: a thin layer over the store, and timers that end with the server. */
import type { KubeObject, OwnerReference } from "../../kube/mod.ts";
import { type Core, timestamp } from "../core.ts";
import { equalJson, isObject, type JsonObject } from "../json_value.ts";
import { deleteAsController, rewrite, systemOptions, type Work } from "../lifecycle/mod.ts";
import type { ServedKind } from "../registry.ts";
import { createObject, updateObject } from "../rest/write.ts";
import { ApiError } from "../status.ts";
import type { Entry } from "../storage/mod.ts";

/** Manager of the fields that simulated controllers write; it tells their writes from everybody else's. */
const MANAGER = "simulated-workloads";

/** The one node there is, as far as Pods are concerned. It is no object. */
export const NODE = "simulated";
const NODE_LABELS: Readonly<Record<string, string>> = {
  "kubernetes.io/arch": "amd64",
  "kubernetes.io/hostname": NODE,
  "kubernetes.io/os": "linux",
};

/** Whether Pods with this selector could run on the simulated node. */
export function fitsNode(selector: unknown): boolean {
  return !isObject(selector) || Object.entries(selector).every(([key, value]) => NODE_LABELS[key] === value);
}

/** The simulated cluster. */
export class Cluster {
  readonly #core: Core;
  readonly #work: Work;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** ms before a Pod or claim is ready. */
  readonly delay: number;

  constructor(core: Core, work: Work, delay: number) {
    this.#core = core;
    this.#work = work;
    this.delay = delay;
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Runs a piece of work `delay` ms from now; the same key is not scheduled twice. */
  later(key: string, delay: number, piece: () => void): void {
    if (this.#timers.has(key)) return;
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.#work.schedule(`simulation later ${key}`, piece);
      }, delay),
    );
  }

  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#core.store.get(resource, namespace, name)?.object;
  }

  list(resource: string, namespace?: string): KubeObject[] {
    return this.#core.store.collection(resource).list(namespace).map((entry) => entry.object);
  }

  /** Objects of a resource whose controller is `owner`, without those on their way out. */
  owned(resource: string, owner: KubeObject): KubeObject[] {
    return this.list(resource, owner.metadata.namespace).filter((object) =>
      controllerOf(object)?.uid === owner.metadata.uid && object.metadata.deletionTimestamp === undefined
    );
  }

  /** Creates an object in its own right or as a part of `owner`, whom a refusal is reported about. */
  create(resource: string, object: KubeObject, owner?: KubeObject): void {
    const served = this.#served(resource);
    if (owner !== undefined) object.metadata.ownerReferences = [reference(owner)];
    const { namespace } = object.metadata;
    const version = served.storageVersion;
    const target = { served, version, namespace, name: undefined, subresource: undefined, rest: "" };
    try {
      createObject(this.#core, target, object, systemOptions(MANAGER));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // A namespace that goes takes its workloads along: nothing to report, and nowhere to.
      if (owner === undefined || error.reason === "AlreadyExists" || this.#isLeaving(namespace)) return;
      this.event(owner, "Warning", "FailedCreate", `Error creating: ${error.message}`);
    }
  }

  /** Changes an object through the pipeline of an update, so that its generation counts. */
  update(resource: string, object: KubeObject, change: (copy: KubeObject) => void): void {
    const entry = this.#entry(resource, object);
    if (entry === undefined) return;
    const served = this.#served(resource);
    const { namespace, name } = entry;
    const copy = structuredClone(entry.object);
    change(copy);
    const target = { served, version: served.storageVersion, namespace, name, subresource: undefined, rest: "" };
    updateObject(this.#core, target, entry, copy, systemOptions(MANAGER));
  }

  delete(resource: string, object: KubeObject): void {
    const entry = this.#entry(resource, object);
    if (entry !== undefined) deleteAsController(this.#core, this.#served(resource), entry, MANAGER);
  }

  /** Merges fields into the status; writes only what changes. */
  setStatus(resource: string, object: KubeObject, status: JsonObject): void {
    const entry = this.#entry(resource, object);
    if (entry === undefined) return;
    rewrite(this.#core, resource, entry, (copy) => {
      const old = isObject(copy.status) ? copy.status : {};
      const next: JsonObject = { ...old, ...status };
      for (const [field, value] of Object.entries(next)) if (value === undefined) delete next[field];
      if (Array.isArray(status.conditions)) next.conditions = mergeConditions(old.conditions, status.conditions);
      if (!equalJson(old, next)) copy.status = next;
    });
  }

  /** Puts a Pod on the simulated node, past the rule that its spec cannot change. */
  bind(resource: string, pod: KubeObject): void {
    const entry = this.#entry(resource, pod);
    if (entry === undefined) return;
    rewrite(this.#core, resource, entry, (copy) => {
      copy.spec = { ...field(copy, "spec"), nodeName: NODE };
    });
  }

  /** Writes an Event; its message always says that nothing really ran. */
  event(about: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    const { name, namespace = "default", uid, resourceVersion } = about.metadata;
    const now = timestamp();
    this.create("/events", {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${crypto.randomUUID().slice(0, 16).replaceAll("-", "")}`, namespace },
      involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name, namespace, uid, resourceVersion },
      type,
      reason,
      message: `${message} (simulated)`,
      source: { component: MANAGER },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }

  #entry(resource: string, object: KubeObject): Entry | undefined {
    const entry = this.#core.store.get(resource, object.metadata.namespace, object.metadata.name);
    return entry?.object.metadata.uid === object.metadata.uid ? entry : undefined;
  }

  #isLeaving(namespace: string | undefined): boolean {
    const metadata = this.get("/namespaces", undefined, namespace ?? "")?.metadata;
    return metadata === undefined || metadata.deletionTimestamp !== undefined;
  }

  #served(resource: string): ServedKind {
    const served = this.#core.registry.byStorage(resource);
    if (served === undefined) throw new TypeError(`Cannot simulate "${resource}": it is not served`);
    return served;
  }
}

/** The owner that controls an object. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

function reference({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Replaces conditions by type; the time of one that keeps its status stays. */
function mergeConditions(old: unknown, next: readonly unknown[]): unknown[] {
  const before = Array.isArray(old) ? old.filter(isObject) : [];
  const now = timestamp();
  return next.filter(isObject).map((condition) => {
    const known = before.find((item) => item.type === condition.type);
    if (known === undefined || known.status !== condition.status) return { ...condition, lastTransitionTime: now };
    const same = known.reason === condition.reason && known.message === condition.message;
    return same ? known : { ...condition, lastTransitionTime: known.lastTransitionTime };
  });
}

/** A field that is an object, empty where it is not. */
export function field(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

/** A whole number in a field, or what stands in for it. */
export function count(object: JsonObject, name: string, otherwise: number): number {
  const value = object[name];
  return typeof value === "number" ? value : otherwise;
}

/** A short hash of a template, in the alphabet that Kubernetes uses for names. */
export function templateHash(template: unknown): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(template)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const alphabet = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from(String(hash), (digit) => alphabet[(Number(digit) * 7 + 3) % alphabet.length]).join("");
}
