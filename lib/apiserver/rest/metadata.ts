/** `metadata`: its shape, its rules, and what the server alone may write. */
import type { KubeObject, ObjectMeta } from "../../kube/mod.ts";
import { equalJson, isObject } from "../json_value.ts";
import type { ServedKind } from "../registry.ts";
import type { FieldError } from "../resource.ts";
import { labelValueErrors, nameErrors, qualifiedNameErrors } from "../schema/mod.ts";
import { badRequest } from "../status.ts";

type Shape = "string" | "number" | "object" | "strings" | "objects";

const FIELDS: Readonly<Record<string, Shape>> = {
  name: "string",
  generateName: "string",
  namespace: "string",
  selfLink: "string",
  uid: "string",
  resourceVersion: "string",
  generation: "number",
  creationTimestamp: "string",
  deletionTimestamp: "string",
  deletionGracePeriodSeconds: "number",
  labels: "object",
  annotations: "object",
  ownerReferences: "objects",
  finalizers: "strings",
  managedFields: "objects",
};

const GO_TYPES: Readonly<Record<Shape, string>> = {
  string: "string",
  number: "int64",
  object: "map[string]string",
  strings: "[]string",
  objects: "[]object",
};

/**
 * Removes in place what is no field of `metadata`, and nulls.
 *
 * @returns Paths of what was unknown.
 * @throws ApiError `BadRequest` for a field of the wrong type, as decoding fails in the real server.
 */
export function normalizeMetadata(object: KubeObject): string[] {
  const unknown: string[] = [];
  const metadata: Record<string, unknown> = { ...object.metadata };
  for (const [field, value] of Object.entries(metadata)) {
    const shape = FIELDS[field];
    if (shape === undefined) unknown.push(`metadata.${field}`);
    if (shape === undefined || value === null || value === undefined) delete metadata[field];
    else if (!hasShape(value, shape)) throw wrongType(object, field, value, shape);
  }
  object.metadata = metadata as unknown as ObjectMeta;
  return unknown;
}

function hasShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "object":
      return isObject(value) && Object.values(value).every((item) => typeof item === "string");
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "objects":
      return Array.isArray(value) && value.every(isObject);
  }
}

function wrongType(object: KubeObject, field: string, value: unknown, shape: Shape): Error {
  const inner = shape === "object" && isObject(value)
    ? Object.values(value).find((item) => typeof item !== "string")
    : value;
  const got = Array.isArray(inner)
    ? "array"
    : inner === null
    ? "null"
    : typeof inner === "boolean"
    ? "bool"
    : typeof inner;
  const wanted = inner === value ? GO_TYPES[shape] : "string";
  return badRequest(
    `${object.kind} in version "${object.apiVersion.split("/").at(-1)}" cannot be handled as a ${object.kind}: ` +
      `json: cannot unmarshal ${got} into Go struct field ObjectMeta.metadata.${field} of type ${wanted}`,
  );
}

/** Bytes that all annotations of an object may have together. */
const MAX_ANNOTATIONS = 256 * 1024;

/** The rules of `metadata`, the same for every kind. */
export function checkMetadata(served: ServedKind, { metadata }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (field: string, value: unknown, why: string) =>
    errors.push({
      reason: "FieldValueInvalid",
      field: `metadata.${field}`,
      message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    });
  for (const why of nameProblems(served, metadata.name)) refuse("name", metadata.name, why);
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    for (const why of qualifiedNameErrors(key)) refuse("labels", key, why);
    for (const why of labelValueErrors(value)) refuse("labels", value, why);
  }
  let size = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    // Annotation keys differ from label keys in that case does not count in their prefix.
    for (const why of qualifiedNameErrors(key.toLowerCase())) refuse("annotations", key, why);
    size += key.length + value.length;
  }
  if (size > MAX_ANNOTATIONS) {
    errors.push({
      reason: "FieldValueTooLong",
      field: "metadata.annotations",
      message: `Too long: may not be more than ${MAX_ANNOTATIONS} bytes`,
    });
  }
  (metadata.finalizers ?? []).forEach((finalizer, index) => {
    for (const why of finalizerProblems(served, finalizer)) refuse(`finalizers[${index}]`, finalizer, why);
  });
  checkOwners(metadata, errors);
  return errors;
}

/** Kinds of access control are named by path segments, all others by DNS names. */
function nameProblems(served: ServedKind, name: string): string[] {
  if (served.group !== "rbac.authorization.k8s.io") {
    return nameErrors(served.resource === "/namespaces" ? "label" : "subdomain", name);
  }
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

const STANDARD_FINALIZERS: readonly string[] = ["foregroundDeletion", "kubernetes", "orphan"];

/** Built-in kinds want a finalizer to say whose it is; custom resources do not, and their finalizers are often bare domains. */
function finalizerProblems({ definition }: ServedKind, finalizer: string): string[] {
  const problems = qualifiedNameErrors(finalizer);
  if (
    problems.length > 0 || definition.origin === "crd" || finalizer.includes("/") ||
    STANDARD_FINALIZERS.includes(finalizer)
  ) return problems;
  return ["name is neither a standard finalizer name nor is it fully qualified"];
}

function checkOwners(metadata: ObjectMeta, errors: FieldError[]): void {
  for (const owner of metadata.ownerReferences ?? []) {
    for (const field of ["apiVersion", "kind", "name", "uid"] as const) {
      if (typeof owner[field] === "string" && owner[field] !== "") continue;
      errors.push({
        reason: "FieldValueInvalid",
        // Without the index, as the real server has it.
        field: `metadata.ownerReferences.${field}`,
        message: `Invalid value: "": ${field === "apiVersion" ? "version must not be empty" : "must not be empty"}`,
      });
    }
  }
  const controllers = (metadata.ownerReferences ?? []).filter((owner) => owner.controller === true);
  if (controllers.length > 1) {
    errors.push({
      reason: "FieldValueInvalid",
      field: "metadata.ownerReferences",
      message: `Invalid value: ${
        JSON.stringify(metadata.ownerReferences)
      }: Only one reference can have Controller set to true`,
    });
  }
}

/** Rules between two states of one object. */
export function checkMetadataUpdate(next: KubeObject, live: KubeObject): FieldError[] {
  const before = live.metadata.finalizers ?? [];
  const added = (next.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  if (live.metadata.deletionTimestamp === undefined || added.length === 0) return [];
  return [{
    reason: "FieldValueForbidden",
    field: "metadata.finalizers",
    message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${
      added.map((finalizer) => JSON.stringify(finalizer)).join(", ")
    }}`,
  }];
}

/** What a client cannot change: put back in place from the live object. */
export function keepServerFields(next: KubeObject, live: KubeObject): void {
  const { metadata } = next;
  for (
    const field of [
      "uid",
      "creationTimestamp",
      "deletionTimestamp",
      "deletionGracePeriodSeconds",
      "generation",
      "generateName",
    ] as const
  ) {
    const value = live.metadata[field];
    if (value === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: value });
  }
  delete (metadata as { selfLink?: string }).selfLink;
}

/** Drops empty maps and lists that decoding into the real server's structs would drop as well. */
export function dropEmptyMetadata({ metadata }: KubeObject): void {
  for (const field of ["labels", "annotations", "finalizers", "ownerReferences", "managedFields"] as const) {
    const value = metadata[field];
    if (value !== undefined && Object.keys(value).length === 0) delete metadata[field];
  }
}

/** Whether two states are the same but for the revision and the times in `managedFields`. */
export function sameObject(next: KubeObject, live: KubeObject): boolean {
  return equalJson(comparable(next), comparable(live));
}

function comparable(object: KubeObject): unknown {
  const { resourceVersion: _, managedFields, ...metadata } = object.metadata;
  return { ...object, metadata, managedFields: managedFields?.map(({ time: _, ...entry }) => entry) ?? [] };
}
