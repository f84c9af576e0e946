/** Rules of the kinds of `apps`, `batch`, `autoscaling` and `policy`. */
import type { KubeObject } from "../../kube/mod.ts";
import { equalJson, type JsonObject, valueAt } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { forbidden, invalid, required } from "../schema/mod.ts";
import { checkTemplate } from "./pod_checks.ts";
import { listAt, numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

type Check = (object: KubeObject, old: KubeObject | undefined) => FieldError[];

const ALWAYS = ["Always"];

/** A field that stays as it was created. */
export function immutable(object: KubeObject, old: KubeObject | undefined, path: string): FieldError[] {
  if (old === undefined) return [];
  const value = valueAt(object, path);
  return equalJson(value, valueAt(old, path)) ? [] : [invalid(path, value ?? null, "field is immutable")];
}

function notNegative(object: KubeObject, path: string): FieldError[] {
  const value = numberAt(object, path);
  return value >= 0 ? [] : [invalid(path, value, "must be greater than or equal to 0")];
}

/** Whether a LabelSelector matches labels. */
function matches(selector: JsonObject, labels: JsonObject): boolean {
  if (!Object.entries(objectAt(selector, "matchLabels")).every(([key, value]) => labels[key] === value)) return false;
  return objectsAt(selector, "matchExpressions").every((expression) => {
    const value = labels[stringAt(expression, "key")];
    const values = listAt(expression, "values");
    switch (expression["operator"]) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
}

function checkSelector(object: KubeObject, what: string): FieldError[] {
  const selector = objectAt(object, "spec.selector");
  if (valueAt(object, "spec.selector") === undefined) return [];
  if (Object.keys(selector).length === 0) {
    return [invalid("spec.selector", {}, `empty selector is invalid for ${what}`)];
  }
  const labels = objectAt(object, "spec.template.metadata.labels");
  if (matches(selector, labels)) return [];
  return [invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")];
}

function workload(what: string): Check {
  return (object, old) => [
    ...notNegative(object, "spec.replicas"),
    ...checkSelector(object, what),
    ...checkTemplate(objectAt(object, "spec"), "spec", ALWAYS),
    ...immutable(object, old, "spec.selector"),
  ];
}

const MUTABLE_OF_STATEFUL_SETS = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

function claimNames(object: KubeObject): string[] {
  return objectsAt(object, "spec.volumeClaimTemplates").map((claim) => stringAt(claim, "metadata.name"));
}

/** Rules of a stateful set. */
export const checkStatefulSet: Check = (object, old) => {
  const errors = [
    ...notNegative(object, "spec.replicas"),
    ...checkSelector(object, "statefulset"),
    ...checkTemplate(objectAt(object, "spec"), "spec", ALWAYS, claimNames(object)),
  ];
  if (old === undefined) return errors;
  const frozen = (spec: JsonObject) =>
    Object.fromEntries(Object.entries(spec).filter(([key]) => !MUTABLE_OF_STATEFUL_SETS.includes(key)));
  if (equalJson(frozen(objectAt(object, "spec")), frozen(objectAt(old, "spec")))) return errors;
  const why =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [...errors, forbidden("spec", why)];
};

const JOB_POLICIES = ["OnFailure", "Never"];

/** A job's template stays as it was, but while it is suspended and has not started. */
const checkJob: Check = (object, old) => {
  const errors = checkJobSpec(objectAt(object, "spec"), "spec");
  if (valueAt(object, "spec.selector") === undefined) errors.unshift(required("spec.selector"));
  if (valueAt(old, "spec.suspend") === true && valueAt(old, "status.startTime") === undefined) return errors;
  return [
    ...errors,
    ...immutable(object, old, "spec.selector"),
    ...immutable(object, old, "spec.template"),
    ...immutable(object, old, "spec.completionMode"),
    ...(valueAt(object, "spec.completionMode") === "Indexed" ? [] : immutable(object, old, "spec.completions")),
  ];
};

function checkJobSpec(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (
    const field of ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"]
  ) {
    const value = numberAt(spec, field);
    if (value < 0) errors.push(invalid(`${path}.${field}`, value, "must be greater than or equal to 0"));
  }
  const template = checkTemplate(spec, path, JOB_POLICIES);
  const policyPath = `${path}.template.spec.restartPolicy`;
  // The server asks for a policy where the default, which no job can have, was left.
  const texts = template.map((error) =>
    error.field === policyPath && stringAt(spec, "template.spec.restartPolicy") === "Always"
      ? { ...error, message: 'Unsupported value: "Always": supported values: "OnFailure", "Never"' }
      : error
  );
  return [...errors, ...texts];
}

const CRON_FIELD = /^[\d*/,\-?A-Za-z#L]+$/;
const LONGEST_CRON_JOB_NAME = 52;

const checkCronJob: Check = (object) => {
  const errors: FieldError[] = [];
  const schedule = stringAt(object, "spec.schedule");
  const fields = schedule.trim().split(/\s+/);
  if (schedule === "") errors.push(required("spec.schedule"));
  else if (!schedule.startsWith("@") && fields.length !== 5) {
    errors.push(
      invalid("spec.schedule", schedule, `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`),
    );
  } else if (!schedule.startsWith("@")) {
    const wrong = fields.find((field) => !CRON_FIELD.test(field));
    if (wrong !== undefined) errors.push(invalid("spec.schedule", schedule, `failed to parse int from ${wrong}`));
  }
  if (object.metadata.name.length > LONGEST_CRON_JOB_NAME) {
    errors.push(invalid("metadata.name", object.metadata.name, "must be no more than 52 characters"));
  }
  return [...errors, ...checkJobSpec(objectAt(object, "spec.jobTemplate.spec"), "spec.jobTemplate.spec")];
};

const checkAutoscaler: Check = (object) => {
  const most = numberAt(object, "spec.maxReplicas");
  const least = numberAt(object, "spec.minReplicas");
  const errors: FieldError[] = [];
  if (least < 1) errors.push(invalid("spec.minReplicas", least, "must be greater than or equal to 1"));
  if (most < 1) errors.push(invalid("spec.maxReplicas", most, "must be greater than 0"));
  if (most < least) errors.push(invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"));
  if (stringAt(object, "spec.scaleTargetRef.kind") === "") errors.push(required("spec.scaleTargetRef.kind"));
  if (stringAt(object, "spec.scaleTargetRef.name") === "") errors.push(required("spec.scaleTargetRef.name"));
  return errors;
};

const checkBudget: Check = (object) => {
  const spec = objectAt(object, "spec");
  if (spec["minAvailable"] === undefined || spec["maxUnavailable"] === undefined) return [];
  return [invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")];
};

/** Rules by kind. */
export const WORKLOAD_CHECKS: Readonly<Record<string, Check>> = {
  "/ReplicationController": (object) => [
    ...notNegative(object, "spec.replicas"),
    ...checkTemplate(objectAt(object, "spec"), "spec", ALWAYS),
  ],
  "apps/DaemonSet": workload("daemonset"),
  "apps/Deployment": workload("deployment"),
  "apps/ReplicaSet": workload("replicaset"),
  "apps/StatefulSet": checkStatefulSet,
  "autoscaling/HorizontalPodAutoscaler": checkAutoscaler,
  "batch/CronJob": checkCronJob,
  "batch/Job": checkJob,
  "policy/PodDisruptionBudget": checkBudget,
};
