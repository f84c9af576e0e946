/** Events of either API in one shape, with the times and counts that both can say in several ways. */
import type { KubeObject, ObjectMeta } from "../../lib/kube/mod.ts";
import type { CoreEvent } from "../../sinks/mod.ts";
import { COMPOSITION_ID } from "./api.ts";
import type { EnrichedEvent, ObjectFacts, SourcedEvent } from "./event.ts";
import { WaitingEvent } from "./waiting_event.ts";

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
export function enriched(sourced: SourcedEvent, object: ObjectFacts, cluster?: string): EnrichedEvent {
  const { event } = sourced;
  const { metadata } = event;
  const routed: CoreEvent = { ...event, metadata: labelled(metadata, object.compositionId) };
  const body = originalBody(routed);
  const { source, position, listed, afterGap, received } = sourced;
  const id = `${metadata.uid}/${metadata.resourceVersion}`;
  const key = event.involvedObject.uid || metadata.uid || "";
  const time = timeOf(event);
  const facts = { id, key, time, source, position, afterGap, received, object, ...(cluster && { cluster }) };
  const waiting = new WaitingEvent(facts, JSON.stringify(body));
  const count = countOf(event);
  return { event: routed, source, position, listed, afterGap, received, id, key, time, count, object, body, waiting };
}

/** With the label, in Go's order; a field that is `undefined` is none in JSON. */
function labelled(metadata: ObjectMeta, compositionId: string): ObjectMeta {
  const { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp, ...rest } = metadata;
  const { labels, ...others } = rest;
  const first = { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp };
  // Literals of one shape are many times as fast as adding fields one by one, and this is done for every Event.
  return { ...first, labels: { ...labels, [COMPOSITION_ID]: compositionId }, ...others } as ObjectMeta;
}

/**
 * What the original POSTs: the Event as Go encodes it, without `apiVersion` and `kind`, with the fields that Go never leaves out.
 * Fields that this router does not know come last; a field that is `undefined` is none in JSON.
 */
export function originalBody(event: CoreEvent): Readonly<Record<string, unknown>> {
  const { apiVersion: _version, kind: _kind, metadata, involvedObject, reason, message, source, ...times } = event;
  const { firstTimestamp, lastTimestamp, count, type, eventTime, series, action, related, ...reporting } = times;
  const { reportingComponent, reportingInstance, ...rest } = reporting;
  return {
    metadata: metadata.creationTimestamp === undefined ? { ...metadata, creationTimestamp: null } : metadata,
    involvedObject,
    reason,
    message,
    source: source ?? {},
    firstTimestamp: firstTimestamp ?? null,
    lastTimestamp: lastTimestamp ?? null,
    count,
    type,
    eventTime: eventTime ?? null,
    series,
    action,
    related,
    reportingComponent: reportingComponent ?? "",
    reportingInstance: reportingInstance ?? "",
    ...rest,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, never>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
