/** Deleting: finalizers, propagation, and what is answered. */
import type { KubeObject } from "../../kube/mod.ts";
import { type Core, timestamp } from "../core.ts";
import { cloneJson, equalJson, isObject } from "../json_value.ts";
import { conflict, qualifiedResource } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import { type Answer, jsonAnswer } from "./exchange.ts";
import type { DeleteOptions, WriteOptions } from "./options.ts";
import type { Target } from "./target.ts";
import { admission, admit, isFinished } from "./write.ts";

/** Finalizer of an object whose dependents go first. */
export const FOREGROUND = "foregroundDeletion";
/** Finalizer of an object whose dependents stay. */
export const ORPHAN = "orphan";

/** Finalizer of a definition whose objects go first; every definition gets it when it is deleted. */
export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

/** The state after a delete. */
export interface Deleted {
  readonly entry: Entry;
  /** Whether the object is gone already; otherwise its finalizers are awaited. */
  readonly gone: boolean;
}

/**
 * Deletes an object, or marks it when it has finalizers.
 *
 * @throws ApiError `Conflict` for a failed precondition, `Forbidden` by admission
 */
export function deleteObject(
  core: Core,
  target: Target,
  live: Entry,
  how: DeleteOptions,
  options: WriteOptions,
): Deleted {
  const { served, version } = target;
  checkPreconditions(target, live, how);
  const request = admission(target, "DELETE", undefined, served.view(version, live), options);
  for (const gate of core.gates) gate(request, options.warnings);
  admit(core, request, options);
  const marked = cloneJson(live.object);
  setPropagation(marked, how.propagation);
  markDeleted(marked);
  const gone = isFinished(marked);
  if (options.dryRun || how.dryRun) return { entry: { ...live, object: marked }, gone };
  if (gone) return { entry: core.store.remove(served.resource, live), gone };
  if (equalJson(marked, live.object)) return { entry: live, gone };
  return { entry: core.store.put(served.resource, marked), gone };
}

function checkPreconditions({ served }: Target, live: Entry, how: DeleteOptions): void {
  const { uid, resourceVersion } = live.object.metadata;
  const differs = (what: string, wanted: string, found: string | undefined, happened: string) =>
    conflict(
      // The real server names the kind here, not the resource.
      { ...served, plural: served.kind },
      live.name,
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). ` +
        `The object might have been ${happened}`,
    );
  if (how.uid !== undefined && how.uid !== uid) throw differs("UID", how.uid, uid, "deleted and then recreated");
  if (how.resourceVersion !== undefined && how.resourceVersion !== resourceVersion) {
    throw differs("ResourceVersion", how.resourceVersion, resourceVersion, "modified");
  }
}

/** The finalizers that stand for a propagation policy; an earlier wish holds where none is given now. */
function setPropagation({ metadata }: KubeObject, propagation: DeleteOptions["propagation"]): void {
  if (propagation === undefined) return;
  const finalizers = (metadata.finalizers ?? []).filter((finalizer) =>
    finalizer !== FOREGROUND && finalizer !== ORPHAN
  );
  if (propagation === "Foreground") finalizers.push(FOREGROUND);
  if (propagation === "Orphan") finalizers.push(ORPHAN);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
}

function markDeleted(object: KubeObject): void {
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined) return;
  metadata.deletionTimestamp = timestamp();
  if (object.kind === "Namespace" && object.apiVersion === "v1") {
    object.status = { ...(isObject(object.status) ? object.status : {}), phase: "Terminating" };
    return;
  }
  if (object.kind === "CustomResourceDefinition" && object.apiVersion.startsWith("apiextensions.k8s.io/")) {
    metadata.finalizers = [...metadata.finalizers ?? [], CLEANUP];
    return;
  }
  metadata.deletionGracePeriodSeconds = 0;
  if (metadata.generation !== undefined) metadata.generation++;
}

/** Resources whose delete answers the object even when it is gone. */
const ANSWER_OBJECT: readonly string[] = [
  "persistentvolumeclaims",
  "persistentvolumes",
  "pods",
  "podtemplates",
  "replicationcontrollers",
  "resourcequotas",
  "serviceaccounts",
  "services",
];

/** What a delete answers: a Status of success, or the object where it still exists. */
export function deleteAnswer(target: Target, deleted: Deleted, encode: (entry: Entry) => string): Answer {
  const { served } = target;
  const { entry, gone } = deleted;
  if (!gone || ANSWER_OBJECT.includes(qualifiedResource(served))) return jsonAnswer(encode(entry));
  return jsonAnswer({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name: entry.name,
      ...(served.group === "" ? {} : { group: served.group }),
      kind: served.plural,
      uid: entry.object.metadata.uid,
    },
  });
}
