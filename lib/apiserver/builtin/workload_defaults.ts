/** Defaults of the kinds of `apps`, `batch` and `autoscaling`. */
import { isObject, type JsonObject } from "../json_value.ts";
import { defaultPodSpec } from "./pod_defaults.ts";
import { TEMPLATE_GENERATION } from "./prepare.ts";
import { fallback, listAt, makeObject, objectAt, objectsAt } from "./read.ts";

function defaultTemplate(spec: JsonObject): void {
  const template = spec["template"];
  if (isObject(template) && isObject(template["spec"])) defaultPodSpec(template["spec"]);
}

/** A quarter of the pods may be missing, and as many too many, while a deployment rolls out. */
const QUARTER = "25%";

/** Defaults of a deployment. */
export function defaultDeployment(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  defaultTemplate(spec);
  fallback(spec, "replicas", 1);
  const strategy = makeObject(spec, "strategy");
  fallback(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") {
    const rolling = makeObject(strategy, "rollingUpdate");
    fallback(rolling, "maxUnavailable", QUARTER);
    fallback(rolling, "maxSurge", QUARTER);
  }
  fallback(spec, "revisionHistoryLimit", 10);
  fallback(spec, "progressDeadlineSeconds", 600);
}

/** Defaults of a stateful set. */
export function defaultStatefulSet(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  defaultTemplate(spec);
  fallback(spec, "podManagementPolicy", "OrderedReady");
  const strategy = makeObject(spec, "updateStrategy");
  // A strategy that names its type is only completed where it says more.
  if (strategy["type"] === undefined) {
    Object.assign(strategy, { type: "RollingUpdate", rollingUpdate: objectAt(strategy, "rollingUpdate") });
  }
  if (isObject(strategy["rollingUpdate"])) fallback(strategy["rollingUpdate"], "partition", 0);
  const retention = makeObject(spec, "persistentVolumeClaimRetentionPolicy");
  fallback(retention, "whenDeleted", "Retain");
  fallback(retention, "whenScaled", "Retain");
  fallback(spec, "replicas", 1);
  fallback(spec, "revisionHistoryLimit", 10);
  for (const claim of objectsAt(spec, "volumeClaimTemplates")) {
    fallback(claim, "apiVersion", "v1");
    fallback(claim, "kind", "PersistentVolumeClaim");
    defaultClaim(claim);
  }
}

/** Defaults of a persistent volume claim. */
export function defaultClaim(claim: JsonObject): void {
  fallback(makeObject(claim, "status"), "phase", "Pending");
  if (isObject(claim["spec"])) fallback(claim["spec"], "volumeMode", "Filesystem");
}

/** Defaults of a daemon set. */
export function defaultDaemonSet(object: JsonObject): void {
  fallback(makeObject(makeObject(object, "metadata"), "annotations"), TEMPLATE_GENERATION, "1");
  const spec = objectAt(object, "spec");
  defaultTemplate(spec);
  const strategy = makeObject(spec, "updateStrategy");
  fallback(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") {
    const rolling = makeObject(strategy, "rollingUpdate");
    fallback(rolling, "maxUnavailable", 1);
    fallback(rolling, "maxSurge", 0);
  }
  fallback(spec, "revisionHistoryLimit", 10);
}

/** Defaults of a replica set. */
export function defaultReplicaSet(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  defaultTemplate(spec);
  fallback(spec, "replicas", 1);
}

/** Defaults of a replication controller, whose selector is that of its pods' labels. */
export function defaultReplicationController(object: JsonObject): void {
  defaultReplicaSet(object);
  const spec = objectAt(object, "spec");
  const labels = objectAt(spec, "template.metadata.labels");
  if (Object.keys(labels).length === 0) return;
  if (Object.keys(objectAt(spec, "selector")).length === 0) spec["selector"] = { ...labels };
}

/** Defaults of a job. */
export function defaultJob(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  defaultTemplate(spec);
  if (spec["completions"] === undefined && spec["parallelism"] === undefined) spec["completions"] = 1;
  fallback(spec, "parallelism", 1);
  fallback(spec, "backoffLimit", spec["backoffLimitPerIndex"] === undefined ? 6 : 2147483647);
  fallback(spec, "completionMode", "NonIndexed");
  fallback(spec, "suspend", false);
  fallback(spec, "manualSelector", false);
  fallback(spec, "podReplacementPolicy", spec["podFailurePolicy"] === undefined ? "TerminatingOrFailed" : "Failed");
}

/** Defaults of a cron job. Those of its jobs come when it makes them. */
export function defaultCronJob(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  defaultTemplate(objectAt(spec, "jobTemplate.spec"));
  fallback(spec, "concurrencyPolicy", "Allow");
  fallback(spec, "suspend", false);
  fallback(spec, "successfulJobsHistoryLimit", 3);
  fallback(spec, "failedJobsHistoryLimit", 1);
}

const CPU_TARGET = 80;

/** Defaults of a horizontal pod autoscaler, in both of its versions. */
export function defaultAutoscaler(object: JsonObject): void {
  const spec = objectAt(object, "spec");
  fallback(spec, "minReplicas", 1);
  if (object["apiVersion"] === "autoscaling/v1") return;
  if (listAt(spec, "metrics").length === 0) {
    const target = { type: "Utilization", averageUtilization: CPU_TARGET };
    spec["metrics"] = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  const behavior = spec["behavior"];
  if (!isObject(behavior)) return;
  const up = makeObject(behavior, "scaleUp");
  fallback(up, "stabilizationWindowSeconds", 0);
  defaultScaling(up, [{ type: "Pods", value: 4, periodSeconds: 15 }, {
    type: "Percent",
    value: 100,
    periodSeconds: 15,
  }]);
  defaultScaling(makeObject(behavior, "scaleDown"), [{ type: "Percent", value: 100, periodSeconds: 15 }]);
}

function defaultScaling(rules: JsonObject, policies: readonly JsonObject[]): void {
  fallback(rules, "selectPolicy", "Max");
  fallback(rules, "policies", policies);
}
