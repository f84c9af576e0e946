/** The cases of `managed_test.ts`. */
import { type Clock, KubeError, type KubeRequest } from "../kube/mod.ts";
import type { ManagedOptions } from "./managed.ts";
import type { ExternalClient, Observation } from "./managed_types.ts";
import { ANNOTATION } from "./policy.ts";
import { ProviderError } from "./provider_error.ts";
import type { Conditioned } from "./report.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
/** Time that stands still. */
export const CLOCK: Clock = {
  now: () => NOW,
  random: () => 0.5,
  // Nothing in these cases waits for a deadline.
  sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener("abort", () => resolve())),
};
const time = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
const boom = () => Promise.reject(new Error("boom"));
const conflict = () =>
  Promise.reject(new KubeError("Cannot create x: 409 Conflict", { reason: "Conflict", code: 409 }));

/** One reconcile: what is there, and what must come of it. */
export interface Case {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deleting?: boolean;
  readonly finalizers?: readonly string[];
  /** Default: what is observed is there and as it should be. */
  readonly observation?: Observation;
  readonly external?: Partial<ExternalClient<Conditioned>>;
  readonly connect?: () => Promise<never>;
  /** Requests of the loop that the API server refuses. */
  readonly refuse?: (request: KubeRequest, body: string) => boolean;
  readonly options?: Partial<ManagedOptions<Conditioned>>;
  /** `Ready=False Creating`, `Synced=True ReconcileSuccess`, … with the message after a colon where there is one. */
  readonly conditions?: readonly string[];
  /** ms after which the object comes again. */
  readonly again?: number;
  readonly error?: RegExp;
  /** ms that the error asks to wait. */
  readonly retryAfter?: number;
  readonly gone?: boolean;
  readonly annotated?: Readonly<Record<string, string>>;
  readonly events?: readonly string[];
}

const MISSING: Observation = { exists: false };
const OTHER: Observation = { exists: true, upToDate: false };
const ORPHAN = { [ANNOTATION.deletionPolicy]: "orphan" };
const PENDING = { [ANNOTATION.createPending]: time(NOW) };
const AVAILABLE = "Ready=True Available";
const CREATING = "Ready=False Creating";
const DELETING = "Ready=False Deleting";
const SUCCESS = "Synced=True ReconcileSuccess";
const error = (message: string) => `Synced=False ReconcileError: ${message}`;
const INCOMPLETE =
  "cannot determine creation result - remove the krateo.io/external-create-pending annotation if it is safe to proceed";
const isPatch = (part: string) => (request: KubeRequest, body: string) =>
  request.method === "PATCH" && body.includes(part);
const isFinalizer = isPatch('"finalizers"');

/** The cases in the order of the steps of a reconcile. */
export const CASES: readonly Case[] = [
  {
    name: "tells that a finalizer could not be removed (orphan)",
    annotations: ORPHAN,
    deleting: true,
    refuse: isFinalizer,
    error: /boom/,
  },
  { name: "lets an orphaned object go without a word", annotations: ORPHAN, deleting: true, gone: true },
  {
    name: "stops at a creation that nobody knows of",
    annotations: PENDING,
    observation: MISSING,
    conditions: [CREATING, error(INCOMPLETE)],
    again: 60_000,
    events: ["Normal Creating", "Warning CannotInitializeManagedResource"],
  },
  {
    name: "tells that it cannot connect",
    connect: boom,
    conditions: [error("connect failed: boom")],
    error: /^connect failed: boom$/,
    events: ["Warning CannotConnectToProvider"],
  },
  {
    name: "goes on when it cannot disconnect, with an Event",
    external: { disconnect: boom },
    conditions: [AVAILABLE, SUCCESS],
    again: 60_000,
    events: ["Normal Available", "Normal ReconcileSuccess", "Warning CannotDisconnectFromProvider"],
  },
  {
    name: "tells that it cannot observe",
    external: { observe: boom },
    conditions: [error("observe failed: boom")],
    error: /^observe failed: boom$/,
    events: ["Warning CannotObserveExternalResource"],
  },
  {
    name: "waits for what it created a moment ago",
    annotations: { [ANNOTATION.createSucceeded]: time(NOW) },
    observation: MISSING,
    conditions: [],
    again: 1_000,
  },
  {
    name: "tells that it cannot delete",
    deleting: true,
    external: { delete: boom },
    conditions: [DELETING, error("delete failed: boom")],
    error: /^delete failed: boom$/,
    events: ["Normal Deleting", "Warning CannotDeleteExternalResource"],
  },
  {
    name: "deletes, and looks again soon",
    deleting: true,
    conditions: [DELETING, SUCCESS],
    again: 1_000,
    events: ["Normal DeletedExternalResource", "Normal Deleting", "Normal ReconcileSuccess"],
  },
  {
    name: "tells that a finalizer could not be removed (delete)",
    deleting: true,
    observation: MISSING,
    refuse: isFinalizer,
    error: /boom/,
  },
  { name: "lets an object go whose resource is gone", deleting: true, observation: MISSING, gone: true },
  {
    name: "tells that a finalizer could not be added",
    finalizers: [],
    refuse: isFinalizer,
    error: /boom/,
  },
  {
    name: "creates nothing when it cannot write down that it begins",
    observation: MISSING,
    refuse: isPatch(ANNOTATION.createPending),
    external: { create: () => Promise.reject(new Error("must not be called")) },
    error: /^cannot update managed resource annotations: .*boom/,
    events: ["Warning CannotUpdateManagedResource"],
  },
  {
    name: "tells that a creation failed, and notes it",
    observation: MISSING,
    external: { create: boom },
    conditions: [CREATING, error("create failed: boom")],
    annotated: { ...PENDING, [ANNOTATION.createFailed]: time(NOW) },
    error: /^create failed: boom$/,
    events: ["Normal Creating", "Warning CannotCreateExternalResource"],
  },
  {
    name: "notes a creation that met a conflict too, so that it is not stuck",
    observation: MISSING,
    external: { create: conflict },
    annotated: { ...PENDING, [ANNOTATION.createFailed]: time(NOW) },
    error: /409 Conflict/,
  },
  {
    name: "tells when it cannot note how a creation ended",
    observation: MISSING,
    refuse: isPatch(ANNOTATION.createSucceeded),
    annotated: PENDING,
    error: /^cannot update managed resource annotations: .*boom/,
    events: ["Warning CannotUpdateManagedResource"],
  },
  {
    name: "creates, keeps what the provider wants kept, and looks again at once",
    observation: MISSING,
    external: { create: () => Promise.resolve({ [ANNOTATION.externalName]: "x-1" }) },
    conditions: [CREATING, SUCCESS],
    annotated: { ...PENDING, [ANNOTATION.createSucceeded]: time(NOW), [ANNOTATION.externalName]: "x-1" },
    again: 100,
    events: ["Normal CreatedExternalResource", "Normal Creating", "Normal ReconcileSuccess"],
  },
  {
    name: "tells that late initialization failed",
    observation: { exists: true, lateInitialized: { size: 3 } },
    refuse: isPatch('"size":3'),
    error: /^cannot update managed resource: .*boom/,
    events: ["Warning CannotUpdateManagedResource"],
  },
  { name: "rests while all is well", conditions: [AVAILABLE, SUCCESS], again: 60_000 },
  {
    name: "tells that an update failed",
    observation: OTHER,
    external: { update: boom },
    conditions: [error("update failed: boom")],
    error: /^update failed: boom$/,
    events: ["Warning CannotUpdateExternalResource"],
  },
  {
    name: "updates",
    observation: OTHER,
    conditions: [AVAILABLE, SUCCESS],
    again: 60_000,
    events: ["Normal UpdatedExternalResource", "Normal Available", "Normal ReconcileSuccess"],
  },
  {
    name: "does nothing while paused",
    annotations: { [ANNOTATION.paused]: "true" },
    conditions: ["Synced=False ReconcilePaused: Paused by the annotation krateo.io/paused"],
    events: ["Normal ReconciliationPaused"],
  },
  {
    name: "does not take any word for a pause",
    annotations: { [ANNOTATION.paused]: "false" },
    conditions: [AVAILABLE, SUCCESS],
    again: 60_000,
  },
  {
    name: "fails when it cannot tell of a pause",
    annotations: { [ANNOTATION.paused]: "true" },
    refuse: isPatch("ReconcilePaused"),
    error: /boom/,
  },
  {
    name: "spreads its polls",
    options: { clock: { ...CLOCK, random: () => 1 }, pollJitter: 0.5 },
    conditions: [AVAILABLE, SUCCESS],
    again: 90_000,
  },
  {
    name: "polls as often as the object asks",
    annotations: { [ANNOTATION.pollInterval]: "2m" },
    conditions: [AVAILABLE, SUCCESS],
    again: 120_000,
  },
  {
    name: "tells that what it only observes is missing",
    annotations: { [ANNOTATION.managementPolicy]: "observe" },
    observation: MISSING,
    conditions: [
      "Ready=False Unavailable: external resource does not exist",
      error("observe failed: external resource does not exist"),
    ],
    error: /^observe failed: external resource does not exist$/,
  },
  {
    name: "does not hurry after a refusal for good",
    external: { observe: () => Promise.reject(new ProviderError("Terminal", "401")) },
    conditions: [error("observe failed: 401")],
    error: /401/,
    retryAfter: 60_000,
  },
  {
    name: "waits as long as the external system asks",
    external: { observe: () => Promise.reject(new ProviderError("Retryable", "429", { retryAfter: 7_000 })) },
    conditions: [error("observe failed: 429")],
    error: /429/,
    retryAfter: 7_000,
  },
];
