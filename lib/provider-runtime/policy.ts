/** What an object's annotations allow: pause, management policy, deletion policy. Pure functions. */
import type { KubeObject } from "../kube/mod.ts";

/** The annotations, as Krateo names them. */
export const ANNOTATION = {
  paused: "krateo.io/paused",
  pauseUntil: "krateo.io/pause-until",
  managementPolicy: "krateo.io/management-policy",
  deletionPolicy: "krateo.io/deletion-policy",
  externalName: "krateo.io/external-name",
  createPending: "krateo.io/external-create-pending",
  createSucceeded: "krateo.io/external-create-succeeded",
  createFailed: "krateo.io/external-create-failed",
  connectorVerbose: "krateo.io/connector-verbose",
  pollInterval: "krateo.io/poll-interval",
  reconcileRequestedAt: "krateo.io/reconcile-requested-at",
} as const;

/** What a controller may do about an external resource. */
export type Action = "observe" | "create" | "update" | "late-initialize" | "delete";

const ACTIONS: readonly Action[] = ["observe", "create", "update", "late-initialize", "delete"];
const NAMED: Readonly<Record<string, readonly Action[]>> = {
  default: ACTIONS,
  "observe-create-update": ["observe", "create", "update", "late-initialize"],
  "observe-delete": ["observe", "delete"],
  observe: ["observe"],
};

/** What an object's policies come to. */
export interface Policy {
  readonly allowed: ReadonlySet<Action>;
  /** An external resource that is missing is an error: nothing else could come of it. */
  readonly onlyObserve: boolean;
  /** Values that mean nothing. They allow nothing, and are to be reported. */
  readonly problems: readonly string[];
}

/**
 * The policy of an object.
 *
 * `krateo.io/management-policy` is `default`, `observe-create-update`, `observe-delete`, `observe`, or a list of `observe`,
 * `create`, `update`, `late-initialize`, `delete`. `krateo.io/deletion-policy` is `delete` or `orphan`; `orphan` always
 * keeps the external resource. Any other value is a problem and allows nothing but to observe: what somebody wrote to
 * restrain a controller must not be read as permission.
 */
export function policyOf(object: KubeObject): Policy {
  const problems: string[] = [];
  const management = annotation(object, ANNOTATION.managementPolicy) || "default";
  const deletion = annotation(object, ANNOTATION.deletionPolicy) || "delete";
  const actions = NAMED[management] ?? parseActions(management);
  if (actions === undefined) {
    problems.push(
      `annotation ${ANNOTATION.managementPolicy} is "${management}": use one of ${Object.keys(NAMED).join(", ")}, ` +
        `or a list of ${ACTIONS.join(", ")}`,
    );
  }
  if (deletion !== "delete" && deletion !== "orphan") {
    problems.push(`annotation ${ANNOTATION.deletionPolicy} is "${deletion}": use delete or orphan`);
  }
  const allowed = new Set<Action>(problems.length > 0 ? ["observe"] : actions);
  if (deletion === "orphan") allowed.delete("delete");
  return { allowed, onlyObserve: problems.length === 0 && management === "observe", problems };
}

function parseActions(value: string): Action[] | undefined {
  const words = value.split(",").map((word) => word.trim());
  const actions = words.filter(isAction);
  // Nothing can be decided about what is not observed.
  return actions.length === words.length && actions.includes("observe") ? actions : undefined;
}

function isAction(word: string): word is Action {
  return ACTIONS.some((action) => action === word);
}

/**
 * Whether an object is paused: `krateo.io/paused` is exactly `true`, or `krateo.io/pause-until` is a time to come.
 *
 * @param now ms since the epoch.
 */
export function isPaused(object: KubeObject, now: number = Date.now()): boolean {
  return annotation(object, ANNOTATION.paused) === "true" || (pausedUntil(object) ?? 0) > now;
}

/** When an object's `krateo.io/pause-until` ends, in ms since the epoch; `undefined` without one, or when it is no time. */
export function pausedUntil(object: KubeObject): number | undefined {
  const value = annotation(object, ANNOTATION.pauseUntil);
  const time = value === undefined ? NaN : Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

/** An annotation of an object. */
export function annotation(object: KubeObject, key: string): string | undefined {
  return object.metadata.annotations?.[key];
}
