/** Kubernetes' strategic merge patch, by the patch strategies that the built-in kinds' schemas carry. */
import type { KubeObject } from "../../kube/mod.ts";
import type { StructuralSchema } from "../../schema/mod.ts";
import { cloneJson, equalJson, isObject, type JsonObject, setField } from "../json_value.ts";
import { ApplyError } from "./typed_errors.ts";

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const SET_ORDER = "$setElementOrder/";
const DELETE_FROM = "$deleteFromPrimitiveList/";

/** The two extensions of published schemas that structural schemas do not have. */
interface Strategy {
  readonly "x-kubernetes-patch-strategy"?: string;
  readonly "x-kubernetes-patch-merge-key"?: string;
}

type Known = (StructuralSchema & Strategy) | undefined;

/**
 * `live` with a strategic merge patch; neither is changed.
 *
 * @throws ApplyError when the patch is no object or holds an unknown directive
 */
export function strategicMerge(schema: StructuralSchema | undefined, live: KubeObject, patch: unknown): KubeObject {
  if (!isObject(patch)) throw new ApplyError("BadRequest", "a strategic merge patch must be an object");
  const merged = mergeMaps(schema, live, patch);
  return { ...merged, apiVersion: live.apiVersion, kind: live.kind, metadata: metadataOf(merged, live) };
}

function metadataOf(merged: JsonObject, live: KubeObject): KubeObject["metadata"] {
  const { metadata } = merged;
  return isObject(metadata) ? { ...metadata, name: live.metadata.name } : live.metadata;
}

function strategies(schema: Known): readonly string[] {
  return schema?.["x-kubernetes-patch-strategy"]?.split(",") ?? [];
}

function fieldSchema(schema: Known, key: string): Known {
  const { properties, additionalProperties } = schema ?? {};
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === "object" ? additionalProperties : undefined;
}

function mergeMaps(schema: Known, live: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === "replace") return withoutDirectives(patch);
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") {
    throw new ApplyError("BadRequest", `unknown $patch type: ${String(directive)}`);
  }
  const merged: JsonObject = {};
  const retained = patch[RETAIN_KEYS];
  for (const key of Object.keys(live)) {
    if (!Array.isArray(retained) || retained.includes(key)) setField(merged, key, cloneJson(live[key]));
  }
  for (const key of fieldsIn(patch)) {
    const value = patch[key];
    if (value === null) delete merged[key];
    else setField(merged, key, mergeField(fieldSchema(schema, key), merged[key], value, patch, key));
  }
  return merged;
}

/** Fields that a patch speaks of, also where it does so only in a directive. */
function fieldsIn(patch: JsonObject): Set<string> {
  const fields = new Set<string>();
  for (const key of Object.keys(patch)) {
    if (key === DIRECTIVE || key === RETAIN_KEYS) continue;
    if (key.startsWith(SET_ORDER)) fields.add(key.slice(SET_ORDER.length));
    else if (key.startsWith(DELETE_FROM)) fields.add(key.slice(DELETE_FROM.length));
    else fields.add(key);
  }
  return fields;
}

function mergeField(schema: Known, live: unknown, value: unknown, patch: JsonObject, key: string): unknown {
  const order = patch[`${SET_ORDER}${key}`];
  const deletions = patch[`${DELETE_FROM}${key}`];
  if (Array.isArray(value) || Array.isArray(order) || Array.isArray(deletions)) {
    return mergeLists(schema, Array.isArray(live) ? live : [], listOf(value), order, listOf(deletions));
  }
  if (!isObject(value)) return value;
  const replaces = strategies(schema).includes("replace");
  if (!isObject(live) || replaces) return withoutDirectives(value);
  return mergeMaps(schema, live, value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function mergeLists(
  schema: Known,
  live: readonly unknown[],
  patch: readonly unknown[],
  order: unknown,
  deletions: readonly unknown[],
): unknown[] {
  if (!strategies(schema).includes("merge")) {
    return patch.map((item) => isObject(item) ? withoutDirectives(item) : cloneJson(item));
  }
  const mergeKey = schema?.["x-kubernetes-patch-merge-key"];
  if (mergeKey === undefined) return mergeScalars(live, patch, order, deletions);
  if (patch.some((item) => isObject(item) && item[DIRECTIVE] === "replace")) {
    return patch.filter((item) => !(isObject(item) && item[DIRECTIVE] === "replace" && item[mergeKey] === undefined))
      .map((item) => isObject(item) ? withoutDirectives(item) : item);
  }
  const merged = live.map((item) => cloneJson(item));
  const added: unknown[] = [];
  for (const item of patch) {
    if (!isObject(item)) throw new ApplyError("BadRequest", "items of a list that merges by key must be objects");
    const index = merged.findIndex((other) => isObject(other) && equalJson(other[mergeKey], item[mergeKey]));
    if (item[DIRECTIVE] === "delete") {
      removeAll(merged, (other) => isObject(other) && equalJson(other[mergeKey], item[mergeKey]));
      continue;
    }
    const current = index < 0 ? undefined : merged[index];
    if (isObject(current)) merged[index] = mergeMaps(schema?.items, current, item);
    else added.push(withoutDirectives(item));
  }
  const keyOf = (item: unknown) => isObject(item) ? item[mergeKey] : undefined;
  return ordered([...merged, ...added], live, order, keyOf);
}

function mergeScalars(
  live: readonly unknown[],
  patch: readonly unknown[],
  order: unknown,
  deletions: readonly unknown[],
): unknown[] {
  const merged = live.filter((item) => !deletions.includes(item));
  for (const item of patch) if (!merged.includes(item)) merged.push(item);
  return ordered(merged, live, order, (item) => item);
}

function removeAll(list: unknown[], matches: (item: unknown) => boolean): void {
  for (let index = list.length - 1; index >= 0; index--) if (matches(list[index])) list.splice(index, 1);
}

/** Items that the patch orders, in its order; the others stay behind the item that they followed in the live list. */
function ordered(
  items: readonly unknown[],
  live: readonly unknown[],
  order: unknown,
  keyOf: (item: unknown) => unknown,
): unknown[] {
  if (!Array.isArray(order)) return [...items];
  const wanted = order.map(keyOf);
  const position = (item: unknown) => wanted.findIndex((key) => equalJson(key, keyOf(item)));
  const named = items.filter((item) => position(item) >= 0).sort((left, right) => position(left) - position(right));
  const rest = items.filter((item) => position(item) < 0);
  const livePosition = (item: unknown) => live.findIndex((other) => equalJson(keyOf(other), keyOf(item)));
  for (const item of rest) {
    const own = livePosition(item);
    const next = named.findIndex((other) => livePosition(other) > own);
    if (next < 0 || own < 0) named.push(item);
    else named.splice(next, 0, item);
  }
  return named;
}

/** A copy without what only steers the merge. */
function withoutDirectives(value: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) {
    if (key === DIRECTIVE || key === RETAIN_KEYS || key.startsWith(SET_ORDER) || key.startsWith(DELETE_FROM)) continue;
    if (value[key] !== null) setField(copy, key, cleaned(value[key]));
  }
  return copy;
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !(isObject(item) && item[DIRECTIVE] === "delete")).map(cleaned);
  }
  return isObject(value) ? withoutDirectives(value) : value;
}
