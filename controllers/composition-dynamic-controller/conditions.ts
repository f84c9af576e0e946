/** What the conditions of a composition say; pure. */
import type { Condition } from "../../lib/kube/mod.ts";
import { type Health, objectPath, type ReleaseObject } from "../../lib/release/mod.ts";
import { pauseMessage } from "../../lib/provider-runtime/mod.ts";
import type { Failure } from "./memory.ts";

/** A condition before it has a time. */
export type Verdict = Pick<Condition, "type" | "status" | "reason" | "message">;

/** What the verdict rests on. */
export interface Evidence {
  readonly deleting: boolean;
  /** Objects that hold up the deletion. */
  readonly remaining: readonly string[];
  readonly failure: Failure | undefined;
  readonly paused: "no" | "paused" | "gracefully";
  /** Why it stays at an older version than its definition's. */
  readonly unmovable: string | undefined;
  readonly installed: boolean;
  /** Whether the composition was ready before. */
  readonly wasReady: boolean;
  /** Whether it was ready for its present generation. */
  readonly wasReadyAsIs: boolean;
  /** `undefined` while they have not all been looked at. */
  readonly children: readonly { readonly target: ReleaseObject; readonly health: Health | undefined }[] | undefined;
}

/** `Ready` and `Synced`; `Synced` alone where nothing is known that could change `Ready`. */
export function verdicts(evidence: Evidence): Verdict[] {
  return [ready(evidence), synced(evidence)].filter((verdict) => verdict !== undefined);
}

/**
 * Whether what was ready stays so although its chart cannot be had: nothing new was asked for, so the children decide. That the
 * chart is missing stands in `Synced`.
 */
function standsWithoutChart({ failure, wasReadyAsIs }: Evidence): boolean {
  return wasReadyAsIs && failure?.reason === "ChartUnavailable";
}

function ready(e: Evidence): Verdict | undefined {
  if (e.deleting) return no("Deleting", e.failure?.message ?? waitingFor(e.remaining));
  if (e.failure && !standsWithoutChart(e)) return no(e.failure.reason, e.failure.message);
  if (!e.installed) return no("Creating", "Not yet installed");
  const { children } = e;
  if (!children) return undefined;
  const ill = children.filter((c) => c.health?.status !== "Current");
  if (ill.length === 0) {
    return { type: "Ready", status: "True", reason: "Available", message: "Composition is up-to-date" };
  }
  const failed = ill.some((c) => c.health?.status === "Failed");
  const sentences = ill.slice(0, 5).map((c) =>
    `${c.target.resource.kind} ${objectPath(c.target)}: ${c.health?.message ?? "does not exist"}`
  );
  const rest = ill.length > 5 ? `, and ${ill.length - 5} more` : "";
  const count = `${ill.length} of ${children.length} objects not healthy: `;
  return no(failed || e.wasReady ? "Unavailable" : "Creating", count + sentences.join("; ") + rest);
}

function synced(e: Evidence): Verdict {
  const type = "Synced";
  if (e.paused === "paused") {
    const message = pauseMessage(e.deleting);
    return { type, status: "False", reason: "ReconcilePaused", message };
  }
  if (e.paused === "gracefully") {
    const message = "Paused by the annotation krateo.io/gracefully-paused after a last upgrade";
    return { type, status: "False", reason: "ReconcileGracefullyPaused", message };
  }
  if (e.failure) return { type, status: "False", reason: "ReconcileError", message: e.failure.message };
  if (e.unmovable) return { type, status: "False", reason: "VersionNotMoved", message: e.unmovable };
  return { type, status: "True", reason: "ReconcileSuccess", message: "" };
}

function no(reason: string, message: string): Verdict {
  return { type: "Ready", status: "False", reason, message };
}

function waitingFor(remaining: readonly string[]): string {
  if (remaining.length === 0) return "";
  const rest = remaining.length > 3 ? ` and ${remaining.length - 3} more` : "";
  return `Waiting for ${remaining.slice(0, 3).join(", ")}${rest} to go`;
}
