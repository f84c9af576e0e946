/**
 * Owners that wrote another version of a custom kind than the request's.
 *
 * To compare what they own, the real server reads the whole object by the schema of their version. An object may have
 * outgrown that schema, since conversion `None` changes nothing but `apiVersion`. Then server-side apply fails, and any
 * other write goes through but loses all of `managedFields`.
 */
import type { KubeObject, ManagedFieldsEntry } from "../../kube/mod.ts";
import { typedErrors } from "../apply/mod.ts";
import { ApiError } from "../status.ts";
import type { Target } from "./target.ts";

interface Misfit {
  readonly owner: ManagedFieldsEntry;
  readonly problem: string;
}

/** Whether ownership cannot be told for a write other than apply. */
export function losesOwners(
  target: Target,
  owners: readonly ManagedFieldsEntry[],
  old: KubeObject,
  next: KubeObject,
): boolean {
  if (!hasVersions(target)) return false;
  return problemAt(target.version, old) !== undefined || misfit(target, owners, old) !== undefined ||
    misfit(target, owners, next) !== undefined;
}

/** @throws ApiError where the live object does not fit the request's version. */
export function checkLive(target: Target, live: KubeObject | undefined): void {
  if (live === undefined || !hasVersions(target)) return;
  const problem = problemAt(target.version, live);
  if (problem === undefined) return;
  const { namespace = "", name } = live.metadata;
  const what = `${namespace}/${name}; ${live.apiVersion}, Kind=${live.kind}`;
  throw new ApiError("Unknown", `failed to create typed live object (${what}): ${problem}`);
}

/** @throws ApiError where the merged object does not fit the version of an owner. */
export function checkMerged(target: Target, live: KubeObject | undefined, merged: KubeObject, manager: string): void {
  const owners = live?.metadata.managedFields ?? [];
  if (!hasVersions(target)) return;
  const found = misfit(target, owners, merged);
  if (found === undefined) return;
  const applied = (owner: ManagedFieldsEntry) =>
    owner.manager === manager && owner.operation === "Apply" && owner.subresource === target.subresource;
  throw new ApiError("Unknown", `${failure(found.owner, applied, owners)}: ${found.problem}`);
}

function failure(
  owner: ManagedFieldsEntry,
  applied: (owner: ManagedFieldsEntry) => boolean,
  owners: readonly ManagedFieldsEntry[],
): string {
  if (applied(owner)) return "failed to prune fields: failed to convert merged object to last applied version";
  if (!owners.some(applied)) return "failed to convert new object";
  return `failed to prune fields: failed add back owned items: failed to convert merged object at version ${owner.apiVersion}`;
}

function hasVersions({ served }: Target): boolean {
  return served.definition.origin === "crd" && served.definition.versions.length > 1;
}

/** The first owner at another version whose schema does not fit the object. */
function misfit(
  { served, version }: Target,
  owners: readonly ManagedFieldsEntry[],
  object: KubeObject,
): Misfit | undefined {
  for (const owner of owners) {
    const other = served.definition.versions.find((each) => served.apiVersion(each) === owner.apiVersion);
    if (other === undefined || other.name === version.name) continue;
    const problem = problemAt(other, object);
    if (problem !== undefined) return { owner, problem };
  }
  return undefined;
}

function problemAt(version: Target["version"], object: KubeObject): string | undefined {
  const { managedFields: _, ...metadata } = object.metadata;
  return typedErrors(version.schema(), { ...object, metadata })[0];
}
