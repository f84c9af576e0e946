/** From an error to why a Patch is not applied. */
import { isKubeError, type KubeErrorReason } from "../../lib/kube/mod.ts";
import { TransformError } from "../../lib/transform/mod.ts";
import { PatchError, type PatchErrorReason } from "./errors.ts";
import type { Plan } from "./plan.ts";

/** What the API server's refusals mean for a Patch. */
const REASON: Readonly<Partial<Record<KubeErrorReason, PatchErrorReason>>> = {
  Forbidden: "Forbidden",
  Unauthorized: "Forbidden",
  Invalid: "Rejected",
  BadRequest: "Rejected",
  InternalError: "Rejected",
  MethodNotAllowed: "Rejected",
  RequestEntityTooLarge: "Rejected",
  NotFound: "TargetNotFound",
};

/** Characters that a condition's message has at most. */
const LONGEST = 1_000;

/** Why a Patch is not applied; `undefined` where the cause is not the Patch's, such as a broken connection. */
export function problemIn(error: unknown): PatchError | undefined {
  if (error instanceof PatchError) return error;
  const reason = isKubeError(error) ? REASON[error.reason] : undefined;
  return reason && isKubeError(error) ? new PatchError(reason, shortened(error.message), { cause: error }) : undefined;
}

/** The API server quotes what it refuses, which can be long. */
export function shortened(message: string): string {
  return message.length <= LONGEST ? message : `${message.slice(0, LONGEST)}… [${message.length} characters]`;
}

/** Whether a write failed only because the object is not any more what was read: the watches will tell what it is. */
export function isLostRace(error: unknown): boolean {
  if (isKubeError(error, "Conflict")) return true;
  return isKubeError(error) && error.code === 422 && /\btest(ing)?\b.*\bfailed\b/i.test(error.message);
}

/**
 * A problem in words that quote no Secret. What the API server and transforms say of a value often quotes it; where it is from a
 * Secret, only the kind of the failure is told, and the error that says more is not kept.
 */
export function discreet(problem: PatchError, plan: Plan | undefined): PatchError {
  const secret = plan?.sources.some(({ ref }) => ref.kind === "Secret") ?? false;
  const { cause } = problem;
  if (!secret || cause === undefined) return problem;
  const rest = "the details are left out, since they could quote the Secret";
  if (problem.reason === "TransformFailed" && cause instanceof TransformError) {
    return new PatchError(
      "TransformFailed",
      `spec.to: the transform does not fit the value (${cause.reason}): ${rest}`,
    );
  }
  if (problem.reason !== "Rejected") return problem;
  const answer = isKubeError(cause) ? ` with ${cause.code} ${cause.reason}` : "";
  return new PatchError("Rejected", `The API server refuses the value${answer}: ${rest}`);
}
