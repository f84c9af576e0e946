/** From an error to why a Patch is not applied. */
import { isKubeError, type KubeErrorReason } from "../../lib/kube/mod.ts";
import { PatchError, type PatchErrorReason } from "./errors.ts";

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
