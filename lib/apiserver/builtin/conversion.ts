/** Conversion between the versions of built-in kinds that are served in two shapes. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { objectAt } from "./read.ts";

/** Fields of `events.k8s.io/v1 Event` and what core/v1 calls them. */
const EVENT_FIELDS: readonly (readonly [string, string])[] = [
  ["regarding", "involvedObject"],
  ["note", "message"],
  ["reportingController", "reportingComponent"],
  ["deprecatedSource", "source"],
  ["deprecatedFirstTimestamp", "firstTimestamp"],
  ["deprecatedLastTimestamp", "lastTimestamp"],
  ["deprecatedCount", "count"],
];

function rename(object: KubeObject, apiVersion: string, names: ReadonlyMap<string, string>): KubeObject {
  const renamed: KubeObject = { apiVersion, kind: object.kind, metadata: object.metadata };
  for (const key of Object.keys(object)) {
    if (key !== "apiVersion") renamed[names.get(key) ?? key] = object[key];
  }
  return renamed;
}

/** `events.k8s.io/v1` → core `v1`, the version that events are stored at. */
export function eventToCore(event: KubeObject): KubeObject {
  return rename(event, "v1", new Map(EVENT_FIELDS));
}

/** Core `v1` → `events.k8s.io/v1`. */
export function eventFromCore(event: KubeObject): KubeObject {
  return rename(event, "events.k8s.io/v1", new Map(EVENT_FIELDS.map(([modern, core]) => [core, modern])));
}

/** `autoscaling/v1` → `autoscaling/v2`: the CPU percentage becomes the one metric. */
export function autoscalerToV2(scaler: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage, ...spec } = objectAt(scaler, "spec");
  const { currentCPUUtilizationPercentage, ...status } = objectAt(scaler, "status");
  const converted: JsonObject = { ...spec };
  if (typeof targetCPUUtilizationPercentage === "number") {
    converted["metrics"] = [cpu("target", { type: "Utilization", averageUtilization: targetCPUUtilizationPercentage })];
  }
  if (typeof currentCPUUtilizationPercentage === "number") {
    status["currentMetrics"] = [cpu("current", { averageUtilization: currentCPUUtilizationPercentage })];
  }
  return { ...scaler, apiVersion: "autoscaling/v2", spec: converted, status };
}

function cpu(field: "target" | "current", value: JsonObject): JsonObject {
  return { type: "Resource", resource: { name: "cpu", [field]: value } };
}

/** `autoscaling/v2` → `autoscaling/v1`; what v1 cannot say is left out, as v1 clients have no use for it. */
export function autoscalerToV1(scaler: KubeObject): KubeObject {
  const { metrics, behavior: _, ...spec } = objectAt(scaler, "spec");
  const { currentMetrics, conditions: __, ...status } = objectAt(scaler, "status");
  const target = cpuUtilization(metrics, "target");
  const current = cpuUtilization(currentMetrics, "current");
  return {
    ...scaler,
    apiVersion: "autoscaling/v1",
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { ...status, ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }) },
  };
}

function cpuUtilization(metrics: unknown, field: "target" | "current"): number | undefined {
  for (const metric of Array.isArray(metrics) ? metrics : []) {
    const resource = objectAt(metric, "resource");
    const value = objectAt(resource, field)["averageUtilization"];
    if (isObject(metric) && metric["type"] === "Resource" && resource["name"] === "cpu" && typeof value === "number") {
      return value;
    }
  }
  return undefined;
}
