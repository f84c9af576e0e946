/** Simulated Pods: scheduled where they fit, ready after the delay, or done when a Job owns them. */
import type { KubeObject } from "../../kube/mod.ts";
import { timestamp } from "../core.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { type Cluster, controllerOf, field, fitsNode, NODE } from "./cluster.ts";

export const PODS = "/pods";

const NOTE = "simulated: no container runs";

/** Whether a Pod has the condition Ready. */
export function isReady(pod: KubeObject): boolean {
  const { conditions } = field(pod, "status");
  return Array.isArray(conditions) &&
    conditions.some((item) => isObject(item) && item.type === "Ready" && item.status === "True");
}

/** The phase of a Pod. */
export function phaseOf(pod: KubeObject): unknown {
  return field(pod, "status").phase;
}

/** A Pod from the template of its controller. */
export function podFrom(
  template: unknown,
  owner: KubeObject,
  name: string,
  labels: Record<string, string>,
): KubeObject {
  const { metadata, spec } = isObject(template) ? template : { metadata: {}, spec: {} };
  const given = isObject(metadata) ? metadata : {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: owner.metadata.namespace ?? "default",
      labels: { ...field(given, "labels") as Record<string, string>, ...labels },
      annotations: { ...field(given, "annotations") as Record<string, string> },
    },
    spec: structuredClone(isObject(spec) ? spec : {}),
  };
}

/** Five letters for the end of a Pod's name. */
export function suffix(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 5);
}

/** Takes a Pod one step further. */
export function simulatePod(cluster: Cluster, pod: KubeObject): void {
  const phase = phaseOf(pod);
  if (pod.metadata.deletionTimestamp !== undefined || phase === "Succeeded" || phase === "Failed" || isReady(pod)) {
    return;
  }
  if (!fitsNode(field(pod, "spec").nodeSelector)) return cluster.setStatus(PODS, pod, unschedulable());
  const { name, namespace, uid } = pod.metadata;
  cluster.later(`pod ${uid}`, cluster.delay, () => {
    const current = cluster.get(PODS, namespace, name);
    if (current === undefined || current.metadata.uid !== uid) return;
    cluster.bind(PODS, current);
    if (controllerOf(current)?.kind === "Job") return cluster.setStatus(PODS, current, finished(current));
    cluster.setStatus(PODS, current, running(current));
    cluster.event(current, "Normal", "Started", `Started the containers of Pod ${name}`);
  });
}

function unschedulable(): JsonObject {
  const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector (simulated)";
  return {
    phase: "Pending",
    conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
  };
}

function running(pod: KubeObject): JsonObject {
  const now = timestamp();
  const state = { running: { startedAt: now } };
  return {
    phase: "Running",
    message: NOTE,
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    startTime: now,
    conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map((
      type,
    ) => ({
      type,
      status: "True",
      message: NOTE,
    })),
    ...containerStatuses(pod, state, true),
  };
}

function finished(pod: KubeObject): JsonObject {
  const now = timestamp();
  const state = { terminated: { exitCode: 0, reason: "Completed", message: NOTE, startedAt: now, finishedAt: now } };
  return {
    phase: "Succeeded",
    message: NOTE,
    startTime: now,
    conditions: [
      { type: "Initialized", status: "True", reason: "PodCompleted", message: NOTE },
      { type: "Ready", status: "False", reason: "PodCompleted", message: NOTE },
      { type: "ContainersReady", status: "False", reason: "PodCompleted", message: NOTE },
      { type: "PodScheduled", status: "True", message: NOTE },
    ],
    ...containerStatuses(pod, state, false),
  };
}

function containerStatuses(pod: KubeObject, state: JsonObject, ready: boolean): JsonObject {
  const spec = field(pod, "spec");
  const of = (containers: unknown, own: JsonObject, isUp: boolean) =>
    (Array.isArray(containers) ? containers.filter(isObject) : []).map(({ name, image }) => ({
      name,
      image,
      imageID: NODE,
      ready: isUp,
      started: isUp,
      restartCount: 0,
      state: own,
    }));
  const done = { terminated: { exitCode: 0, reason: "Completed", message: NOTE } };
  const initial = of(spec.initContainers, done, true);
  return {
    containerStatuses: of(spec.containers, state, ready),
    ...(initial.length > 0 ? { initContainerStatuses: initial } : {}),
  };
}
