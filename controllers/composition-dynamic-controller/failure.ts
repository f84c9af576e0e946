/** From an error to what the condition `Ready` says. */
import { RenderError } from "../../lib/helm/mod.ts";
import type { Failure } from "./memory.ts";

/** Reasons of `Ready` by the reason that an error carries. Whatever is not here is a failed release. */
const READY_REASON: Readonly<Record<string, string>> = {
  OwnershipConflict: "OwnershipConflict",
  ApplyConflict: "Conflict",
  ApplyFailed: "ApplyFailed",
  MissingKinds: "MissingKinds",
  MissingCredentials: "ChartUnavailable",
  HookFailed: "HookFailed",
  InvalidRecord: "InvalidRelease",
  Pending: "ReleasePending",
  NoBlueprint: "NoDefinition",
};

/** Reasons of `Ready` by the class of an error. */
const READY_REASON_OF_CLASS: Readonly<Record<string, string>> = {
  ChartFetchError: "ChartUnavailable",
  HelmChartError: "ChartInvalid",
  RenderError: "RenderFailed",
  KubeError: "ReconcileError",
};

/** A composition whose definition cannot be told. */
export class NoBlueprintError extends Error {
  override readonly name = "NoBlueprintError";
  readonly reason = "NoBlueprint";
}

/** What to say of an error, in at most {@linkcode LONGEST} characters. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { reason: "ReconcileError", message: shortened(String(error)) };
  const message = shortened(error.message);
  const own = "reason" in error && typeof error.reason === "string" ? READY_REASON[error.reason] : undefined;
  if (error instanceof RenderError && error.reason === "Values") {
    return { reason: "ValuesInvalid", message };
  }
  return { reason: READY_REASON_OF_CLASS[error.name] ?? own ?? "ReconcileError", message };
}

/** Characters that a condition's message has at most. */
const LONGEST = 2_000;

/** Templates that call themselves fail with a message of megabytes; where it begins and how it ends tell all. */
function shortened(message: string): string {
  if (message.length <= LONGEST) return message;
  const part = LONGEST / 2 - 20;
  return `${message.slice(0, part)} … [${message.length - 2 * part} characters] … ${message.slice(-part)}`;
}

/** ms before the same inputs are tried again: 1 s doubled each time, at most a minute. */
export function backoff(count: number): number {
  return Math.min(1_000 * 2 ** Math.min(count, 10), 60_000);
}
