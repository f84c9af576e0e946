/** What is published, before it has a number. */
import { isOneLine, type Labels } from "../../lib/sse/mod.ts";
import { Problem } from "./problem.ts";

/** Everything about an event that is kept; plain JSON, so that every history can store it. */
export interface Message {
  readonly source: "kubernetes" | "custom";
  /** Names of its frames: `krateo` and the composition's id for a Kubernetes Event. */
  readonly names: readonly string[];
  /** `data` of each frame. */
  readonly data: string;
  readonly labels: Labels;
  /** ms since the epoch at which it happened. */
  readonly time: number;
  /** Whatever has the same subject replaces it in lists: an Event's uid. */
  readonly subject?: string;
  /** A publication with the same key is a repetition. */
  readonly dedupe?: string;
}

/** Event name and topic of every Kubernetes Event. */
export const KRATEO_TOPIC = "krateo";

/** Label that the event router puts on an Event. */
export const COMPOSITION_LABEL = "krateo.io/composition-id";

/** The parts of a core/v1 Event that are looked at; everything else is passed on. */
export interface KubernetesEvent {
  readonly metadata?: {
    readonly uid?: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string | null;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly involvedObject?: { readonly kind?: string; readonly namespace?: string };
  readonly type?: string;
  readonly eventTime?: string | null;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly series?: { readonly lastObservedTime?: string | null };
}

/** The id of an Event's composition; empty where it has none. */
export function compositionOf(labels: Readonly<Record<string, string>> | undefined): string {
  return labels?.[COMPOSITION_LABEL] ?? "";
}

/** The text that the original stores an Event under and answers with: `events/comp-<composition>/<uid>`, in lower case. */
export function storageKey(uid: string, composition: string): string {
  const parts = ["events", composition === "" ? "" : `comp-${composition}`, uid];
  return parts.filter((part) => part !== "").join("/").toLowerCase();
}

/**
 * A Kubernetes Event as a message.
 *
 * @throws {Problem} 400 where a field that is looked at has another type than Kubernetes gives it, or a line break in a name.
 */
export function kubernetesMessage(value: unknown, now: number): Message {
  const event = checkedEvent(value);
  const { metadata = {}, involvedObject = {} } = event;
  const composition = compositionOf(metadata.labels);
  if (!isOneLine(composition)) throw invalidField(`metadata.labels["${COMPOSITION_LABEL}"]`);
  const names = [...new Set([KRATEO_TOPIC, composition])].filter((name) => name !== "");
  const { uid, resourceVersion } = metadata;
  return {
    source: "kubernetes",
    names,
    data: JSON.stringify(value),
    labels: {
      composition: composition === "" ? [] : [composition],
      topic: names,
      namespace: present(involvedObject.namespace || metadata.namespace),
      kind: present(involvedObject.kind),
      type: present(event.type),
    },
    time: timeOf(event) ?? now,
    ...(uid ? { subject: uid } : {}),
    // Both together name one state of one Event: a router that repeats a delivery is recognized.
    ...(uid && resourceVersion ? { dedupe: `${uid}@${resourceVersion}` } : {}),
  };
}

/** When an Event was last seen; old and new Events use different fields for it. */
function timeOf({ metadata, series, eventTime, lastTimestamp, firstTimestamp }: KubernetesEvent): number | undefined {
  const stamps = [series?.lastObservedTime, lastTimestamp, eventTime, firstTimestamp, metadata?.creationTimestamp];
  return stamps.map((stamp) => Date.parse(stamp ?? "")).find((time) => !Number.isNaN(time));
}

const present = (value: string | undefined): string[] => value ? [value] : [];

type Shape = { readonly [field: string]: "string" | Shape };

const METADATA: Shape = { uid: "string", namespace: "string", resourceVersion: "string", creationTimestamp: "string" };
const EVENT: Shape = {
  metadata: METADATA,
  involvedObject: { kind: "string", namespace: "string" },
  type: "string",
  eventTime: "string",
  firstTimestamp: "string",
  lastTimestamp: "string",
  series: { lastObservedTime: "string" },
};

function checkedEvent(value: unknown): KubernetesEvent {
  if (!isMap(value)) throw new Problem(400, "Request body must be an Event, or an array of Events");
  check(value, EVENT, "");
  const labels = isMap(value["metadata"]) ? value["metadata"]["labels"] : undefined;
  if (labels != null) {
    if (!isMap(labels)) throw invalidField("metadata.labels");
    for (const [name, text] of Object.entries(labels)) {
      if (typeof text !== "string") throw invalidField(`metadata.labels["${name}"]`);
    }
  }
  return value; // every field of the type was looked at
}

function check(value: Readonly<Record<string, unknown>>, shape: Shape, path: string): void {
  for (const [field, expected] of Object.entries(shape)) {
    const found = value[field];
    if (found == null) continue; // Go writes null for a time that is zero
    if (expected === "string") {
      if (typeof found !== "string") throw invalidField(path + field);
    } else if (isMap(found)) check(found, expected, `${path}${field}.`);
    else throw invalidField(path + field);
  }
}

function invalidField(path: string): Problem {
  return new Problem(400, `Request body contains an invalid value for the "${path}" field`, { field: path });
}

/** Whether a JSON value is an object. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
