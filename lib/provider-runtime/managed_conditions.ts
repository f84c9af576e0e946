/** What the managed-resource loop says: conditions and Events in the words of Krateo's provider-runtime. */
import type { ConditionChange, ConditionInput } from "./conditions.ts";
import type { Observation } from "./managed_types.ts";
import { type Action, ANNOTATION } from "./policy.ts";
import { type ConditionEvent, eventOf } from "./report.ts";

/** What went wrong, as it begins the message of `Synced`. */
export type FailedPhase =
  | "connect failed"
  | "observe failed"
  | "create failed"
  | "update failed"
  | "delete failed"
  | "cannot update managed resource"
  | "cannot update managed resource annotations";

/** Says that it is not known whether the external resource was created, and what to do. */
export const CREATE_INCOMPLETE =
  `cannot determine creation result - remove the ${ANNOTATION.createPending} annotation if it is safe to proceed`;

export const READY = {
  available: (observation: Observation): ConditionInput => ({
    type: "Ready",
    status: observation.ready ?? true ? "True" : "False",
    reason: observation.ready ?? true ? "Available" : "Unavailable",
    message: observation.message ?? "",
  }),
  creating: (): ConditionInput => ({ type: "Ready", status: "False", reason: "Creating", message: "" }),
  deleting: (message = ""): ConditionInput => ({ type: "Ready", status: "False", reason: "Deleting", message }),
  missing: (): ConditionInput => ({
    type: "Ready",
    status: "False",
    reason: "Unavailable",
    message: "external resource does not exist",
  }),
} as const;

export const SYNCED = {
  success: (message = ""): ConditionInput => ({ type: "Synced", status: "True", reason: "ReconcileSuccess", message }),
  error: (message: string): ConditionInput => ({ type: "Synced", status: "False", reason: "ReconcileError", message }),
  paused: (message: string): ConditionInput => ({
    type: "Synced",
    status: "False",
    reason: "ReconcilePaused",
    message,
  }),
} as const;

/** What `Synced` says about an action that the policy inhibits. */
export function inhibitedMessage(action: Action, diff: string | undefined): string {
  const why = `the management policy inhibits ${action}`;
  if (action === "create") return `external resource does not exist, and ${why}`;
  return `external resource differs from desired state${diff ? ` (${diff})` : ""}, and ${why}`;
}

const FAILURE_EVENTS: readonly (readonly [prefix: string, reason: string, action: string])[] = [
  ["cannot determine creation result", "CannotInitializeManagedResource", "ProcessEvent"],
  ["connect failed", "CannotConnectToProvider", "ProcessEvent"],
  ["observe failed", "CannotObserveExternalResource", "ObserveExternalResource"],
  ["create failed", "CannotCreateExternalResource", "CreateExternalResource"],
  ["update failed", "CannotUpdateExternalResource", "UpdateExternalResource"],
  ["delete failed", "CannotDeleteExternalResource", "DeleteExternalResource"],
  ["cannot update managed resource", "CannotUpdateManagedResource", "UpdateExternalResource"],
  ["invalid policy", "CannotUseInvalidManagementPolicy", "ProcessEvent"],
];

/** The Event of a change of condition, under the reasons and actions that alerts know. */
export function managedEventOf(change: ConditionChange): ConditionEvent {
  const event = eventOf(change);
  const { type, reason, message } = change.after;
  if (type !== "Synced") return event;
  if (reason === "ReconcilePaused") return { ...event, reason: "ReconciliationPaused", action: "ProcessEvent" };
  const known = FAILURE_EVENTS.find(([prefix]) => reason === "ReconcileError" && message.startsWith(prefix));
  return known === undefined ? event : { ...event, reason: known[1], action: known[2] };
}
