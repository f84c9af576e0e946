/** Events of either API in one shape, with the times and counts that both can say in several ways. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import type { CoreEvent } from "../../sinks/mod.ts";
import { COMPOSITION_ID } from "./api.ts";
import type { EnrichedEvent, ObjectFacts, SourcedEvent } from "./event.ts";

/** Fields of `events.k8s.io/v1` and what core/v1 calls them. */
const CORE_NAME: Readonly<Record<string, string>> = {
  regarding: "involvedObject",
  note: "message",
  reportingController: "reportingComponent",
  deprecatedSource: "source",
  deprecatedFirstTimestamp: "firstTimestamp",
  deprecatedLastTimestamp: "lastTimestamp",
  deprecatedCount: "count",
};

/** An Event of either API in core/v1's shape; `undefined` for what cannot be told from others or has no version. */
export function normalize(object: KubeObject): CoreEvent | undefined {
  const { uid, resourceVersion } = object.metadata;
  if (!uid || !resourceVersion) return undefined;
  const core = object.apiVersion === "events.k8s.io/v1" ? renamed(object) : object;
  const involved = core["involvedObject"];
  // The seam where bytes become types: every field of an Event but these two is optional.
  return { ...core, involvedObject: isRecord(involved) ? involved : {} } as CoreEvent;
}

function renamed(object: KubeObject): KubeObject {
  const core: KubeObject = { apiVersion: "v1", kind: "Event", metadata: object.metadata };
  for (const [name, value] of Object.entries(object)) {
    if (name !== "apiVersion") core[CORE_NAME[name] ?? name] = value;
  }
  return core;
}

/** When it happened: `eventTime`, else `lastTimestamp`, `firstTimestamp`, `creationTimestamp`. */
export function timeOf({ eventTime, lastTimestamp, firstTimestamp, metadata }: CoreEvent): string {
  return eventTime || lastTimestamp || firstTimestamp || metadata.creationTimestamp || "";
}

/** When it last happened, ms since the epoch: the latest of all that it says; 0 where it says nothing. */
export function lastSeenOf(event: CoreEvent): number {
  const times = [
    event.eventTime,
    event.lastTimestamp,
    seriesOf(event)?.lastObservedTime,
    event.metadata.creationTimestamp,
  ];
  return times.reduce((latest, time) => Math.max(latest, time ? Date.parse(time) || 0 : 0), 0);
}

/** How often it happened, whichever field says so. */
export function countOf(event: CoreEvent): number {
  return seriesOf(event)?.count ?? event.count ?? 1;
}

function seriesOf(event: CoreEvent): { readonly count?: number; readonly lastObservedTime?: string } | undefined {
  const series = event["series"];
  return isRecord(series) ? series : undefined;
}

/** The Event with what is known of its object. */
export function enriched(sourced: SourcedEvent, object: ObjectFacts): EnrichedEvent {
  const { event } = sourced;
  const { metadata } = event;
  const labels = { ...metadata.labels, [COMPOSITION_ID]: object.compositionId };
  const labelled: CoreEvent = { ...event, metadata: ordered({ ...metadata, labels }, METADATA_ORDER) };
  return {
    ...sourced,
    event: labelled,
    id: `${metadata.uid}/${metadata.resourceVersion}`,
    key: event.involvedObject.uid || metadata.uid || "",
    time: timeOf(event),
    lastSeen: lastSeenOf(event),
    count: countOf(event),
    size: sizeOf(event),
    object,
    body: originalBody(labelled),
  };
}

const METADATA_ORDER = [
  "name",
  "generateName",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

const BODY_ORDER = [
  "metadata",
  "involvedObject",
  "reason",
  "message",
  "source",
  "firstTimestamp",
  "lastTimestamp",
  "count",
  "type",
  "eventTime",
  "series",
  "action",
  "related",
  "reportingComponent",
  "reportingInstance",
];

/**
 * What the original POSTs: the Event as Go encodes it, without `apiVersion` and `kind`, with the fields that Go never leaves out.
 * Fields that this router does not know come last.
 */
export function originalBody(event: CoreEvent): Readonly<Record<string, unknown>> {
  const { apiVersion: _version, kind: _kind, ...fields } = event;
  const { creationTimestamp = null, ...metadata } = event.metadata;
  return ordered({
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: "",
    reportingInstance: "",
    ...fields,
    ...(creationTimestamp === null && { metadata: { ...metadata, creationTimestamp } }),
  }, BODY_ORDER);
}

/** The same fields, those that `order` names first. */
function ordered<T extends object>(object: T, order: readonly string[]): T {
  const fields = object as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const name of order) if (fields[name] !== undefined) result[name] = fields[name];
  for (const name of Object.keys(fields)) if (!(name in result)) result[name] = fields[name];
  return result as T;
}

/** Characters of its JSON, about: what a queue counts. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 5;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item) + 1, 2);
  let size = 2;
  for (const [name, item] of Object.entries(value)) size += name.length + 4 + sizeOf(item);
  return size;
}

function isRecord(value: unknown): value is Readonly<Record<string, never>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
