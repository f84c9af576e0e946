/**
 * Health of an object by the kstatus rules: has the controller of its kind caught up with the spec, and did it succeed?
 *
 * Mirrors the rules that Helm 4's `--wait` and `kubectl wait`-style tools share: the generic conditions first, then the
 * rules of the built-in workload kinds.
 */
import type { Condition, KubeObject } from "../kube/mod.ts";

/** What an object's status says of it. */
export interface Health {
  readonly status: "Current" | "InProgress" | "Failed" | "Terminating";
  /** One sentence for a person: why it is not `Current`. Empty when it is. */
  readonly message: string;
}

const CURRENT: Health = { status: "Current", message: "" };

function inProgress(message: string): Health {
  return { status: "InProgress", message };
}

function failed(message: string): Health {
  return { status: "Failed", message };
}

/** Reads a nested number, `fallback` where it is absent. */
function num(object: unknown, path: readonly string[], fallback = 0): number {
  let at: unknown = object;
  for (const key of path) at = (at as Record<string, unknown> | undefined)?.[key];
  return typeof at === "number" ? at : fallback;
}

function str(object: unknown, path: readonly string[]): string {
  let at: unknown = object;
  for (const key of path) at = (at as Record<string, unknown> | undefined)?.[key];
  return typeof at === "string" ? at : "";
}

function conditionsOf(object: KubeObject): readonly Condition[] {
  const conditions = (object["status"] as { conditions?: unknown } | undefined)?.conditions;
  return Array.isArray(conditions) ? conditions as Condition[] : [];
}

function condition(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((c) => c.type === type);
}

/** `reason: message`, whichever of them there is. */
function explain(c: Condition): string {
  return [c.reason, c.message].filter(Boolean).join(": ");
}

/**
 * The rules that hold for every kind, custom resources included: deletion, an observed generation that lags, and the
 * conditions `Stalled`, `Reconciling` and `Ready`. `undefined` where they settle nothing.
 */
function generic(object: KubeObject): Health | undefined {
  if (object.metadata.deletionTimestamp) return { status: "Terminating", message: "being deleted" };
  const generation = object.metadata.generation;
  const observed = num(object, ["status", "observedGeneration"], -1);
  if (observed >= 0 && generation !== undefined && observed < generation) {
    return inProgress(`generation ${generation} not yet observed (status is of ${observed})`);
  }
  const stalled = condition(object, "Stalled");
  if (stalled?.status === "True") return failed(explain(stalled));
  const reconciling = condition(object, "Reconciling");
  if (reconciling?.status === "True") return inProgress(explain(reconciling));
  return undefined;
}

function deployment(object: KubeObject): Health {
  const progressing = condition(object, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") return failed(explain(progressing));
  const failure = condition(object, "ReplicaFailure");
  if (failure?.status === "True") return inProgress(explain(failure));
  const want = num(object, ["spec", "replicas"], 1);
  const updated = num(object, ["status", "updatedReplicas"]);
  const replicas = num(object, ["status", "replicas"]);
  const ready = num(object, ["status", "readyReplicas"]);
  const available = num(object, ["status", "availableReplicas"]);
  if (num(object, ["status", "observedGeneration"], -1) < 0) return inProgress("not yet seen by its controller");
  if (updated < want) return inProgress(`${updated} of ${want} replicas updated`);
  if (replicas > updated) return inProgress(`${replicas - updated} old replicas still terminating`);
  if (ready < want) return inProgress(`${ready} of ${want} replicas ready`);
  if (available < want) return inProgress(`${available} of ${want} replicas available`);
  return CURRENT;
}

function replicaSet(object: KubeObject): Health {
  const failure = condition(object, "ReplicaFailure");
  if (failure?.status === "True") return inProgress(explain(failure));
  const want = num(object, ["spec", "replicas"], 1);
  const ready = num(object, ["status", "readyReplicas"]);
  if (num(object, ["status", "observedGeneration"], -1) < 0) return inProgress("not yet seen by its controller");
  return ready < want ? inProgress(`${ready} of ${want} replicas ready`) : CURRENT;
}

function statefulSet(object: KubeObject): Health {
  const want = num(object, ["spec", "replicas"], 1);
  const ready = num(object, ["status", "readyReplicas"]);
  const updated = num(object, ["status", "updatedReplicas"]);
  if (num(object, ["status", "observedGeneration"], -1) < 0) return inProgress("not yet seen by its controller");
  if (ready < want) return inProgress(`${ready} of ${want} replicas ready`);
  if (str(object, ["spec", "updateStrategy", "type"]) === "OnDelete") return CURRENT;
  const partition = num(object, ["spec", "updateStrategy", "rollingUpdate", "partition"]);
  if (partition > 0) {
    return updated < want - partition ? inProgress(`${updated} of ${want - partition} replicas updated`) : CURRENT;
  }
  const current = str(object, ["status", "currentRevision"]);
  return current !== str(object, ["status", "updateRevision"])
    ? inProgress(`${updated} of ${want} replicas updated`)
    : CURRENT;
}

function daemonSet(object: KubeObject): Health {
  if (num(object, ["status", "observedGeneration"], -1) < 0) return inProgress("not yet seen by its controller");
  const want = num(object, ["status", "desiredNumberScheduled"]);
  const updated = num(object, ["status", "updatedNumberScheduled"]);
  const available = num(object, ["status", "numberAvailable"]);
  if (str(object, ["spec", "updateStrategy", "type"]) !== "OnDelete" && updated < want) {
    return inProgress(`${updated} of ${want} nodes updated`);
  }
  return available < want ? inProgress(`available on ${available} of ${want} nodes`) : CURRENT;
}

function job(object: KubeObject): Health {
  const failure = condition(object, "Failed");
  if (failure?.status === "True") return failed(explain(failure));
  if (condition(object, "Complete")?.status === "True") return CURRENT;
  if (condition(object, "Suspended")?.status === "True") return CURRENT;
  // kstatus holds a Job that runs for healthy; a release whose Job has not yet finished is not.
  const failures = num(object, ["status", "failed"]);
  return inProgress(failures > 0 ? `not complete, ${failures} pods failed` : "not complete");
}

function pod(object: KubeObject): Health {
  const phase = str(object, ["status", "phase"]);
  if (phase === "Succeeded") return CURRENT;
  if (phase === "Failed") return failed(`pod failed: ${str(object, ["status", "message"]) || "see its containers"}`);
  const ready = condition(object, "Ready");
  if (ready?.status === "True") return CURRENT;
  const scheduled = condition(object, "PodScheduled");
  if (scheduled?.status === "False") return inProgress(explain(scheduled));
  const statuses =
    (object["status"] as { containerStatuses?: { name: string; state?: { waiting?: { reason?: string } } }[] })
      ?.containerStatuses ?? [];
  const crashing = statuses.find((s) => s.state?.waiting?.reason === "CrashLoopBackOff");
  if (crashing) return failed(`container "${crashing.name}" is in CrashLoopBackOff`);
  return inProgress(ready ? explain(ready) || "not ready" : `phase ${phase || "unknown"}`);
}

function persistentVolumeClaim(object: KubeObject): Health {
  const phase = str(object, ["status", "phase"]);
  return phase === "Bound" ? CURRENT : inProgress(`phase ${phase || "unknown"}, not Bound`);
}

function podDisruptionBudget(object: KubeObject): Health {
  return num(object, ["status", "observedGeneration"], -1) < 0 ? inProgress("not yet seen by its controller") : CURRENT;
}

function customResourceDefinition(object: KubeObject): Health {
  const names = condition(object, "NamesAccepted");
  if (names?.status === "False") return failed(explain(names));
  return condition(object, "Established")?.status === "True" ? CURRENT : inProgress("not established");
}

/** Any other kind: a condition `Ready` decides; without one the object is what it is, hence current. */
function other(object: KubeObject): Health {
  const ready = condition(object, "Ready");
  if (!ready || ready.status === "True") return CURRENT;
  return inProgress(explain(ready) || `condition Ready is ${ready.status}`);
}

const BY_KIND: Readonly<Record<string, (object: KubeObject) => Health>> = {
  "apps/Deployment": deployment,
  "apps/ReplicaSet": replicaSet,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "batch/Job": job,
  "/Pod": pod,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "policy/PodDisruptionBudget": podDisruptionBudget,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
};

/**
 * The health of an object as its own status tells it.
 *
 * A `Service` of type LoadBalancer counts as current without an address, as in Helm: many clusters never give one.
 */
export function health(object: KubeObject): Health {
  const settled = generic(object);
  if (settled) return settled;
  const slash = object.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : object.apiVersion.slice(0, slash);
  return (BY_KIND[`${group}/${object.kind}`] ?? other)(object);
}
