/** What `kubectl get pods` prints. */
import { valueAt } from "../json_value.ts";
import type { KubeObject } from "../../kube/mod.ts";
import type { JsonObject } from "../json_value.ts";
import type { PrinterColumn } from "../resource.ts";
import { AGE, text, wide } from "./column.ts";
import { ageOf } from "./duration.ts";
import { listAt, numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

interface Summary {
  readonly status: string;
  readonly ready: number;
  readonly restarts: string;
}

/** How a terminated container reads: its reason, else its signal, else its exit code. */
function termination(state: JsonObject): string {
  const terminated = objectAt(state, "terminated");
  if (stringAt(terminated, "reason") !== "") return stringAt(terminated, "reason");
  const signal = numberAt(terminated, "signal");
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(terminated, "exitCode")}`;
}

/** The init container that the pod waits for, in words; undefined when all are through. */
function initStatus(pod: KubeObject): string | undefined {
  const containers = objectsAt(pod, "spec.initContainers");
  for (const [index, status] of objectsAt(pod, "status.initContainerStatuses").entries()) {
    const state = objectAt(status, "state");
    const sidecar = stringAt(containers.find((c) => c["name"] === status["name"]), "restartPolicy") === "Always";
    if (state["terminated"] !== undefined && numberAt(state, "terminated.exitCode") === 0) continue;
    if (sidecar && status["started"] === true) continue;
    if (state["terminated"] !== undefined) return `Init:${termination(state)}`;
    const waiting = stringAt(state, "waiting.reason");
    return waiting !== "" && waiting !== "PodInitializing" ? `Init:${waiting}` : `Init:${index}/${containers.length}`;
  }
  return undefined;
}

function summary(pod: KubeObject, now: number): Summary {
  let status = stringAt(pod, "status.reason") || stringAt(pod, "status.phase");
  let ready = 0;
  let restarts = 0;
  let lastRestart: string | undefined;
  let hasRunning = false;
  const waitingForInit = initStatus(pod);
  for (const container of [...objectsAt(pod, "status.containerStatuses")].reverse()) {
    const state = objectAt(container, "state");
    restarts += numberAt(container, "restartCount");
    const finished = stringAt(container, "lastState.terminated.finishedAt");
    if (finished !== "" && (lastRestart === undefined || finished > lastRestart)) lastRestart = finished;
    if (container["ready"] === true) ready++;
    if (waitingForInit !== undefined) continue;
    if (stringAt(state, "waiting.reason") !== "") status = stringAt(state, "waiting.reason");
    else if (state["terminated"] !== undefined) status = termination(state);
    else if (container["ready"] === true && state["running"] !== undefined) hasRunning = true;
  }
  if (waitingForInit !== undefined) status = waitingForInit;
  else if (status === "Completed" && hasRunning) status = isReady(pod) ? "Running" : "NotReady";
  if (pod.metadata.deletionTimestamp !== undefined) {
    status = stringAt(pod, "status.reason") === "NodeLost" ? "Unknown" : "Terminating";
  }
  const since = restarts > 0 && lastRestart !== undefined ? ` (${ageOf(lastRestart, now)} ago)` : "";
  return { status, ready, restarts: `${restarts}${since}` };
}

function isReady(pod: KubeObject): boolean {
  return objectsAt(pod, "status.conditions").some((c) => c["type"] === "Ready" && c["status"] === "True");
}

function gates(pod: KubeObject): string {
  const wanted = objectsAt(pod, "spec.readinessGates").map((gate) => stringAt(gate, "conditionType"));
  if (wanted.length === 0) return "<none>";
  const conditions = objectsAt(pod, "status.conditions");
  const met = wanted.filter((type) => conditions.some((c) => c["type"] === type && c["status"] === "True"));
  return `${met.length}/${wanted.length}`;
}

/** Columns of pods. */
export const POD_COLUMNS: readonly PrinterColumn[] = [
  text("Ready", (pod, now) => `${summary(pod, now).ready}/${listAt(pod, "spec.containers").length}`),
  text("Status", (pod, now) => summary(pod, now).status),
  text("Restarts", (pod, now) => summary(pod, now).restarts),
  AGE,
  wide("IP", (pod) => stringAt(pod, "status.podIP") || "<none>"),
  wide("Node", (pod) => stringAt(pod, "spec.nodeName") || "<none>"),
  wide("Nominated Node", (pod) => stringAt(pod, "status.nominatedNodeName") || "<none>"),
  wide("Readiness Gates", (pod) => valueAt(pod, "spec.readinessGates") === undefined ? "<none>" : gates(pod)),
];
