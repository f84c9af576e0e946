/** Simulated ReplicaSets: as many Pods as they want. */
import type { KubeObject } from "../../kube/mod.ts";
import { type Cluster, count, field } from "./cluster.ts";
import { isReady, podFrom, PODS, suffix } from "./pods.ts";

export const REPLICA_SETS = "apps/replicasets";

/** Takes a ReplicaSet one step further. */
export function simulateReplicaSet(cluster: Cluster, set: KubeObject): void {
  if (set.metadata.deletionTimestamp !== undefined) return;
  const spec = field(set, "spec");
  const wanted = count(spec, "replicas", 1);
  const pods = cluster.owned(PODS, set);
  for (let index = pods.length; index < wanted; index++) {
    cluster.create(PODS, podFrom(spec.template, set, `${set.metadata.name}-${suffix()}`, {}), set);
  }
  for (const pod of pods.slice(wanted)) cluster.delete(PODS, pod);
  const present = cluster.owned(PODS, set);
  const ready = present.filter(isReady).length;
  cluster.setStatus(REPLICA_SETS, set, {
    replicas: present.length,
    fullyLabeledReplicas: present.length,
    readyReplicas: ready || undefined,
    availableReplicas: ready || undefined,
    observedGeneration: set.metadata.generation,
  });
}
