/** How the managed-resource loop fails. */
import { isKubeError } from "../kube/mod.ts";
import type { FailedPhase } from "./managed_conditions.ts";
import { retryAfterOf } from "./provider_error.ts";

/** A failure that is told as it is, in the words of its phase. */
export class PhaseError extends Error {
  /** ms that the cause asks to wait before the next try. */
  readonly retryAfter: number | undefined;

  constructor(phase: FailedPhase, cause: unknown, retryAfter = retryAfterOf(cause)) {
    super(`${phase}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.retryAfter = retryAfter;
  }
}

/** The object is another one by now, or another process's to handle: there is nothing to tell about it. */
export function isOvertaken(error: unknown): boolean {
  return isConflict(error) || isKubeError(error, "NotLeading") ||
    (error instanceof PhaseError && isKubeError(error.cause, "NotLeading"));
}

/** Whether the API server said that an object had changed. */
export function isConflict(error: unknown): boolean {
  return isKubeError(error, "Conflict") || (error instanceof PhaseError && isKubeError(error.cause, "Conflict"));
}

/** Rejects with the reason of `signal` when it aborts. */
export function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
