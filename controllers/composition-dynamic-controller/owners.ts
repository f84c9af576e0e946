/** `managedFields` of an object that goes to another version. */
import type { ManagedFieldsEntry } from "../../lib/kube/mod.ts";

/**
 * The owners as they would be had they written at another version. An updater has one entry a version that it wrote:
 * these become one, and own what any of them owned.
 */
export function ownersAt(apiVersion: string, entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry[] {
  const owners = new Map<string, ManagedFieldsEntry>();
  for (const entry of entries) {
    const identity = JSON.stringify([entry.manager, entry.operation, entry.subresource]);
    const twin = owners.get(identity);
    const fieldsV1 = union(twin?.fieldsV1 ?? {}, entry.fieldsV1 ?? {});
    owners.set(identity, { ...(later(twin, entry) ? twin : entry), apiVersion, fieldsV1 });
  }
  return [...owners.values()];
}

/** RFC 3339 times of one server sort as texts. */
function later(twin: ManagedFieldsEntry | undefined, entry: ManagedFieldsEntry): boolean {
  return (twin?.time ?? "") > (entry.time ?? "");
}

type Fields = NonNullable<ManagedFieldsEntry["fieldsV1"]>;

/** Sets of fields are trees of objects, their leaves empty. */
function union(a: Fields, b: Fields): Fields {
  const both: Fields = { ...a };
  for (const [key, value] of Object.entries(b)) both[key] = isTree(value) ? union(treeAt(a, key), value) : value;
  return both;
}

function treeAt(fields: Fields, key: string): Fields {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return isTree(value) ? value : {};
}

const isTree = (value: unknown): value is Fields => typeof value === "object" && value !== null;
