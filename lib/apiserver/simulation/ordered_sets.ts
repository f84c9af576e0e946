/** Simulated StatefulSets and DaemonSets: Pods that are replaced in place when the template changes. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { CLAIMS } from "./claims.ts";
import { type Cluster, count, field, templateHash } from "./cluster.ts";
import { isReady, podFrom, PODS, suffix } from "./pods.ts";

export const STATEFUL_SETS = "apps/statefulsets";
export const DAEMON_SETS = "apps/daemonsets";

const REVISION = "controller-revision-hash";

/** Deletes Pods of other templates; answers those that stay. */
function replaceOutdated(cluster: Cluster, owner: KubeObject, revision: string): KubeObject[] {
  const pods = cluster.owned(PODS, owner);
  for (const pod of pods) if (pod.metadata.labels?.[REVISION] !== revision) cluster.delete(PODS, pod);
  return cluster.owned(PODS, owner);
}

/** Takes a StatefulSet one step further. */
export function simulateStatefulSet(cluster: Cluster, set: KubeObject): void {
  const { name, deletionTimestamp, generation } = set.metadata;
  if (deletionTimestamp !== undefined) return;
  const spec = field(set, "spec");
  const wanted = count(spec, "replicas", 1);
  const revision = templateHash(spec.template);
  const names = Array.from({ length: wanted }, (_, index) => `${name}-${index}`);
  const pods = replaceOutdated(cluster, set, revision);
  for (const pod of pods) if (!names.includes(pod.metadata.name)) cluster.delete(PODS, pod);
  names.forEach((podName, index) => {
    if (pods.some((pod) => pod.metadata.name === podName)) return;
    claimVolumes(cluster, set, podName);
    const labels = {
      [REVISION]: revision,
      "statefulset.kubernetes.io/pod-name": podName,
      "apps.kubernetes.io/pod-index": String(index),
    };
    const pod = podFrom(spec.template, set, podName, labels);
    mountClaims(pod, set);
    cluster.create(PODS, pod, set);
  });
  const present = cluster.owned(PODS, set);
  const ready = present.filter(isReady).length;
  cluster.setStatus(STATEFUL_SETS, set, {
    observedGeneration: generation,
    replicas: present.length,
    readyReplicas: ready || undefined,
    availableReplicas: ready,
    currentReplicas: present.length || undefined,
    updatedReplicas: present.length || undefined,
    currentRevision: `${name}-${revision}`,
    updateRevision: `${name}-${revision}`,
    collisionCount: 0,
  });
}

/** Templates of claims, by the name that Pods know their volume by. */
function claimTemplates(set: KubeObject): readonly { readonly name: string; readonly template: JsonObject }[] {
  const { volumeClaimTemplates } = field(set, "spec");
  return (Array.isArray(volumeClaimTemplates) ? volumeClaimTemplates.filter(isObject) : []).map((template) => ({
    name: String(field(template, "metadata").name),
    template,
  }));
}

/** A claim stands for a volume of the Pod, and goes before one of the same name in the template. */
function mountClaims(pod: KubeObject, set: KubeObject): void {
  const templates = claimTemplates(set);
  const spec = field(pod, "spec");
  const others = (Array.isArray(spec.volumes) ? spec.volumes.filter(isObject) : []).filter((volume) =>
    templates.every(({ name }) => name !== volume.name)
  );
  const claims = templates.map(({ name }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-${pod.metadata.name}` },
  }));
  const volumes = [...claims, ...others];
  if (volumes.length > 0) pod.spec = { ...spec, volumes };
}

/** Claims outlive their StatefulSet, so nobody owns them. */
function claimVolumes(cluster: Cluster, set: KubeObject, podName: string): void {
  const namespace = set.metadata.namespace ?? "default";
  for (const { name: volume, template } of claimTemplates(set)) {
    const metadata = field(template, "metadata");
    const name = `${volume}-${podName}`;
    if (cluster.get(CLAIMS, namespace, name) !== undefined) continue;
    const labels = { ...field(metadata, "labels") as Record<string, string> };
    cluster.create(CLAIMS, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace, labels },
      spec: structuredClone(field(template, "spec")),
    });
  }
}

/** Takes a DaemonSet one step further: there is one node. */
export function simulateDaemonSet(cluster: Cluster, set: KubeObject): void {
  const { name, deletionTimestamp, generation } = set.metadata;
  if (deletionTimestamp !== undefined) return;
  const { template } = field(set, "spec");
  const revision = templateHash(template);
  const [pod, ...others] = replaceOutdated(cluster, set, revision);
  for (const other of others) cluster.delete(PODS, other);
  if (pod === undefined) {
    cluster.create(PODS, podFrom(template, set, `${name}-${suffix()}`, { [REVISION]: revision }), set);
  }
  const ready = pod !== undefined && isReady(pod) ? 1 : 0;
  cluster.setStatus(DAEMON_SETS, set, {
    observedGeneration: generation,
    desiredNumberScheduled: 1,
    currentNumberScheduled: 1,
    updatedNumberScheduled: 1,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready || undefined,
    numberUnavailable: 1 - ready || undefined,
  });
}
