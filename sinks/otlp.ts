/** Events as OpenTelemetry log records: OTLP over HTTP with JSON. */
import { deliver } from "./_batch.ts";
import { httpProperties, type HttpSettings, openHttp } from "./_http.ts";
import { isRecord, parsed } from "./_json.ts";
import { httpUrl, object } from "./_schema.ts";
import { nanoseconds } from "./_time.ts";
import { type Delivery, SinkError, type SinkKind } from "./types.ts";

/** Settings of `spec.sink.otlp`. */
export interface OtlpSettings extends HttpSettings {
  /** Address of the collector, without `/v1/logs`. */
  readonly url: string;
}

/** A value in OTLP's JSON. */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } };

/** A named value in OTLP's JSON. */
export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** A log record in OTLP's JSON. */
export interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body: AnyValue;
  readonly attributes: readonly KeyValue[];
}

/** `spec.sink.otlp`. */
export const otlp: SinkKind<OtlpSettings> = {
  name: "otlp",
  acknowledges: true,
  schema: object("Sends each event as a log record to an OpenTelemetry collector (OTLP/HTTP, JSON).", {
    url: httpUrl("Address of the collector; /v1/logs is appended."),
    ...httpProperties,
  }, ["url"]),
  async open(settings, context) {
    const http = await openHttp(settings, { url: settings.url }, context);
    const post = async (part: readonly Delivery[], signal: AbortSignal) => {
      const body = JSON.stringify({ resourceLogs: resourceLogsOf(part, Date.now()) });
      const headers = { "content-type": "application/json" };
      const { text } = await http.send({ what: deliver(part), path: "/v1/logs", headers, body, signal });
      const rejected = rejectedIn(text);
      if (rejected === undefined) return;
      // The answer does not say which; the protocol forbids another attempt. The dead letter has them all, so that none is lost.
      throw new SinkError("Refused", `Cannot ${deliver(part)} to ${http.label}: it rejects ${rejected}`, {
        failed: part.map(({ id }) => ({
          id,
          reason: "Refused" as const,
          message: `among these it rejects ${rejected}`,
        })),
      });
    };
    return {
      send: (batch, signal) => post(batch, signal),
      close: () => Promise.resolve(http.close()),
    };
  },
};

/** `2: why` where the collector rejects some of the records. */
function rejectedIn(text: string): string | undefined {
  const answer = parsed(text);
  const partial = isRecord(answer) && isRecord(answer.partialSuccess) ? answer.partialSuccess : {};
  const { rejectedLogRecords = 0, errorMessage = "" } = partial;
  return Number(rejectedLogRecords) > 0 ? `${rejectedLogRecords}: ${errorMessage}` : undefined;
}

/** Log records, those about one object together below its resource. */
export function resourceLogsOf(batch: readonly Delivery[], now: number): readonly unknown[] {
  const groups = new Map<string, { readonly first: Delivery; readonly logRecords: unknown[] }>();
  for (const delivery of batch) {
    const key = `${delivery.key}/${delivery.event.involvedObject.resourceVersion}`;
    const group = groups.get(key) ?? { first: delivery, logRecords: [] };
    groups.set(key, group);
    group.logRecords.push(isLogRecord(delivery.body) ? delivery.body : toLogRecord(delivery, now));
  }
  return [...groups.values()].map(({ first, logRecords }) => ({
    resource: { attributes: resourceAttributes(first) },
    scopeLogs: [{ scope: { name: "kco/eventrouter" }, logRecords }],
  }));
}

function isLogRecord(body: unknown): boolean {
  return isRecord(body) && "timeUnixNano" in body && "body" in body;
}

/**
 * A delivery as a log record, with the attributes that the OpenTelemetry collector's own receiver of Kubernetes events gives.
 *
 * The record's body is the Event's message, or what a layout made of the Event.
 *
 * @param now ms since the epoch.
 */
export function toLogRecord({ event, body, time, compositionId }: Delivery, now: number): LogRecord {
  const severity = severityOf(event.type);
  return {
    timeUnixNano: nanoseconds(time, now),
    observedTimeUnixNano: nanoseconds("", now),
    ...(severity !== undefined && { severityNumber: severity }),
    ...(event.type && { severityText: event.type }),
    body: anyValue(body === event ? event.message ?? "" : body),
    attributes: attributes({
      "k8s.event.reason": event.reason,
      "k8s.event.action": typeof event.action === "string" ? event.action : undefined,
      "k8s.event.start_time": event.firstTimestamp ?? event.eventTime ?? undefined,
      "k8s.event.name": event.metadata.name,
      "k8s.event.uid": event.metadata.uid,
      "k8s.event.count": event.count || undefined,
      "k8s.event.reporting_controller": event.reportingComponent || event.source?.component,
      "k8s.event.reporting_instance": event.reportingInstance,
      "k8s.namespace.name": event.involvedObject.namespace ?? event.metadata.namespace,
      "krateo.composition.id": compositionId,
    }),
  };
}

function resourceAttributes({ event, cluster }: Delivery): KeyValue[] {
  const { kind, name, uid, fieldPath, apiVersion, resourceVersion } = event.involvedObject;
  return attributes({
    "k8s.cluster.name": cluster,
    "k8s.node.name": event.source?.host,
    "k8s.object.kind": kind,
    "k8s.object.name": name,
    "k8s.object.uid": uid,
    "k8s.object.fieldpath": fieldPath,
    "k8s.object.api_version": apiVersion,
    "k8s.object.resource_version": resourceVersion,
  });
}

/** INFO, WARN, ERROR, FATAL by the Event's type. */
function severityOf(type: string | undefined): number | undefined {
  switch (type?.toLowerCase()) {
    case "normal":
      return 9;
    case "warning":
      return 13;
    case "error":
      return 17;
    case "critical":
      return 21;
    default:
      return undefined;
  }
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): KeyValue[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [{ key, value: anyValue(value) }]
  );
}

function anyValue(value: unknown): AnyValue {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value !== "object" || value === null) return { stringValue: "" };
  return { kvlistValue: { values: Object.entries(value).map(([key, part]) => ({ key, value: anyValue(part) })) } };
}
