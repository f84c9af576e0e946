/** The last step of a reconcile: status written if it changed, and an Event for each condition that did. */
import type { ApiResource, Condition, EventRecorder, KubeClient, KubeObject } from "../kube/mod.ts";
import { type ConditionChange, diffConditions } from "./conditions.ts";
import { equalJson, mergePatch } from "./json.ts";

/** An object with a status that has conditions. */
export interface Conditioned extends KubeObject {
  status?: { conditions?: Condition[]; [field: string]: unknown };
}

/** Options of {@linkcode createReporter}. */
export interface ReporterOptions {
  readonly client: KubeClient;
  readonly resource: ApiResource;
  /** No Events when absent. */
  readonly recorder?: EventRecorder;
  /**
   * `merge` (default) sends what differs from the object that was read. `apply` sends the whole status by server-side apply,
   * so that fields that are no longer stated go away and other managers' stay.
   */
  readonly method?: "merge" | "apply";
  /** Default `kco`. */
  readonly fieldManager?: string;
  /** What an Event about a change is; `undefined` for none. Default: {@linkcode eventOf}. */
  readonly eventOf?: (change: ConditionChange) => ConditionEvent | undefined;
}

/** An Event about a condition. */
export interface ConditionEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

/** Writes the status that an object is to have, given the object as it was read. */
export type Report<T extends Conditioned> = (object: T, status: NonNullable<T["status"]>) => Promise<T>;

/**
 * Makes the `report` step of a reconciler.
 *
 * Nothing is written when the status already says the same, so that a controller at rest writes nothing. Events are derived
 * from the difference of the conditions: no code path can forget one; conditions that turn with the same message make one
 * Event, under the reason of the first. They are sent after the status is written, so an
 * Event never tells of a status that nobody can see.
 *
 * The step rejects with the `KubeError` of the write, except `NotFound`: the object went away, and its status with it.
 */
export function createReporter<T extends Conditioned>(options: ReporterOptions): Report<T> {
  const toEvent = options.eventOf ?? eventOf;
  return async (object, status) => {
    const before = object.status;
    if (equalJson(before ?? {}, status)) return object;
    const written = await writeStatus(options, object, status);
    if (written === undefined) return object;
    const events = diffConditions(before?.conditions, status.conditions).map(toEvent);
    for (const event of withoutEchoes(events)) options.recorder?.record({ regarding: object, ...event });
    return written;
  };
}

/** One cause often turns several conditions, in the same words: it is told once, under the first condition's reason. */
function withoutEchoes(events: readonly (ConditionEvent | undefined)[]): ConditionEvent[] {
  const told = new Map<string, ConditionEvent>();
  for (const event of events) {
    if (event !== undefined && !told.has(event.note)) told.set(event.note, event);
  }
  return [...told.values()];
}

async function writeStatus<T extends Conditioned>(
  options: ReporterOptions,
  object: T,
  status: NonNullable<T["status"]>,
): Promise<T | undefined> {
  const { client, resource, method = "merge" } = options;
  const { name, namespace, uid } = object.metadata;
  const write = { subresource: "status", ...(options.fieldManager && { fieldManager: options.fieldManager }) } as const;
  try {
    if (method === "apply") {
      const { apiVersion, kind } = object;
      const metadata = { name, ...(namespace && { namespace }), ...(uid && { uid }) };
      return await client.apply<KubeObject>(resource, { apiVersion, kind, metadata, status }, {
        ...write,
        force: true,
      }) as T;
    }
    // The uid keeps the status of a deleted object off its successor of the same name.
    const patch = { metadata: { ...(uid && { uid }) }, status: mergePatch(object.status ?? {}, status) };
    return await client.patch<T>(resource, name, namespace, "merge", patch, write);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "reason" in error && error.reason === "NotFound";
}

/** Reasons under which a condition is not true yet, rather than broken. */
const IN_PROGRESS = new Set([
  "Creating",
  "Deleting",
  "Progressing",
  "Reconciling",
  "ReconcilePaused",
  "Waiting",
  "Pending",
  "Unknown",
]);
/** Conditions that are bad when they are true. */
const ABNORMAL_TRUE = new Set(["Stalled", "Degraded", "Conflict", "Drifted"]);

/** The Event of a change: a warning when a condition turns bad, else normal; its reason and note are the condition's. */
export function eventOf({ after }: ConditionChange): ConditionEvent {
  const bad = ABNORMAL_TRUE.has(after.type) ? after.status === "True" : after.status === "False";
  return {
    type: bad && !IN_PROGRESS.has(after.reason) ? "Warning" : "Normal",
    reason: after.reason,
    action: `${after.type}Changed`,
    note: after.message || `${after.type} is ${after.status}: ${after.reason}`,
  };
}
