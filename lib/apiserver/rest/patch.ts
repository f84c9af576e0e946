/** PATCH: JSON patch, merge patch, strategic merge patch and server-side apply. */
import type { KubeObject } from "../../kube/mod.ts";
import { type Core, timestamp } from "../core.ts";
import { ApplyError } from "../apply/mod.ts";
import { cloneJson, isObject } from "../json_value.ts";
import { jsonPatch, mergePatch } from "../patch/mod.ts";
import type { ApplyConflict } from "../resource.ts";
import { ApiError, badRequest, conflict, invalid, modified, notFound } from "../status.ts";
import type { Entry } from "../storage/mod.ts";
import { asKubeObject } from "./body.ts";
import { checkLive, checkMerged } from "./foreign_owners.ts";
import { checkIdentity } from "./normalize.ts";
import type { WriteOptions } from "./options.ts";
import type { Target } from "./target.ts";
import { createObject, updateObject } from "./write.ts";

/** The formats by their media type. */
export const PATCH_TYPES = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
} as const;

/** A format of PATCH. */
export type PatchFormat = (typeof PATCH_TYPES)[keyof typeof PATCH_TYPES];

/** The state after a patch. */
export interface Patched {
  readonly entry: Entry;
  readonly created: boolean;
}

/**
 * The object after a patch that needs no field management, in the request's version.
 *
 * @throws ApiError `BadRequest`, `Invalid`
 */
export function patchedObject(
  core: Core,
  target: Target,
  live: KubeObject,
  format: Exclude<PatchFormat, "apply">,
  patch: unknown,
): KubeObject {
  switch (format) {
    case "json":
      return asKubeObject(jsonPatch(live, patch));
    case "merge":
      if (!isObject(patch)) throw badRequest("error decoding patch: a merge patch is a JSON object");
      return asKubeObject(cloneJson(mergePatch(live, patch)));
    case "strategic":
      if (!isObject(patch)) throw badRequest("error decoding patch: a strategic merge patch is a JSON object");
      return asKubeObject(cloneJson(core.fields.strategicMerge(target.version.schema(), live, patch)));
  }
}

/**
 * Patches an object that exists.
 *
 * @throws ApiError `NotFound` and whatever an update throws
 */
export function patchObject(
  core: Core,
  target: Target,
  format: Exclude<PatchFormat, "apply">,
  patch: unknown,
  options: WriteOptions,
): Patched {
  const { served, version, namespace, name = "" } = target;
  const live = core.store.get(served.resource, namespace, name);
  if (live === undefined) throw notFound(served, name);
  const next = patchedObject(core, target, served.view(version, live), format, patch);
  const text = JSON.stringify(format === "strategic" ? patch : next);
  try {
    return { entry: updateObject(core, target, live, next, options).entry, created: false };
  } catch (error) {
    throw undecodablePatch(error, text);
  }
}

/** What a create refuses as undecodable (400) is an invalid patch (422) when a patch made it. */
function undecodablePatch(error: unknown, text: string): unknown {
  if (!(error instanceof ApiError)) return error;
  const [, why] = / cannot be handled as a \w+: (.*)$/s.exec(error.message) ?? [];
  if (error.reason !== "BadRequest" || why === undefined) return error;
  const message = `Invalid value: ${JSON.stringify(text)}: ${why}`;
  return invalid({ group: "", kind: "", plural: "" }, "", [{ reason: "FieldValueInvalid", field: "patch", message }]);
}

/**
 * Server-side apply: creates the object or merges the configuration into it.
 *
 * @throws ApiError `Conflict` with one cause a field that another manager owns, and whatever a write throws
 */
export function applyObject(
  core: Core,
  target: Target,
  config: KubeObject,
  options: WriteOptions,
  force: boolean,
): Patched {
  const { served, version, namespace, name = "", subresource } = target;
  // On a copy: the configuration is not to say more than it does.
  checkIdentity(target, { ...config, metadata: { ...config.metadata } });
  const live = core.store.get(served.resource, namespace, name);
  if (live === undefined && subresource !== undefined) throw notFound(served, name);
  const old = live === undefined ? undefined : served.view(version, live);
  checkConfigIdentity(target, config, old);
  const { object, conflicts } = mergeConfig(core, target, old, config, options, force);
  if (conflicts.length > 0) throw applyConflict(conflicts, old);
  // The merge may share parts with the live object, and what follows writes in place.
  const merged = cloneJson(object);
  const managed = merged.metadata.managedFields ?? [];
  if (live === undefined) return { entry: createObject(core, target, merged, options, managed), created: true };
  return { entry: updateObject(core, target, live, merged, options, { managed }).entry, created: false };
}

function mergeConfig(
  core: Core,
  target: Target,
  live: KubeObject | undefined,
  config: KubeObject,
  { manager }: WriteOptions,
  force: boolean,
): ReturnType<Core["fields"]["apply"]> {
  const { version, subresource } = target;
  checkLive(target, live);
  try {
    const merged = core.fields.apply({
      schema: version.schema(),
      live,
      config: keepOwnPart(target, config),
      manager,
      force,
      now: timestamp(),
      ...(subresource === undefined ? {} : { subresource }),
    });
    checkMerged(target, live, merged.object, manager);
    return merged;
  } catch (error) {
    throw applyFailure(error);
  }
}

/** Leaves in place only what may be applied here: the status of a kind with that subresource is not the main resource's. */
function keepOwnPart({ version, subresource }: Target, config: KubeObject): KubeObject {
  if (subresource === "status") {
    const { apiVersion, kind, metadata, status } = config;
    const { name, namespace } = metadata;
    return { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace }, status };
  }
  if (version.status) delete config.status;
  return config;
}

/** The field manager's errors as Statuses: a configuration that does not fit its schema is a server error, as in Kubernetes. */
function applyFailure(error: unknown): unknown {
  if (!(error instanceof ApplyError)) return error;
  return error.reason === "BadRequest" ? badRequest(error.message) : new ApiError("Unknown", error.message);
}

function checkConfigIdentity({ served }: Target, config: KubeObject, old: KubeObject | undefined): void {
  const { uid, resourceVersion, name } = config.metadata;
  if (uid && uid !== old?.metadata.uid) {
    if (old === undefined) {
      throw conflict(
        served,
        name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    }
    throw conflict(
      served,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (old !== undefined && resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
    throw modified(served, name);
  }
  delete (config.metadata as { uid?: string }).uid;
  delete config.metadata.resourceVersion;
}

/** 409 with Kubernetes' text. */
function applyConflict(conflicts: readonly ApplyConflict[], live: KubeObject | undefined): ApiError {
  const [only] = conflicts;
  const text = conflicts.length === 1 && only !== undefined
    ? `1 conflict: conflict with ${ownerText(only, live)}: ${only.field}`
    : `${conflicts.length} conflicts: ${conflictList(conflicts, live)}`;
  return new ApiError("Conflict", `Apply failed with ${text}`, {
    causes: conflicts.map((entry) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${ownerText(entry, live)}`,
      field: entry.field,
    })),
  });
}

function conflictList(conflicts: readonly ApplyConflict[], live: KubeObject | undefined): string {
  const byOwner = Map.groupBy(conflicts, (entry) => ownerText(entry, live));
  return [...byOwner.keys()].sort().map((owner) =>
    [`conflicts with ${owner}:`, ...(byOwner.get(owner) ?? []).map((entry) => `- ${entry.field}`)].join("\n")
  ).join("\n");
}

/** Appliers are called by their name, updaters also by the version that they wrote. */
function ownerText({ manager, apiVersion, subresource }: ApplyConflict, live: KubeObject | undefined): string {
  const entry = live?.metadata.managedFields?.find((field) =>
    field.manager === manager && field.apiVersion === apiVersion && (field.subresource || undefined) === subresource
  );
  const named = `"${manager}"${subresource === undefined ? "" : ` with subresource "${subresource}"`}`;
  if (entry?.operation === "Apply") return named;
  return `${named} using ${apiVersion}`;
}
