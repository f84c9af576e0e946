/** Errors of the API server: each is a Kubernetes `Status`, with Kubernetes' texts. */
import type { Status } from "../kube/mod.ts";
import type { FieldError } from "./resource.ts";

/** Why a request was refused: `reason` of the Status. */
export type StatusReason =
  | "AlreadyExists"
  | "BadRequest"
  | "Conflict"
  | "Expired"
  | "Forbidden"
  | "InternalError"
  | "Invalid"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "NotFound"
  | "NotImplemented"
  | "RequestEntityTooLarge"
  | "ServiceUnavailable"
  | "Timeout"
  | "Unauthorized"
  | "UnsupportedMediaType"
  /** Errors that the real server gives no reason for; the Status has none either. */
  | "Unknown";

type Details = NonNullable<Status["details"]>;

const CODES: Readonly<Record<StatusReason, number>> = {
  AlreadyExists: 409,
  BadRequest: 400,
  Conflict: 409,
  Expired: 410,
  Forbidden: 403,
  InternalError: 500,
  Invalid: 422,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  NotFound: 404,
  NotImplemented: 501,
  RequestEntityTooLarge: 413,
  ServiceUnavailable: 503,
  Timeout: 504,
  Unauthorized: 401,
  UnsupportedMediaType: 415,
  Unknown: 500,
};

/** The one error class of this module. `httpCode` and `status` are what foreign Kubernetes clients look for, too. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly reason: StatusReason;
  readonly httpCode: number;
  readonly status: Status;

  constructor(reason: StatusReason, message: string, details?: Details) {
    super(message);
    this.reason = reason;
    this.httpCode = CODES[reason];
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === "Unknown" ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code: this.httpCode,
    };
  }
}

/** What a message calls a resource. */
export interface Named {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** `deployments.apps`, or `pods` for the core group. */
export function qualifiedResource(resource: Named): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** `Deployment.apps`, or `Pod` for the core group. */
export function qualifiedKind(resource: Named): string {
  return resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
}

function detailsOf(resource: Named, name: string): Details {
  return { name, ...(resource.group === "" ? {} : { group: resource.group }), kind: resource.plural };
}

/** 404 for an object. */
export function notFound(resource: Named, name: string): ApiError {
  return new ApiError("NotFound", `${qualifiedResource(resource)} "${name}" not found`, detailsOf(resource, name));
}

/** 404 for a path, a resource or a subresource that is not served. */
export function noSuchResource(): ApiError {
  return new ApiError("NotFound", "the server could not find the requested resource", {});
}

/** 409 on create. */
export function alreadyExists(resource: Named, name: string): ApiError {
  return new ApiError(
    "AlreadyExists",
    `${qualifiedResource(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );
}

/** 409: `why` continues Kubernetes' sentence. */
export function conflict(resource: Named, name: string, why: string): ApiError {
  return new ApiError(
    "Conflict",
    `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  );
}

/** 409 of optimistic locking. */
export function modified(resource: Named, name: string): ApiError {
  return conflict(
    resource,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );
}

/** 403; `why` continues Kubernetes' sentence. */
export function forbidden(resource: Named, name: string, why: string, causes?: Details["causes"]): ApiError {
  return new ApiError("Forbidden", `${qualifiedResource(resource)} "${name}" is forbidden: ${why}`, {
    ...detailsOf(resource, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

/** 422 with one cause a field error. */
export function invalid(resource: Named, name: string, errors: readonly FieldError[]): ApiError {
  const lines = errors.map((error) => `${error.field}: ${error.message}`);
  const text = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  return new ApiError("Invalid", `${qualifiedKind(resource)} "${name}" is invalid: ${text}`, {
    ...(name === "" ? {} : { name }),
    ...(resource.group === "" ? {} : { group: resource.group }),
    ...(resource.kind === "" ? {} : { kind: resource.kind }),
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

/** 422 for the options of a request, e.g. of kind `CreateOptions`. */
export function invalidOptions(kind: string, ...errors: readonly FieldError[]): ApiError {
  return invalid({ group: "meta.k8s.io", kind, plural: "" }, "", errors);
}

/** 400. */
export function badRequest(message: string): ApiError {
  return new ApiError("BadRequest", message);
}

/** 405 for a verb that a resource does not have. */
export function methodNotAllowed(): ApiError {
  return new ApiError("MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

/** 410 of a watch or a continue token whose resourceVersion is older than the history. */
export function expired(message: string): ApiError {
  return new ApiError("Expired", message);
}

/** 501: the message says what is missing and what to do. */
export function notImplemented(message: string): ApiError {
  return new ApiError("NotImplemented", message);
}
