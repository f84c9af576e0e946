/** What `kubectl get` prints of the kinds of `apps`, `batch`, `autoscaling` and `policy`. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, valueAt } from "../json_value.ts";
import type { JsonObject } from "../json_value.ts";
import type { PrinterColumn } from "../resource.ts";
import { AGE, count, text, workloadColumns } from "./column.ts";
import { ageOf, humanDuration } from "./duration.ts";
import { numberAt, objectAt, objectsAt, stringAt } from "./read.ts";

const TEMPLATE = "spec.template.spec";

/** Columns of deployments. */
export const DEPLOYMENT_COLUMNS: readonly PrinterColumn[] = [
  text("Ready", (object) => `${numberAt(object, "status.readyReplicas")}/${numberAt(object, "spec.replicas")}`),
  count("Up-to-date", "status.updatedReplicas"),
  count("Available", "status.availableReplicas"),
  AGE,
  ...workloadColumns(TEMPLATE, "spec.selector"),
];

/** Columns of stateful sets. */
export const STATEFUL_SET_COLUMNS: readonly PrinterColumn[] = [
  text("Ready", (object) => `${numberAt(object, "status.readyReplicas")}/${numberAt(object, "spec.replicas")}`),
  AGE,
  ...workloadColumns(TEMPLATE, "spec.selector").slice(0, 2),
];

/** Columns of replica sets and replication controllers. */
export const REPLICA_SET_COLUMNS: readonly PrinterColumn[] = [
  count("Desired", "spec.replicas"),
  count("Current", "status.replicas"),
  count("Ready", "status.readyReplicas"),
  AGE,
  ...workloadColumns(TEMPLATE, "spec.selector"),
];

/** Columns of daemon sets. */
export const DAEMON_SET_COLUMNS: readonly PrinterColumn[] = [
  count("Desired", "status.desiredNumberScheduled"),
  count("Current", "status.currentNumberScheduled"),
  count("Ready", "status.numberReady"),
  count("Up-to-date", "status.updatedNumberScheduled"),
  count("Available", "status.numberAvailable"),
  text("Node Selector", (object) => nodeSelector(objectAt(object, `${TEMPLATE}.nodeSelector`))),
  AGE,
  ...workloadColumns(TEMPLATE, "spec.selector"),
];

function nodeSelector(labels: JsonObject): string {
  const parts = Object.keys(labels).sort().map((key) => `${key}=${String(labels[key])}`);
  return parts.length === 0 ? "<none>" : parts.join(",");
}

/** Columns of jobs. */
export const JOB_COLUMNS: readonly PrinterColumn[] = [
  text("Status", jobStatus),
  text("Completions", jobCompletions),
  text("Duration", jobDuration),
  AGE,
  ...workloadColumns(TEMPLATE, "spec.selector"),
];

function jobStatus(job: KubeObject): string {
  const holds = (type: string) =>
    objectsAt(job, "status.conditions").some((c) => c["type"] === type && c["status"] === "True");
  if (holds("Complete")) return "Complete";
  if (holds("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (holds("Suspended")) return "Suspended";
  if (holds("FailureTarget")) return "FailureTarget";
  if (holds("SuccessCriteriaMet")) return "SuccessCriteriaMet";
  return "Running";
}

function jobCompletions(job: KubeObject): string {
  const succeeded = numberAt(job, "status.succeeded");
  const completions = valueAt(job, "spec.completions");
  if (typeof completions === "number") return `${succeeded}/${completions}`;
  const parallelism = numberAt(job, "spec.parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubeObject, now: number): string {
  const start = Date.parse(stringAt(job, "status.startTime"));
  if (Number.isNaN(start)) return "";
  const end = Date.parse(stringAt(job, "status.completionTime"));
  return humanDuration((Number.isNaN(end) ? now : end) - start);
}

/** Columns of cron jobs. */
export const CRON_JOB_COLUMNS: readonly PrinterColumn[] = [
  text("Schedule", (object) => stringAt(object, "spec.schedule")),
  text("Timezone", (object) => stringAt(object, "spec.timeZone") || "<none>"),
  text("Suspend", (object) => valueAt(object, "spec.suspend") === true ? "True" : "False"),
  { name: "Active", type: "integer", cell: (object) => objectsAt(object, "status.active").length },
  text("Last Schedule", (object, now) => {
    const last = stringAt(object, "status.lastScheduleTime");
    return last === "" ? "<none>" : ageOf(last, now);
  }),
  AGE,
  ...workloadColumns("spec.jobTemplate.spec.template.spec", "spec.jobTemplate.spec.selector"),
];

/** Columns of horizontal pod autoscalers. */
export const AUTOSCALER_COLUMNS: readonly PrinterColumn[] = [
  text(
    "Reference",
    (object) => `${stringAt(object, "spec.scaleTargetRef.kind")}/${stringAt(object, "spec.scaleTargetRef.name")}`,
  ),
  text("Targets", (object) => autoscalerTargets(object)),
  text("MinPods", (object) => {
    const least = valueAt(object, "spec.minReplicas");
    return typeof least === "number" ? String(least) : "<unset>";
  }),
  count("MaxPods", "spec.maxReplicas"),
  count("Replicas", "status.currentReplicas"),
  AGE,
];

const TARGETS_SHOWN = 2;

function autoscalerTargets(object: KubeObject): string {
  const current = objectsAt(object, "status.currentMetrics");
  const metrics = objectsAt(object, "spec.metrics");
  if (metrics.length === 0) return "<none>";
  const shown = metrics.slice(0, TARGETS_SHOWN).map((metric, index) => metricTarget(metric, current[index]));
  const more = metrics.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` + ${more} more...` : "");
}

function metricTarget(metric: JsonObject, current: JsonObject | undefined): string {
  const type = stringAt(metric, "type");
  const field = type.charAt(0).toLowerCase() + type.slice(1);
  const target = objectAt(metric, `${field}.target`);
  const now = objectAt(current, `${field}.current`);
  const label = type === "Resource" || type === "ContainerResource" ? `${stringAt(metric, `${field}.name`)}: ` : "";
  if (typeof target["averageUtilization"] === "number") {
    const value = now["averageUtilization"];
    return `${label}${typeof value === "number" ? `${value}%` : "<unknown>"}/${target["averageUtilization"]}%`;
  }
  const key = target["averageValue"] === undefined ? "value" : "averageValue";
  const value = isObject(now) && now[key] !== undefined ? String(now[key]) : "<unknown>";
  const suffix = key === "averageValue" && type !== "Resource" && type !== "ContainerResource" ? " (avg)" : "";
  return `${label}${value}/${String(target[key])}${suffix}`;
}

/** Columns of pod disruption budgets. */
export const DISRUPTION_BUDGET_COLUMNS: readonly PrinterColumn[] = [
  text("Min Available", (object) => orNotAvailable(valueAt(object, "spec.minAvailable"))),
  text("Max Unavailable", (object) => orNotAvailable(valueAt(object, "spec.maxUnavailable"))),
  count("Allowed Disruptions", "status.disruptionsAllowed"),
  AGE,
];

function orNotAvailable(value: unknown): string {
  return value === undefined ? "N/A" : String(value);
}

/** Columns of controller revisions. */
export const CONTROLLER_REVISION_COLUMNS: readonly PrinterColumn[] = [
  text("Controller", (object) => {
    const owner = (object.metadata.ownerReferences ?? []).find((reference) => reference.controller === true);
    if (owner === undefined) return "<none>";
    const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : "";
    return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
  }),
  { name: "Revision", type: "integer", cell: (object) => numberAt(object, "revision") },
  AGE,
];

/** Columns of pod templates; unlike elsewhere all are shown at once. */
export const POD_TEMPLATE_COLUMNS: readonly PrinterColumn[] = [
  ...workloadColumns("template.spec", "template.metadata.labels").map(({ name, type, cell }): PrinterColumn => ({
    name: name === "Selector" ? "Pod Labels" : name,
    type,
    ...(cell === undefined ? {} : { cell }),
  })),
  AGE,
];
