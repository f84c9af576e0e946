/** `metadata.managedFields`: who owns what. */
import type { ManagedFieldsEntry } from "../../kube/mod.ts";
import { decodeFields, encodeFields, type FieldSet } from "./field_set.ts";

/** One owner. Time is RFC 3339; absent when it is not known. */
export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Owners by identity. */
export type Managers = Map<string, Manager>;

/** Update managers beyond this number are merged, the oldest first. */
const MOST_UPDATE_MANAGERS = 10;
const ANCIENT = "ancient-changes";

/** What tells managers apart. An applier keeps its identity when it moves to another version. */
export function identityOf({ manager, operation, apiVersion, subresource }: Omit<Manager, "fields" | "time">): string {
  return JSON.stringify([manager, operation, operation === "Apply" ? "" : apiVersion, subresource]);
}

/** Reads `managedFields`; entries that are none are left out. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  const managers: Managers = new Map();
  for (const entry of entries ?? []) {
    if (entry?.fieldsV1 === undefined) continue;
    const manager: Manager = {
      manager: entry.manager ?? "",
      operation: entry.operation ?? "Update",
      apiVersion: entry.apiVersion ?? "",
      subresource: entry.subresource ?? "",
      time: entry.time,
      fields: decodeFields(entry.fieldsV1),
    };
    managers.set(identityOf(manager), manager);
  }
  return managers;
}

/** Writes `managedFields` in the real server's order: appliers first, then by age, then by name. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()].filter(({ fields }) => !fields.empty).sort(order).map((manager) => ({
    manager: manager.manager,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time === undefined ? {} : { time: manager.time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(manager.fields),
    ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
  }));
}

function seconds({ time }: Manager): number {
  const parsed = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(parsed) ? 0 : Math.floor(parsed / 1000);
}

function order(left: Manager, right: Manager): number {
  return text(left.operation, right.operation) || seconds(left) - seconds(right) || text(left.manager, right.manager) ||
    text(left.apiVersion, right.apiVersion) || text(left.subresource, right.subresource);
}

function text(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Merges the oldest update managers into one a version while there are too many. */
export function capUpdateManagers(managers: Managers): void {
  const updaters = [...managers].filter(([, manager]) => manager.operation === "Update")
    .sort(([a, left], [b, right]) => seconds(left) - seconds(right) || text(a, b));
  const firstOfVersion = new Map<string, string>();
  let excess = updaters.length - MOST_UPDATE_MANAGERS;
  for (const [identity, manager] of updaters) {
    if (excess <= 0) return;
    const { apiVersion } = manager;
    const bucket = { manager: ANCIENT, operation: "Update", apiVersion, subresource: "" } as const;
    const bucketIdentity = identityOf(bucket);
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, identity);
      continue;
    }
    const kept = managers.get(bucketIdentity) ?? managers.get(first);
    if (!managers.has(bucketIdentity)) managers.delete(first);
    managers.delete(identity);
    const fields = kept === undefined ? manager.fields : manager.fields.union(kept.fields);
    managers.set(bucketIdentity, { ...bucket, time: manager.time, fields });
    excess--;
  }
}
