/** The one error of this folder. */
import type { KubeRequest } from "./transport.ts";
import type { Status } from "./types.ts";

/** Why a call failed, as the API server names it in `Status.reason`. */
export type StatusReason =
  | "AlreadyExists"
  | "BadRequest"
  | "Conflict"
  | "Expired"
  | "Forbidden"
  | "Gone"
  | "InternalError"
  | "Invalid"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "NotFound"
  | "RequestEntityTooLarge"
  | "ServerTimeout"
  | "ServiceUnavailable"
  | "Timeout"
  | "TooManyRequests"
  | "Unauthorized"
  | "UnsupportedMediaType";

/** Why a call failed before the API server gave an answer that could be understood. */
export type ClientReason =
  /** The caller's signal aborted the call. */
  | "Aborted"
  /** No whole answer before the deadline. */
  | "Deadline"
  /** The configuration asks for something that this client refuses to do halfway. */
  | "Unsupported"
  /** An answer that is no Kubernetes answer. */
  | "Malformed"
  /** No connection, or a connection that broke. */
  | "Network"
  /** No credentials: a token file that is gone, an exec plugin that failed. */
  | "Credentials"
  /** A write by a process that does not lead (any more). */
  | "NotLeading";

/** A closed list to switch over, open for the reasons that admission webhooks invent. */
export type KubeErrorReason = StatusReason | ClientReason | (string & Record<never, never>);

/** One entry of `Status.details.causes`. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What a {@linkcode KubeError} is made of. */
export interface KubeErrorInit {
  readonly reason: KubeErrorReason;
  /** HTTP status; 0 where there was no answer. */
  readonly code?: number;
  readonly causes?: readonly StatusCause[];
  /** ms that the server asked to wait. */
  readonly retryAfter?: number | undefined;
  readonly status?: Status | undefined;
  readonly cause?: unknown;
}

/** A call to the API server that failed. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  /** HTTP status; 0 where there was no answer. */
  readonly code: number;
  readonly reason: KubeErrorReason;
  /** Field errors of an `Invalid` answer, owners of the fields of a `Conflict` answer. */
  readonly causes: readonly StatusCause[];
  /** ms that the server asked to wait before the next try. */
  readonly retryAfter: number | undefined;
  /** The server's answer where it sent one. */
  readonly status: Status | undefined;

  constructor(message: string, init: KubeErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code ?? 0;
    this.reason = init.reason;
    this.causes = init.causes ?? init.status?.details?.causes ?? [];
    this.retryAfter = init.retryAfter;
    this.status = init.status;
  }
}

/** Whether `error` is a {@linkcode KubeError}, with one of `reasons` where given. */
export function isKubeError(error: unknown, ...reasons: KubeErrorReason[]): error is KubeError {
  return error instanceof KubeError && (reasons.length === 0 || reasons.includes(error.reason));
}

/**
 * Whether the server is just filling the cache of a resource, as kube-apiserver does for some milliseconds after a CRD is
 * established. It asks for a second of patience then, which is far more than that takes.
 */
export function isInitializing(error: KubeError): boolean {
  return error.code === 429 && /storage is \(re\)initializing/.test(error.message);
}

/** Whether a value that came off the wire is a failure `Status`, whatever HTTP status carried it. */
export function isFailureStatus(value: unknown): value is Status {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "Status" &&
    "status" in value && value.status === "Failure";
}

const REASON_OF_CODE: Readonly<Record<number, StatusReason>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** What a call was about, in words for messages: `patch deployments.apps "web" in namespace "demo"`. */
export type Subject = string;

/** The error of a failure `Status`. `what` names the call. */
export function fromStatus(what: Subject, status: Status, code: number, retryAfter?: number): KubeError {
  const realCode = status.code ?? code;
  const reason = status.reason || REASON_OF_CODE[realCode] || "InternalError";
  const seconds = status.details?.retryAfterSeconds;
  return new KubeError(
    `Cannot ${what}: ${realCode} ${reason}: ${status.message || "the server gave no message"}${
      remedy(reason, status.message)
    }`,
    { reason, code: realCode, status, retryAfter: retryAfter ?? (seconds ? seconds * 1000 : undefined) },
  );
}

/** The error of an error answer whose body is no `Status`, e.g. a proxy's page or `404 page not found`. */
export function fromText(what: Subject, code: number, text: string, retryAfter?: number): KubeError {
  const reason = REASON_OF_CODE[code] ?? (code >= 500 ? "InternalError" : "Malformed");
  const excerpt = text.trim().slice(0, 200) || "the answer has no body";
  return new KubeError(`Cannot ${what}: ${code} ${reason}: ${excerpt}${remedy(reason, text)}`, {
    reason,
    code,
    retryAfter,
  });
}

function remedy(reason: string, message: string | undefined): string {
  if (reason === "Forbidden") return `: ${missingRule(message ?? "")}`;
  if (reason === "Unauthorized") return ": check the credentials of the current context";
  return "";
}

/** How Kubernetes' authorizers say what is missing. */
const CANNOT =
  /cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)"| at the cluster scope)?/;

/** The rule to add, as YAML that can be pasted into a Role. Who lists also watches, and who may not one may not the other. */
function missingRule(message: string): string {
  const [, verb, resource, group, namespace] = CANNOT.exec(message) ?? [];
  if (verb === undefined) return "grant this verb on this resource to the caller with a Role or ClusterRole";
  const verbs = verb === "list" || verb === "watch" ? "get, list, watch" : verb;
  const where = namespace === undefined ? "ClusterRole" : `Role in namespace "${namespace}"`;
  return `add to a ${where} of the caller: {apiGroups: [${
    group || '""'
  }], resources: [${resource}], verbs: [${verbs}]}`;
}

/**
 * The error of whatever a transport threw.
 *
 * Foreign transports throw plain errors that carry the HTTP status as `httpCode` and the `Status` as `status`.
 */
export function fromThrown(what: Subject, thrown: unknown, signal?: AbortSignal): KubeError {
  if (thrown instanceof KubeError) return thrown;
  if (signal?.aborted) {
    return new KubeError(`Cannot ${what}: the call was aborted`, { reason: "Aborted", cause: signal.reason });
  }
  if (thrown instanceof Error) {
    const code = "httpCode" in thrown && typeof thrown.httpCode === "number" ? thrown.httpCode : 0;
    if ("status" in thrown && isFailureStatus(thrown.status)) return fromStatus(what, thrown.status, code);
    if (code > 0) return fromText(what, code, thrown.message);
  }
  return new KubeError(`Cannot ${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
    reason: "Network",
    cause: thrown,
  });
}

/** Words for a request that has no better ones: `GET /api/v1/pods`. */
export function describeRequest(request: KubeRequest): Subject {
  return `${request.method} ${request.path}`;
}
