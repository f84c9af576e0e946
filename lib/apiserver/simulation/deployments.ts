/** Simulated Deployments: a ReplicaSet per template, the new one up before the old ones go down. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { type Cluster, count, field, templateHash } from "./cluster.ts";
import { REPLICA_SETS } from "./replica_sets.ts";

export const DEPLOYMENTS = "apps/deployments";

const REVISION = "deployment.kubernetes.io/revision";
const HASH = "pod-template-hash";

/** Takes a Deployment one step further. */
export function simulateDeployment(cluster: Cluster, deployment: KubeObject): void {
  const { metadata } = deployment;
  if (metadata.deletionTimestamp !== undefined) return;
  const spec = field(deployment, "spec");
  const wanted = count(spec, "replicas", 1);
  const hash = templateHash(spec.template);
  const sets = cluster.owned(REPLICA_SETS, deployment);
  const name = `${metadata.name}-${hash}`;
  const current = sets.find((set) => set.metadata.name === name);
  if (current === undefined) {
    cluster.create(REPLICA_SETS, replicaSet(deployment, name, hash, wanted, sets), deployment);
    cluster.event(deployment, "Normal", "ScalingReplicaSet", `Scaled up replica set ${name} to ${wanted}`);
  } else if (count(field(current, "spec"), "replicas", 1) !== wanted) scale(cluster, deployment, current, wanted);
  const ready = current === undefined ? 0 : count(field(current, "status"), "readyReplicas", 0);
  if (current !== undefined && ready >= wanted) {
    for (const set of sets) {
      if (set !== current && count(field(set, "spec"), "replicas", 1) > 0) scale(cluster, deployment, set, 0);
    }
  }
  report(cluster, deployment, name, wanted);
}

function scale(cluster: Cluster, deployment: KubeObject, set: KubeObject, replicas: number): void {
  const before = count(field(set, "spec"), "replicas", 1);
  cluster.update(REPLICA_SETS, set, (copy) => {
    copy.spec = { ...field(copy, "spec"), replicas };
  });
  const direction = before < replicas ? "up" : "down";
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
  cluster.event(deployment, "Normal", "ScalingReplicaSet", message);
}

function replicaSet(
  deployment: KubeObject,
  name: string,
  hash: string,
  replicas: number,
  older: readonly KubeObject[],
): KubeObject {
  const spec = field(deployment, "spec");
  const template = structuredClone(isObject(spec.template) ? spec.template : {});
  const metadata = field(template, "metadata");
  const labels = { ...field(metadata, "labels") as Record<string, string>, [HASH]: hash };
  const selector = field(spec, "selector");
  const revisions = older.map((set) => Number(set.metadata.annotations?.[REVISION] ?? 0));
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: deployment.metadata.namespace ?? "default",
      labels,
      annotations: { [REVISION]: String(Math.max(0, ...revisions) + 1) },
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...field(selector, "matchLabels"), [HASH]: hash } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
}

/** The status follows from the ReplicaSets; what is missing for too long is a failure. */
function report(cluster: Cluster, deployment: KubeObject, currentName: string, wanted: number): void {
  const statuses = cluster.owned(REPLICA_SETS, deployment).map((set) => ({
    current: set.metadata.name === currentName,
    status: field(set, "status"),
    created: Date.parse(set.metadata.creationTimestamp ?? ""),
  }));
  const sum = (name: string) => statuses.reduce((total, { status }) => total + count(status, name, 0), 0);
  const current = statuses.find((item) => item.current);
  const updated = current === undefined ? 0 : count(current.status, "replicas", 0);
  const updatedReady = current === undefined ? 0 : count(current.status, "readyReplicas", 0);
  const available = sum("availableReplicas");
  const complete = updatedReady === wanted && sum("replicas") === wanted;
  const deadline = count(field(deployment, "spec"), "progressDeadlineSeconds", 600) * 1000;
  const left = (current?.created ?? Date.now()) + deadline - Date.now();
  if (!complete) {
    const { uid, name, namespace } = deployment.metadata;
    cluster.later(`deployment ${uid} ${currentName}`, Math.max(left, 0) + 1000, () => {
      const later = cluster.get(DEPLOYMENTS, namespace, name);
      if (later !== undefined && later.metadata.uid === uid) simulateDeployment(cluster, later);
    });
  }
  cluster.setStatus(DEPLOYMENTS, deployment, {
    observedGeneration: deployment.metadata.generation,
    replicas: sum("replicas") || undefined,
    updatedReplicas: updated || undefined,
    readyReplicas: sum("readyReplicas") || undefined,
    availableReplicas: available || undefined,
    unavailableReplicas: Math.max(0, wanted - available) || undefined,
    conditions: [availableCondition(available >= wanted), progressingCondition(currentName, complete, left <= 0)],
  });
}

function availableCondition(available: boolean): JsonObject {
  return available
    ? {
      type: "Available",
      status: "True",
      reason: "MinimumReplicasAvailable",
      message: "Deployment has minimum availability (simulated).",
    }
    : {
      type: "Available",
      status: "False",
      reason: "MinimumReplicasUnavailable",
      message: "Deployment does not have minimum availability (simulated).",
    };
}

function progressingCondition(name: string, complete: boolean, late: boolean): JsonObject {
  if (complete) {
    const message = `ReplicaSet "${name}" has successfully progressed (simulated).`;
    return { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", message };
  }
  const message = `ReplicaSet "${name}" ${late ? "has timed out progressing" : "is progressing"} (simulated).`;
  return late
    ? { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message }
    : { type: "Progressing", status: "True", reason: "ReplicaSetUpdated", message };
}
