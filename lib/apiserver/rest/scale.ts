/** The `scale` subresource: an `autoscaling/v1 Scale` that stands for some fields of an object. */
import type { KubeObject } from "../../kube/mod.ts";
import { cloneJson, isObject, setValueAt, valueAt } from "../json_value.ts";
import { invalid, noSuchResource } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import type { Target } from "./target.ts";

/** The scale of an object. @throws ApiError `NotFound` where the kind has none */
export function scaleOf(target: Target, entry: Entry): KubeObject {
  const { scale } = target.version;
  if (scale === undefined) throw noSuchResource();
  const object = target.served.view(target.version, entry);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = valueAt(object, scale.specReplicasPath);
  const current = valueAt(object, scale.statusReplicasPath);
  const selector = scale.labelSelectorPath === undefined
    ? undefined
    : selectorText(valueAt(object, scale.labelSelectorPath));
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: dropUndefined({ name, namespace, uid, resourceVersion, creationTimestamp }),
    // Go leaves a zero out.
    spec: typeof replicas === "number" && replicas !== 0 ? { replicas } : {},
    status: { replicas: typeof current === "number" ? current : 0, ...(selector === undefined ? {} : { selector }) },
  };
}

/** The object, in the request's version, with the replicas that a scale asks for. @throws ApiError `Invalid` */
export function scaledObject(target: Target, entry: Entry, scale: KubeObject): KubeObject {
  const path = target.version.scale?.specReplicasPath;
  if (path === undefined) throw noSuchResource();
  const replicas = valueAt(scale, "spec.replicas") ?? 0;
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
    throw invalid({ group: "autoscaling", kind: "Scale", plural: "scales" }, entry.name, [{
      reason: "FieldValueInvalid",
      field: "spec.replicas",
      message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
    }]);
  }
  const next = cloneJson(target.served.view(target.version, entry));
  setValueAt(next, path, replicas);
  const { resourceVersion, uid } = scale.metadata;
  if (resourceVersion) next.metadata.resourceVersion = resourceVersion;
  if (uid) next.metadata.uid = uid;
  return next;
}

/** A selector as text: as it is, or `a=b,c in (d)` from a LabelSelector. */
function selectorText(selector: unknown): string | undefined {
  if (typeof selector === "string") return selector;
  if (!isObject(selector)) return undefined;
  const labels = isObject(selector.matchLabels) ? selector.matchLabels : {};
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isObject) : [];
  return [
    ...Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`),
    ...expressions.map(({ key, operator, values }) => expressionText(String(key), String(operator), values)),
  ].join(",");
}

function expressionText(key: string, operator: string, values: unknown): string {
  if (operator === "Exists") return key;
  if (operator === "DoesNotExist") return `!${key}`;
  return `${key} ${operator === "In" ? "in" : "notin"} (${Array.isArray(values) ? values.join(",") : ""})`;
}

function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
