/** The status of a Registration; pure. */
import { rfc3339, setConditions } from "../../lib/provider-runtime/mod.ts";
import type { Registration, RegistrationStatus } from "./api.ts";
import type { RegistrationErrorReason } from "./errors.ts";
import type { PipelineCounts } from "./metrics.ts";

/** How a Registration is doing. */
export type Standing =
  | { readonly type: "Delivering" }
  | { readonly type: "Paused" }
  /** The circuit is broken; `Misconfigured` where only its user can mend it. */
  | { readonly type: "Unavailable" | "Misconfigured"; readonly message: string }
  /** It cannot work as it is written. */
  | { readonly type: RegistrationErrorReason; readonly message: string };

/** What a status is made from. */
export interface Facts {
  readonly standing: Standing;
  readonly counts: PipelineCounts;
  readonly queued: number;
  /** s. */
  readonly lag: number;
  /** ms since the epoch. */
  readonly lastError?: { readonly message: string; readonly at: number };
}

/** The status that a Registration is to have. */
export function statusOf(registration: Registration, facts: Facts): RegistrationStatus {
  const { standing, counts, queued, lag, lastError } = facts;
  const before = registration.status ?? {};
  const { generation } = registration.metadata;
  const seen = generation === undefined ? {} : { observedGeneration: generation };
  const { NotMatched: _others, Malformed: _malformed, ...dropped } = counts.dropped;
  return {
    ...before,
    ...seen,
    conditions: setConditions(before.conditions, [{ type: "Ready", ...conditionOf(standing), ...seen }]),
    counters: {
      delivered: counts.delivered,
      retried: counts.retried,
      dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
      deadLettered: counts.deadLettered,
      queued,
      lagSeconds: Math.round(lag),
    },
    ...(lastError && { lastError: { message: lastError.message, time: rfc3339(lastError.at) } }),
  };
}

function conditionOf(standing: Standing): { status: "True" | "False"; reason: string; message: string } {
  switch (standing.type) {
    case "Delivering":
      return { status: "True", reason: "Delivering", message: "" };
    case "Paused":
      return { status: "False", reason: "ReconcilePaused", message: "spec.paused: Events wait in the queue" };
    default:
      return { status: "False", reason: standing.type, message: standing.message };
  }
}
