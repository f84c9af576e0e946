/**
 * Noticing that a live object left its desired state, cheaply.
 *
 * A watch keeps a fingerprint of each child instead of the object. A fingerprint other than the one after our last
 * apply is only a suspicion (another controller may own what changed): a server-side dry-run of our apply settles it,
 * for every kind alike, and tells the fields.
 */
import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/mod.ts";

/** Metadata that changes without anybody editing the object. */
const VOLATILE = new Set([
  "managedFields",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "uid",
  "selfLink",
]);

/**
 * A short hash of the fields that a manager applied, and of their values, by `metadata.managedFields`.
 *
 * It changes when somebody edits or removes such a field (its ownership moves), and stays when another controller adds
 * fields of its own.
 */
export function fingerprint(object: KubeObject, manager: string): string {
  const entry = object.metadata.managedFields?.find((m) => m.manager === manager && m.operation === "Apply");
  if (!entry?.fieldsV1) return "";
  return createHash("sha1").update(canonical(ownedValues(object, entry.fieldsV1))).digest("base64url");
}

/** The values behind a set of fields (`fieldsV1`), in the shape of the set. */
function ownedValues(value: unknown, fields: Record<string, unknown>): unknown {
  const children = Object.keys(fields).filter((key) => key !== ".");
  if (children.length === 0) return value;
  return Object.fromEntries(children.map((key) => {
    const child = childAt(value, key);
    return [key, child === undefined ? null : ownedValues(child, fields[key] as Record<string, unknown>)];
  }));
}

/** `f:` names a field, `k:` a list item by its keys, `v:` a set's item by its value, `i:` by its place. */
function childAt(value: unknown, key: string): unknown {
  const name = key.slice(2);
  if (key.startsWith("f:")) return isMap(value) ? value[name] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (key.startsWith("i:")) return value[Number(name)];
  const wanted: unknown = JSON.parse(name);
  if (key.startsWith("v:")) return value.find((item) => canonical(item) === canonical(wanted));
  return value.find((item) => isMap(item) && isMap(wanted) && matches(item, wanted));
}

/** A key field that the item leaves out stands for its default, which the set spells out (`protocol: TCP`). */
function matches(item: Record<string, unknown>, keys: Record<string, unknown>): boolean {
  return Object.entries(keys).every(([k, v]) => item[k] === undefined || canonical(item[k]) === canonical(v));
}

/** JSON with sorted keys: the same object always gives the same text. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(",")}}`;
}

/**
 * Where the live object differs from what our apply would make of it, e.g. `spec.replicas`, `metadata.labels["app"]`.
 * Paths end at the first difference; at most `limit` of them.
 */
export function driftedFields(live: KubeObject, desired: KubeObject, limit = 20): string[] {
  const paths: string[] = [];
  const visit = (a: unknown, b: unknown, path: string): void => {
    if (paths.length >= limit || canonical(a) === canonical(b)) return;
    if (isMap(a) && isMap(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) visit(a[key], b[key], joined(path, key));
    } else if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      a.forEach((item, i) => visit(item, b[i], `${path}[${i}]`));
    } else {
      paths.push(path);
    }
  };
  visit(owned(live), owned(desired), "");
  return paths;
}

function owned(object: KubeObject): Record<string, unknown> {
  const { status: _status, ...rest } = object;
  return {
    ...rest,
    metadata: Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !VOLATILE.has(key))),
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function joined(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
