/** Field validation, pruning, defaulting and validation of an object that comes in. */
import type { Core } from "../core.ts";
import type { KubeObject } from "../../kube/mod.ts";
import type { FieldError } from "../resource.ts";
import { apiVersionOf } from "../registry.ts";
import { ApiError, badRequest, invalid } from "../status.ts";
import { checkMetadata, checkMetadataUpdate, normalizeMetadata } from "./metadata.ts";
import type { WriteOptions } from "./options.ts";
import type { Target } from "./target.ts";

/**
 * Checks that an object is what the URL says.
 *
 * @throws ApiError `BadRequest`
 */
export function checkIdentity(target: Target, object: KubeObject): void {
  const { served, version, namespace, name } = target;
  const apiVersion = apiVersionOf(served.group, version.name);
  if (served.definition.origin === "builtin" && (object.apiVersion !== apiVersion || object.kind !== served.kind)) {
    throw badRequest(
      `${object.kind} in version "${object.apiVersion}" cannot be handled as a ${served.kind}: ` +
        `no kind "${object.kind}" is registered for version "${object.apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  if (object.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (object.kind !== served.kind) {
    const message = `Invalid value: "${object.kind}": must be ${served.kind}`;
    throw invalid({ ...served, kind: object.kind }, object.metadata.name ?? "", [
      { reason: "FieldValueInvalid", field: "kind", message },
    ]);
  }
  const { metadata } = object;
  if (!served.namespaced) delete metadata.namespace;
  else if (namespace === undefined) throw badRequest("an empty namespace may not be set during creation");
  else if (metadata.namespace === undefined || metadata.namespace === "") metadata.namespace = namespace;
  else if (metadata.namespace !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (name !== undefined && metadata.name !== undefined && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (name !== undefined) metadata.name = name;
}

/**
 * Makes an object fit its schema in place: unknown fields go, defaults come.
 *
 * @throws ApiError `BadRequest` for unknown fields under `fieldValidation=Strict`.
 */
export function fitSchema(core: Core, target: Target, object: KubeObject, options: WriteOptions): void {
  const unknown = normalizeMetadata(object);
  const schema = target.version.schema();
  if (schema !== undefined) unknown.push(...core.engine.prune(schema, object));
  reportUnknown(target, unknown, options);
  if (schema !== undefined) core.engine.applyDefaults(schema, object);
}

function reportUnknown(target: Target, unknown: readonly string[], options: WriteOptions): void {
  if (unknown.length === 0 || options.validation === "Ignore") return;
  const texts = unknown.map((path) => `unknown field "${path.replace(/^\./, "")}"`);
  if (options.validation === "Warn") {
    options.warnings.push(...texts);
    return;
  }
  const { kind } = target.served;
  throw badRequest(
    `${kind} in version "${target.version.name}" cannot be handled as a ${kind}: strict decoding error: ${
      texts.join(", ")
    }`,
  );
}

/**
 * Validates what is about to be stored.
 *
 * A value of the wrong JSON type in a built-in kind fails like a failed decoding (400), as in the real server.
 *
 * @param object In the request's version.
 * @param old The same, before; absent on create.
 * @throws ApiError `Invalid`, `BadRequest`
 */
export function validate(core: Core, target: Target, object: KubeObject, old: KubeObject | undefined): void {
  const { served, version } = target;
  const schema = version.schema();
  const structural = schema === undefined ? [] : core.engine.validate(schema, object, old);
  const mistyped = structural.filter((error) => error.reason === "FieldValueTypeInvalid");
  if (served.definition.origin === "builtin" && mistyped.length > 0) throw undecodable(target, mistyped);
  refuse(target, object, [
    ...checkMetadata(served, object),
    ...(old === undefined ? [] : checkMetadataUpdate(object, old)),
    ...structural,
  ]);
}

/** Throws where there are errors. @throws ApiError `Invalid` */
export function refuse(target: Target, object: KubeObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(target.served, object.metadata.name, errors);
}

function undecodable(target: Target, errors: readonly FieldError[]): ApiError {
  const { kind } = target.served;
  const texts = errors.map((error) => `${error.field}: ${error.message}`);
  return badRequest(`${kind} in version "${target.version.name}" cannot be handled as a ${kind}: ${texts.join(", ")}`);
}
