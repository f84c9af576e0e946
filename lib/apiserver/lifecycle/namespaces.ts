/** The life of a namespace: what it is born with, and how it is emptied before it goes. */
import type { KubeObject } from "../../kube/mod.ts";
import { type AdmissionRequest, type Core, timestamp } from "../core.ts";
import { isObject } from "../json_value.ts";
import { forbidden, notFound } from "../status.ts";
import type { Commit, Entry } from "../storage/mod.ts";
import { createObject } from "../rest/write.ts";
import { deleteAsController, rewrite, systemOptions } from "./rewrite.ts";
import type { Work } from "./work.ts";

const NAMESPACES = "/namespaces";
const NAMED = { group: "", plural: "namespaces", kind: "Namespace" };

/** Namespaces that every cluster has. */
const INITIAL: readonly string[] = ["default", "kube-node-lease", "kube-public", "kube-system"];
const PERMANENT: readonly string[] = ["default", "kube-public", "kube-system"];

/** What a new namespace has besides what the client said. */
export function prepareNamespace(object: KubeObject, old: KubeObject | undefined): void {
  object.metadata.labels = { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name };
  if (old !== undefined) return;
  object.spec = { finalizers: ["kubernetes"] };
  object.status = { phase: "Active" };
}

/** Creates the initial namespaces that are not there. */
export function createInitialNamespaces(core: Core): void {
  for (const name of INITIAL) {
    if (core.store.get(NAMESPACES, undefined, name) !== undefined) continue;
    createInternally(core, "", "namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
}

function createInternally(core: Core, group: string, plural: string, object: KubeObject): void {
  const served = core.registry.get(group, plural);
  if (served === undefined) return;
  const { namespace } = object.metadata;
  const target = {
    served,
    version: served.storageVersion,
    namespace,
    name: undefined,
    subresource: undefined,
    rest: "",
  };
  createObject(core, target, object, systemOptions("kube-apiserver"));
}

/**
 * Refuses objects in namespaces that do not exist or are on their way out, and the deletion of permanent ones.
 *
 * @throws ApiError `NotFound`, `Forbidden`
 */
export function namespaceGate(core: Core): (request: AdmissionRequest) => void {
  return ({ operation, served, namespace, name }) => {
    if (served.resource === NAMESPACES && operation === "DELETE" && PERMANENT.includes(name)) {
      throw forbidden(NAMED, name, "this namespace may not be deleted");
    }
    if (operation !== "CREATE" || namespace === undefined || !served.namespaced) return;
    const entry = core.store.get(NAMESPACES, undefined, namespace);
    if (entry === undefined) throw notFound(NAMED, namespace);
    if (entry.object.metadata.deletionTimestamp === undefined) return;
    const cause = {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    };
    throw forbidden(
      served,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [cause],
    );
  };
}

/** Furnishes new namespaces and empties those that are being deleted. */
export class NamespaceController {
  readonly #core: Core;
  readonly #work: Work;
  readonly #rootCertificate: string;

  /** @param rootCertificate PEM for the ConfigMap `kube-root-ca.crt`. */
  constructor(core: Core, work: Work, rootCertificate: string) {
    this.#core = core;
    this.#work = work;
    this.#rootCertificate = rootCertificate;
  }

  /** Goes on with namespaces that were there before. */
  load(): void {
    for (const { name } of this.#core.store.collection(NAMESPACES).list()) this.#schedule(name);
  }

  /** Takes note of a commit of any resource. */
  observe({ resource, type, entry }: Commit): void {
    if (resource === NAMESPACES) {
      if (type !== "DELETED") this.#schedule(entry.name);
      return;
    }
    // A namespace waits for the last of its objects.
    if (type === "DELETED" && entry.namespace !== undefined && this.#isTerminating(entry.namespace)) {
      this.#schedule(entry.namespace);
    }
  }

  #schedule(name: string): void {
    this.#work.schedule(`namespace ${name}`, () => this.#reconcile(name));
  }

  #isTerminating(name: string): boolean {
    return this.#core.store.get(NAMESPACES, undefined, name)?.object.metadata.deletionTimestamp !== undefined;
  }

  #reconcile(name: string): void {
    const entry = this.#core.store.get(NAMESPACES, undefined, name);
    if (entry === undefined) return;
    if (entry.object.metadata.deletionTimestamp === undefined) this.#furnish(name);
    else this.#empty(entry);
  }

  #furnish(namespace: string): void {
    this.#ensure("serviceaccounts", {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace },
    });
    this.#ensure("configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kube-root-ca.crt", namespace },
      data: { "ca.crt": this.#rootCertificate },
    });
  }

  #ensure(plural: string, object: KubeObject): void {
    const { namespace, name } = object.metadata;
    if (this.#core.store.get(`/${plural}`, namespace, name) === undefined) {
      createInternally(this.#core, "", plural, object);
    }
  }

  #empty(namespace: Entry): void {
    const remaining = this.#deleteContent(namespace.name);
    const current = this.#core.store.get(NAMESPACES, undefined, namespace.name);
    if (current === undefined) return;
    rewrite(this.#core, NAMESPACES, current, (object) => {
      if (remaining.length === 0) object.spec = { ...(isObject(object.spec) ? object.spec : {}), finalizers: [] };
      else object.status = { phase: "Terminating", conditions: remainingConditions(object, remaining) };
    });
  }

  /** Deletes all objects in a namespace; those that stay wait for their finalizers. */
  #deleteContent(namespace: string): readonly Entry[] {
    const remaining: Entry[] = [];
    for (const served of this.#core.registry.kinds()) {
      if (!served.namespaced || served.definition.storedAs !== undefined) continue;
      const collection = this.#core.store.collection(served.resource);
      for (const entry of collection.list(namespace)) {
        if (entry.object.metadata.deletionTimestamp === undefined) {
          deleteAsController(this.#core, served, entry, "namespace-controller");
        }
      }
      remaining.push(...collection.list(namespace));
    }
    return remaining;
  }
}

/** Says, as the real server does, which finalizers hold a namespace up. */
function remainingConditions({ status }: KubeObject, remaining: readonly Entry[]): object[] {
  const finalizers = new Map<string, number>();
  for (const { object } of remaining) {
    for (const name of object.metadata.finalizers ?? []) finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  }
  const counts = [...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).join(", ");
  const message = `Some content in the namespace has finalizers remaining: ${counts}`;
  const old = isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  const known = old.find((condition) =>
    condition.type === "NamespaceFinalizersRemaining" && condition.message === message
  );
  return [
    known ?? {
      type: "NamespaceFinalizersRemaining",
      status: "True",
      reason: "SomeFinalizersRemain",
      message,
      lastTransitionTime: timestamp(),
    },
  ];
}
