/** Simulated Jobs: their Pods succeed, and so do they. */
import type { KubeObject } from "../../kube/mod.ts";
import { timestamp } from "../core.ts";
import { isObject } from "../json_value.ts";
import { type Cluster, count, field } from "./cluster.ts";
import { phaseOf, podFrom, PODS, suffix } from "./pods.ts";

export const JOBS = "batch/jobs";

/** Takes a Job one step further. */
export function simulateJob(cluster: Cluster, job: KubeObject): void {
  const { name, uid, deletionTimestamp } = job.metadata;
  if (deletionTimestamp !== undefined) return;
  const spec = field(job, "spec");
  if (isComplete(job)) return expire(cluster, job);
  if (spec.suspend === true) return;
  const completions = count(spec, "completions", count(spec, "parallelism", 1));
  const pods = cluster.owned(PODS, job);
  const labels = {
    "batch.kubernetes.io/controller-uid": uid ?? "",
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid ?? "",
    "job-name": name,
  };
  for (let index = pods.length; index < completions; index++) {
    cluster.create(PODS, podFrom(spec.template, job, `${name}-${suffix()}`, labels), job);
  }
  const succeeded = cluster.owned(PODS, job).filter((pod) => phaseOf(pod) === "Succeeded").length;
  const started = field(job, "status").startTime ?? timestamp();
  if (succeeded < completions) {
    return cluster.setStatus(JOBS, job, {
      startTime: started,
      active: completions - succeeded,
      ready: 0,
      succeeded: succeeded || undefined,
    });
  }
  cluster.setStatus(JOBS, job, {
    startTime: started,
    completionTime: timestamp(),
    active: undefined,
    ready: 0,
    succeeded,
    conditions: ["SuccessCriteriaMet", "Complete"].map((type) => ({
      type,
      status: "True",
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods (simulated)",
    })),
  });
  cluster.event(job, "Normal", "Completed", "Job completed");
}

function isComplete(job: KubeObject): boolean {
  const { conditions } = field(job, "status");
  return Array.isArray(conditions) &&
    conditions.some((item) => isObject(item) && item.type === "Complete" && item.status === "True");
}

/** Not at once even when it is told so: whoever waits for the Job is to see that it is complete. */
const SHORTEST_LIFE = 1000;

/** `ttlSecondsAfterFinished` */
function expire(cluster: Cluster, job: KubeObject): void {
  const { ttlSecondsAfterFinished } = field(job, "spec");
  if (typeof ttlSecondsAfterFinished !== "number") return;
  const { uid, name, namespace } = job.metadata;
  cluster.later(`job ${uid}`, Math.max(ttlSecondsAfterFinished * 1000, SHORTEST_LIFE), () => {
    const current = cluster.get(JOBS, namespace, name);
    if (current?.metadata.uid === uid && current !== undefined) cluster.delete(JOBS, current);
  });
}
