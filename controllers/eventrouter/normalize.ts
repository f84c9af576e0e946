/** Events of either API in one shape, with the times and counts that both can say in several ways. */
import type { KubeObject } from "../../lib/kube/mod.ts";
import type { CoreEvent } from "../../sinks/mod.ts";

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
