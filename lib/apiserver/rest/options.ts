/** Options of writes: query parameters, or the DeleteOptions in a body. */
import type { User } from "../core.ts";
import { isObject } from "../json_value.ts";
import { badRequest, invalidOptions } from "../status.ts";
import type { Exchange } from "./exchange.ts";

/** How a write is to be done, and by whom. */
export interface WriteOptions {
  /** Owner of the written fields in `managedFields`. */
  readonly manager: string;
  readonly dryRun: boolean;
  readonly validation: "Strict" | "Warn" | "Ignore";
  readonly user: User;
  /** Warnings for the client; the write adds to them. */
  readonly warnings: string[];
}

/** How a delete is to be done. */
export interface DeleteOptions {
  readonly propagation: "Background" | "Foreground" | "Orphan" | undefined;
  readonly gracePeriod: number | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Reads the options of a write.
 *
 * @param kind What Kubernetes calls them, for messages: `CreateOptions`, …
 * @throws ApiError `Invalid`
 */
export function writeOptions(exchange: Exchange, user: User, kind: string): WriteOptions {
  const { query } = exchange;
  return {
    manager: query.get("fieldManager") || userAgentManager(exchange.header("user-agent")),
    dryRun: readDryRun(query.getAll("dryRun"), kind),
    validation: readValidation(query.get("fieldValidation"), kind),
    user,
    warnings: [],
  };
}

/** The manager of a client that names none: its user agent up to the version. */
function userAgentManager(userAgent: string | undefined): string {
  return (userAgent ?? "").split("/")[0]?.slice(0, 128) || "unknown";
}

function readDryRun(values: readonly string[], kind: string): boolean {
  if (values.every((value) => value === "All")) return values.length > 0;
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`;
  throw invalidOptions(kind, { reason: "FieldValueNotSupported", field: "dryRun", message });
}

function readValidation(value: string | null, kind: string): WriteOptions["validation"] {
  if (value === null || value === "") return "Warn";
  if (value === "Strict" || value === "Warn" || value === "Ignore") return value;
  const message = `Unsupported value: "${value}": supported values: "", "Ignore", "Strict", "Warn"`;
  throw invalidOptions(kind, { reason: "FieldValueNotSupported", field: "fieldValidation", message });
}

/**
 * Options of a delete; those in the body win.
 *
 * @param body The JSON value of the body, `undefined` where it is empty.
 * @throws ApiError `BadRequest`, `Invalid`
 */
export function deleteOptions(query: URLSearchParams, body: unknown): DeleteOptions {
  const given = isObject(body) ? body : {};
  if (body !== undefined && given.kind !== undefined && given.kind !== "DeleteOptions") {
    throw badRequest(`the body of a DELETE must be DeleteOptions, not ${String(given.kind)}`);
  }
  const preconditions = isObject(given.preconditions) ? given.preconditions : {};
  const grace = given.gracePeriodSeconds ?? query.get("gracePeriodSeconds") ?? undefined;
  const dryRun = Array.isArray(given.dryRun) ? given.dryRun.map(String) : query.getAll("dryRun");
  return {
    propagation: readPropagation(given, query),
    gracePeriod: grace === undefined ? undefined : readGrace(grace),
    uid: typeof preconditions.uid === "string" ? preconditions.uid : undefined,
    resourceVersion: typeof preconditions.resourceVersion === "string" ? preconditions.resourceVersion : undefined,
    dryRun: readDryRun(dryRun, "DeleteOptions"),
  };
}

function readGrace(value: unknown): number {
  const seconds = Number(value);
  if (Number.isInteger(seconds)) return seconds;
  throw badRequest(`strconv.ParseInt: parsing "${String(value)}": invalid syntax`);
}

function readPropagation(given: Record<string, unknown>, query: URLSearchParams): DeleteOptions["propagation"] {
  const policy = given.propagationPolicy ?? query.get("propagationPolicy") ?? undefined;
  const orphan = given.orphanDependents ?? query.get("orphanDependents") ?? undefined;
  if (policy === undefined) {
    if (orphan === undefined) return undefined;
    return orphan === true || orphan === "true" ? "Orphan" : "Background";
  }
  if (policy === "Background" || policy === "Foreground" || policy === "Orphan") return policy;
  throw invalidOptions("DeleteOptions", {
    reason: "FieldValueNotSupported",
    field: "propagationPolicy",
    message: `Unsupported value: "${String(policy)}": supported values: "Foreground", "Background", "Orphan", "nil"`,
  });
}
