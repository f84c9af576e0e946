/** The status of a Patch; pure. */
import type { Condition } from "../../lib/kube/mod.ts";
import { equalJson, setConditions } from "../../lib/provider-runtime/mod.ts";
import type { Patch, PatchStatus } from "./api.ts";
import type { Memory } from "./memory.ts";
import type { Plan } from "./plan.ts";
import { sourcesInWords, targetInWords } from "./words.ts";

/** A condition before it has a time. */
export type Verdict = Pick<Condition, "type" | "status" | "reason" | "message">;

/** The value stands where it should. */
export function applied(plan: Plan, targets: number): Verdict[] {
  const message = `Wrote ${targetInWords(plan)}${targets > 1 ? `: ${targets} objects` : ""}`;
  return [
    { type: "Ready", status: "True", reason: "Applied", message },
    // In the same words: what turns together makes one Event.
    { type: "Synced", status: "True", reason: "ReconcileSuccess", message },
  ];
}

/** The value does not stand there, and why. To wait for one's own guard is no failure. */
export function notApplied(reason: string, message: string): Verdict[] {
  const synced: Verdict = reason === "Waiting"
    ? { type: "Synced", status: "True", reason: "ReconcileSuccess", message: "" }
    : { type: "Synced", status: "False", reason: "ReconcileError", message };
  return [{ type: "Ready", status: "False", reason, message }, synced];
}

/** The status that a Patch is to have. */
export function statusOf(
  patch: Patch,
  plan: Plan | undefined,
  memory: Memory,
  verdicts: readonly Verdict[],
): PatchStatus {
  const { lastAppliedHash: _, sources: __, targets: ___, from: ____, to: _____, ...before } = patch.status ?? {};
  const { generation } = patch.metadata;
  const seen = generation === undefined ? {} : { observedGeneration: generation };
  const targets = [...memory.written.values()].map((written) => written.seen);
  const { hash } = targets.length > 0 ? memory : { hash: undefined };
  return {
    ...before,
    ...seen,
    ...(plan && { from: sourcesInWords(plan), to: targetInWords(plan) }),
    ...(hash !== undefined && { lastAppliedHash: hash, sources: [...memory.sources] }),
    ...(targets.length > 0 && { targets }),
    conditions: setConditions(before.conditions, verdicts.map((verdict) => ({ ...verdict, ...seen }))),
  };
}

/** Whether a status says something new to people: another condition, another target. What was written when can wait. */
export function isNews(before: PatchStatus | undefined, after: PatchStatus): boolean {
  return !equalJson(outline(before), outline(after));
}

function outline(status: PatchStatus | undefined) {
  const { lastAppliedHash: _, sources: __, targets = [], ...rest } = status ?? {};
  return {
    ...rest,
    targets: targets.map(({ resourceVersion, ...target }) => ({ ...target, standing: resourceVersion !== "" })),
  };
}
