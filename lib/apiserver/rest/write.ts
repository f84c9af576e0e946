/** Creating and updating: what happens to an object between the request and the store. Synchronous, hence atomic. */
import type { KubeObject, ManagedFieldsEntry } from "../../kube/mod.ts";
import { type AdmissionRequest, type Core, timestamp } from "../core.ts";
import { cloneJson } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { alreadyExists, ApiError, conflict, invalid, methodNotAllowed, modified } from "../status.ts";
import { type Entry, entryKey } from "../storage/mod.ts";
import { losesOwners } from "./foreign_owners.ts";
import { hasGeneration, nextGeneration } from "./generation.ts";
import { dropEmptyMetadata, keepServerFields, sameObject } from "./metadata.ts";
import { checkIdentity, fitSchema, refuse, validate } from "./normalize.ts";
import type { WriteOptions } from "./options.ts";
import type { Target } from "./target.ts";

const NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** `generateName` plus five letters that form no words. */
function generatedName(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return prefix.slice(0, 58) + Array.from(bytes, (byte) => NAME_ALPHABET[byte % NAME_ALPHABET.length]).join("");
}

/**
 * Creates an object, which the caller gives up.
 *
 * @param managed `managedFields` that a server-side apply computed; otherwise the whole object is the manager's.
 * @throws ApiError `AlreadyExists`, `BadRequest`, `Forbidden`, `Invalid`, `MethodNotAllowed`
 */
export function createObject(
  core: Core,
  target: Target,
  object: KubeObject,
  options: WriteOptions,
  managed?: readonly ManagedFieldsEntry[],
): Entry {
  const { served, version } = target;
  if (!served.accepting) throw methodNotAllowed();
  checkIdentity(target, object);
  fitSchema(core, target, object, options);
  beginMetadata(target, object);
  const request = admission(target, "CREATE", object, undefined, options);
  for (const gate of core.gates) gate(request, options.warnings);
  if (version.status) delete object.status;
  object.metadata.managedFields = managed === undefined
    ? core.fields.updated({
      schema: version.schema(),
      live: undefined,
      next: object,
      manager: options.manager,
      now: timestamp(),
      ...subresourceOf(target),
    })
    : [...managed];
  dropEmptyMetadata(object);
  validate(core, target, object, undefined);
  const stored = served.toStored(version, cloneJson(object));
  served.definition.prepare?.(stored, undefined);
  refuse(target, stored, served.definition.check?.(stored, undefined) ?? []);
  if (core.store.get(served.resource, stored.metadata.namespace, stored.metadata.name) !== undefined) {
    throw alreadyExists(served, stored.metadata.name);
  }
  admit(core, { ...request, object: viewOf(target, stored) }, options);
  return options.dryRun ? unstored(stored) : core.store.put(served.resource, stored);
}

function beginMetadata(target: Target, object: KubeObject): void {
  const { metadata } = object;
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== "") {
    throw new ApiError("Unknown", "resourceVersion should not be set on objects to be created");
  }
  if (!metadata.name && metadata.generateName) metadata.name = generatedName(metadata.generateName);
  if (!metadata.name) {
    throw invalid(target.served, "", [{
      reason: "FieldValueRequired",
      field: "metadata.name",
      message: "Required value: name or generateName is required",
    }]);
  }
  delete metadata.resourceVersion;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.managedFields;
  metadata.uid = crypto.randomUUID();
  metadata.creationTimestamp = timestamp();
  if (hasGeneration(target.served)) metadata.generation = 1;
  else delete metadata.generation;
}

/** Options of {@linkcode updateObject} beside those of every write. */
export interface UpdateOptions {
  /** `managedFields` that a server-side apply computed. */
  readonly managed?: readonly ManagedFieldsEntry[];
  /** Refuse an object without `resourceVersion`, as a PUT of a custom resource is. */
  readonly needsRevision?: boolean;
}

/** The state after an update. */
export interface Updated {
  readonly entry: Entry;
  /** The last finalizer went, and the object with it. */
  readonly gone: boolean;
}

/**
 * Replaces the live object by `next`, which the caller gives up. Nothing is written when nothing changes.
 *
 * @param next In the request's version. A status subresource takes its status only; the main resource all but the status.
 * @throws ApiError `BadRequest`, `Conflict`, `Forbidden`, `Invalid`
 */
export function updateObject(
  core: Core,
  target: Target,
  live: Entry,
  next: KubeObject,
  options: WriteOptions,
  update: UpdateOptions = {},
): Updated {
  const { served, version } = target;
  const old = served.view(version, live);
  checkIdentity(target, next);
  checkPreconditions(target, next, old, update);
  fitSchema(core, target, next, options);
  keepServerFields(next, old);
  const object = onlyOwnPart(target, next, old);
  object.metadata.managedFields = update.managed === undefined
    ? managedAfter(core, target, old, object, options)
    : [...update.managed];
  dropEmptyMetadata(object);
  setGeneration(target, object, old);
  validate(core, target, object, old);
  const stored = served.toStored(version, cloneJson(object));
  served.definition.prepare?.(stored, live.object);
  refuse(target, stored, served.definition.check?.(stored, live.object) ?? []);
  const view = viewOf(target, stored);
  admit(core, admission(target, "UPDATE", view, old, options), options);
  if (sameObject(view, old)) return { entry: live, gone: false };
  if (options.dryRun) return { entry: unstored(stored), gone: false };
  return storeUpdated(core, served.resource, live, stored);
}

/** Stores a changed object, or removes it when it was only waiting for its last finalizer. */
export function storeUpdated(core: Core, resource: string, live: Entry, stored: KubeObject): Updated {
  if (!isFinished(stored)) return { entry: core.store.put(resource, stored), gone: false };
  return { entry: core.store.remove(resource, live, stored), gone: true };
}

/** Whether an object that is being deleted has nothing left to wait for. */
export function isFinished({ metadata, kind, apiVersion, spec }: KubeObject): boolean {
  if (metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length > 0) return false;
  if (kind !== "Namespace" || apiVersion !== "v1") return true;
  const { finalizers = [] } = (spec ?? {}) as { finalizers?: readonly string[] };
  return finalizers.length === 0;
}

function checkPreconditions(target: Target, next: KubeObject, old: KubeObject, update: UpdateOptions): void {
  const { served } = target;
  const { metadata } = next;
  const { name } = old.metadata;
  if (!metadata.resourceVersion && update.needsRevision === true) {
    const error: FieldError = {
      reason: "FieldValueInvalid",
      field: "metadata.resourceVersion",
      message: "Invalid value: 0: must be specified for an update",
    };
    // The real server names the resource here, not the kind.
    throw invalid({ ...served, kind: served.plural }, name, [error]);
  }
  if (metadata.uid && metadata.uid !== old.metadata.uid) {
    throw conflict(
      served,
      name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion) {
    throw modified(served, name);
  }
  metadata.resourceVersion = old.metadata.resourceVersion ?? "";
}

/** The live object with that part replaced which the resource or subresource may write. */
function onlyOwnPart(target: Target, next: KubeObject, old: KubeObject): KubeObject {
  if (target.subresource === "status") {
    const object = cloneJson(old);
    object.metadata.managedFields = next.metadata.managedFields ?? [];
    if (next.status === undefined) delete object.status;
    else object.status = next.status;
    return object;
  }
  if (target.version.status) {
    if (old.status === undefined) delete next.status;
    else next.status = cloneJson(old.status);
  }
  return next;
}

/**
 * `managedFields` after an update.
 *
 * A client that sends them back edited is believed: `[]` or `[{}]` clears them, other entries replace those of the live object.
 */
function managedAfter(
  core: Core,
  target: Target,
  old: KubeObject,
  object: KubeObject,
  options: WriteOptions,
): ManagedFieldsEntry[] {
  const given = object.metadata.managedFields;
  const cleared = given !== undefined && given.every((entry) => Object.keys(entry).length === 0);
  if (cleared && (old.metadata.managedFields ?? []).length > 0 && target.subresource === undefined) return [];
  const managedFields = given === undefined || cleared ? old.metadata.managedFields ?? [] : given;
  if (losesOwners(target, managedFields, old, object)) return [];
  return core.fields.updated({
    schema: target.version.schema(),
    live: { ...old, metadata: { ...old.metadata, managedFields } },
    next: object,
    manager: options.manager,
    now: timestamp(),
    ...subresourceOf(target),
  });
}

function subresourceOf({ subresource }: Target): { subresource?: string } {
  return subresource === undefined ? {} : { subresource };
}

function setGeneration({ served, version }: Target, object: KubeObject, old: KubeObject): void {
  const generation = nextGeneration(served, version, object, old);
  if (generation === undefined) delete object.metadata.generation;
  else object.metadata.generation = generation;
}

/** The stored form as the request's version shows it. */
function viewOf({ served, version }: Target, stored: KubeObject): KubeObject {
  return served.view(version, unstored(stored));
}

/** An entry that is in no collection: of a dry run, or on its way in. */
function unstored(object: KubeObject): Entry {
  const { namespace, name } = object.metadata;
  return { key: entryKey(namespace, name), namespace, name, revision: Infinity, object };
}

/** What admission is asked. */
export function admission(
  target: Target,
  operation: AdmissionRequest["operation"],
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
  options: WriteOptions,
): AdmissionRequest {
  const { served, version, namespace, subresource } = target;
  const name = (object ?? oldObject)?.metadata.name ?? "";
  const { user, dryRun } = options;
  return { operation, served, version, subresource, namespace, name, object, oldObject, user, dryRun };
}

/** Asks admission. @throws ApiError as it pleases */
export function admit(core: Core, request: AdmissionRequest, options: WriteOptions): void {
  for (const ask of core.admissions) ask(request, options.warnings);
}
