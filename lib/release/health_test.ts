import { deepStrictEqual } from "node:assert/strict";
import type { KubeObject } from "../kube/mod.ts";
import { type Health, health } from "./health.ts";

/** A condition as `type`, `status`, reason and message. */
function condition(type: string, status: string, reason = "", message = ""): Record<string, string> {
  return { type, status, reason, message };
}

type Parts = { readonly spec?: unknown; readonly status?: unknown; readonly metadata?: Record<string, unknown> };

function object(apiVersion: string, kind: string, { metadata = {}, ...rest }: Parts): KubeObject {
  return { apiVersion, kind, metadata: { name: "x", generation: 2, ...metadata }, ...rest };
}

const seen = { observedGeneration: 2 };
const CURRENT: Health = { status: "Current", message: "" };
const progress = (message: string): Health => ({ status: "InProgress", message });
const failed = (message: string): Health => ({ status: "Failed", message });

/** What is checked, kind, object, verdict. */
const TABLE: readonly (readonly [string, string, Parts, Health])[] = [
  ["a custom resource without a status", "example.org/v1 Thing", {}, CURRENT],
  ["any object that is being deleted", "apps/v1 Deployment", {
    metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
    status: { ...seen, conditions: [condition("Stalled", "True", "X")] },
  }, { status: "Terminating", message: "being deleted" }],
  ["a status of an older generation", "example.org/v1 Thing", {
    status: { observedGeneration: 1, conditions: [condition("Ready", "True")] },
  }, progress("generation 2 not yet observed (status is of 1)")],
  ["a custom resource that is Ready", "example.org/v1 Thing", {
    status: { ...seen, conditions: [condition("Ready", "True")] },
  }, CURRENT],
  ["a custom resource that is not Ready", "example.org/v1 Thing", {
    status: { conditions: [condition("Ready", "False", "Broken", "no disk")] },
  }, progress("Broken: no disk")],
  ["a custom resource of unknown readiness", "example.org/v1 Thing", {
    status: { conditions: [condition("Ready", "Unknown")] },
  }, progress("condition Ready is Unknown")],
  ["a custom resource that is Ready but Reconciling", "example.org/v1 Thing", {
    status: { conditions: [condition("Ready", "True"), condition("Reconciling", "True", "Rollout", "2 of 3")] },
  }, progress("Rollout: 2 of 3")],
  ["a custom resource that is Stalled", "example.org/v1 Thing", {
    status: { conditions: [condition("Reconciling", "True"), condition("Stalled", "True", "Denied", "no quota")] },
  }, failed("Denied: no quota")],
  ["conditions that are no list", "example.org/v1 Thing", { status: { conditions: {} } }, CURRENT],
  ["a Deployment of another group", "example.org/v1 Deployment", {}, CURRENT],

  ["a Deployment without a status", "apps/v1 Deployment", {}, progress("not yet seen by its controller")],
  ["a Deployment that its controller has scaled to 0", "apps/v1 Deployment", {
    spec: { replicas: 0 },
    status: seen,
  }, CURRENT],
  ["a Deployment whose replicas are not updated", "apps/v1 Deployment", {
    spec: { replicas: 3 },
    status: { ...seen, updatedReplicas: 1, replicas: 3, readyReplicas: 3, availableReplicas: 3 },
  }, progress("1 of 3 replicas updated")],
  ["a Deployment with old replicas", "apps/v1 Deployment", {
    spec: { replicas: 2 },
    status: { ...seen, updatedReplicas: 2, replicas: 3, readyReplicas: 2, availableReplicas: 2 },
  }, progress("1 old replicas still terminating")],
  ["a Deployment with replicas that are not ready", "apps/v1 Deployment", {
    spec: {},
    status: { ...seen, updatedReplicas: 1, replicas: 1 },
  }, progress("0 of 1 replicas ready")],
  ["a Deployment with replicas that are not available", "apps/v1 Deployment", {
    spec: { replicas: 2 },
    status: { ...seen, updatedReplicas: 2, replicas: 2, readyReplicas: 2, availableReplicas: 1 },
  }, progress("1 of 2 replicas available")],
  ["a Deployment that is rolled out", "apps/v1 Deployment", {
    spec: { replicas: 2 },
    status: { ...seen, updatedReplicas: 2, replicas: 2, readyReplicas: 2, availableReplicas: 2 },
  }, CURRENT],
  ["a Deployment past its deadline", "apps/v1 Deployment", {
    status: { ...seen, conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded", "too slow")] },
  }, failed("ProgressDeadlineExceeded: too slow")],
  ["a Deployment that cannot make pods", "apps/v1 Deployment", {
    status: { ...seen, conditions: [condition("ReplicaFailure", "True", "FailedCreate", "quota")] },
  }, progress("FailedCreate: quota")],

  ["a ReplicaSet with a pod missing", "apps/v1 ReplicaSet", {
    spec: { replicas: 2 },
    status: { ...seen, readyReplicas: 1 },
  }, progress("1 of 2 replicas ready")],
  ["a ReplicaSet that is full", "apps/v1 ReplicaSet", { status: { ...seen, readyReplicas: 1 } }, CURRENT],

  ["a StatefulSet without a status", "apps/v1 StatefulSet", {}, progress("not yet seen by its controller")],
  ["a StatefulSet with a pod missing", "apps/v1 StatefulSet", {
    spec: { replicas: 3 },
    status: { ...seen, readyReplicas: 2, currentRevision: "a", updateRevision: "a" },
  }, progress("2 of 3 replicas ready")],
  ["a StatefulSet that still rolls", "apps/v1 StatefulSet", {
    spec: { replicas: 3 },
    status: { ...seen, readyReplicas: 3, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
  }, progress("1 of 3 replicas updated")],
  ["a StatefulSet that has rolled", "apps/v1 StatefulSet", {
    spec: { replicas: 3 },
    status: { ...seen, readyReplicas: 3, updatedReplicas: 3, currentRevision: "b", updateRevision: "b" },
  }, CURRENT],
  ["a StatefulSet that rolls above its partition", "apps/v1 StatefulSet", {
    spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
    status: { ...seen, readyReplicas: 3, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
  }, progress("1 of 2 replicas updated")],
  ["a StatefulSet rolled down to its partition", "apps/v1 StatefulSet", {
    spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
    status: { ...seen, readyReplicas: 3, updatedReplicas: 2, currentRevision: "a", updateRevision: "b" },
  }, CURRENT],
  ["a StatefulSet whose pods wait to be deleted by hand", "apps/v1 StatefulSet", {
    spec: { replicas: 3, updateStrategy: { type: "OnDelete" } },
    status: { ...seen, readyReplicas: 3, currentRevision: "a", updateRevision: "b" },
  }, CURRENT],

  ["a DaemonSet without a status", "apps/v1 DaemonSet", {}, progress("not yet seen by its controller")],
  ["a DaemonSet that is not updated everywhere", "apps/v1 DaemonSet", {
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 3 },
  }, progress("2 of 3 nodes updated")],
  ["a DaemonSet whose pods wait to be deleted by hand", "apps/v1 DaemonSet", {
    spec: { updateStrategy: { type: "OnDelete" } },
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 0, numberAvailable: 3 },
  }, CURRENT],
  ["a DaemonSet that is not available everywhere", "apps/v1 DaemonSet", {
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 1 },
  }, progress("available on 1 of 3 nodes")],
  ["a DaemonSet that is everywhere", "apps/v1 DaemonSet", {
    status: { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 },
  }, CURRENT],

  ["a Job that runs", "batch/v1 Job", { status: { active: 1 } }, progress("not complete")],
  ["a Job that tries again", "batch/v1 Job", { status: { failed: 2 } }, progress("not complete, 2 pods failed")],
  ["a Job that is complete", "batch/v1 Job", { status: { conditions: [condition("Complete", "True")] } }, CURRENT],
  [
    "a Job that is suspended",
    "batch/v1 Job",
    { status: { conditions: [condition("Suspended", "True")] } },
    CURRENT,
  ],
  ["a Job that failed", "batch/v1 Job", {
    status: { conditions: [condition("Failed", "True", "BackoffLimitExceeded", "it failed too often")] },
  }, failed("BackoffLimitExceeded: it failed too often")],

  ["a Pod without a status", "v1 Pod", {}, progress("phase unknown")],
  ["a Pod that found no node", "v1 Pod", {
    status: { phase: "Pending", conditions: [condition("PodScheduled", "False", "Unschedulable", "0/3 nodes")] },
  }, progress("Unschedulable: 0/3 nodes")],
  ["a Pod that starts", "v1 Pod", {
    status: { phase: "Running", conditions: [condition("Ready", "False", "ContainersNotReady", "web")] },
  }, progress("ContainersNotReady: web")],
  ["a Pod that crashes", "v1 Pod", {
    status: {
      phase: "Running",
      conditions: [condition("Ready", "False")],
      containerStatuses: [{ name: "ok" }, { name: "web", state: { waiting: { reason: "CrashLoopBackOff" } } }],
    },
  }, failed('container "web" is in CrashLoopBackOff')],
  ["a Pod that is ready", "v1 Pod", {
    status: { phase: "Running", conditions: [condition("Ready", "True")] },
  }, CURRENT],
  ["a Pod that is done", "v1 Pod", { status: { phase: "Succeeded" } }, CURRENT],
  ["a Pod that failed", "v1 Pod", { status: { phase: "Failed", message: "evicted" } }, failed("pod failed: evicted")],

  ["a claim without a volume", "v1 PersistentVolumeClaim", {
    status: { phase: "Pending" },
  }, progress("phase Pending, not Bound")],
  ["a claim with a volume", "v1 PersistentVolumeClaim", { status: { phase: "Bound" } }, CURRENT],
  [
    "a disruption budget nobody saw",
    "policy/v1 PodDisruptionBudget",
    {},
    progress("not yet seen by its controller"),
  ],
  ["a disruption budget", "policy/v1 PodDisruptionBudget", { status: seen }, CURRENT],

  ["a CRD that is not yet served", "apiextensions.k8s.io/v1 CustomResourceDefinition", {}, progress("not established")],
  ["a CRD with names that are taken", "apiextensions.k8s.io/v1 CustomResourceDefinition", {
    status: { conditions: [condition("NamesAccepted", "False", "ListKindConflict", "taken")] },
  }, failed("ListKindConflict: taken")],
  ["a CRD that is served", "apiextensions.k8s.io/v1 CustomResourceDefinition", {
    status: { conditions: [condition("NamesAccepted", "True"), condition("Established", "True")] },
  }, CURRENT],
];

for (const [what, type, parts, expected] of TABLE) {
  Deno.test(`health() finds ${what} ${expected.status}`, () => {
    const [apiVersion, kind] = type.split(" ");
    deepStrictEqual(health(object(apiVersion!, kind!, parts)), expected);
  });
}
