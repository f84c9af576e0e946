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

/** What to say of an error. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { reason: "ReconcileError", message: String(error) };
  const own = "reason" in error && typeof error.reason === "string" ? READY_REASON[error.reason] : undefined;
  if (error instanceof RenderError && error.reason === "Values") {
    return { reason: "ValuesInvalid", message: error.message };
  }
  return { reason: READY_REASON_OF_CLASS[error.name] ?? own ?? "ReconcileError", message: error.message };
}

/** ms before the same inputs are tried again: 1 s doubled each time, at most a minute. */
export function backoff(count: number): number {
  return Math.min(1_000 * 2 ** Math.min(count, 10), 60_000);
}
