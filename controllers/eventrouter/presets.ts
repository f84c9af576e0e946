/** Ready forms of an Event. */
import type { LayoutPreset } from "./api.ts";
import type { EventView } from "./event.ts";

/** Makes the body that a sink is given. */
export type Layout = (event: EventView, cluster: string | undefined) => unknown;

/** All ready forms. */
export const PRESETS: Readonly<Record<LayoutPreset, Layout>> = {
  raw: ({ body }) => body,
  cloudevents: cloudEvent,
  otlp: logRecord,
  slack: slackMessage,
  teams: teamsMessage,
};

/** CloudEvents 1.0, structured mode, JSON format. */
function cloudEvent(event: EventView, cluster: string | undefined): unknown {
  const { involvedObject: object, reason = "Unknown", type = "Normal" } = event.event;
  const { compositionId } = event.object;
  const path = ["kubernetes:/", cluster ?? "cluster", object.namespace ?? "", object.kind ?? "", object.name ?? ""];
  return {
    specversion: "1.0",
    id: event.id,
    source: path.map((part, index) => index === 0 ? part : encodeURIComponent(part)).join("/"),
    type: `io.k8s.event.${type.toLowerCase()}.${reason}`,
    ...(object.uid && { subject: object.uid }),
    ...(event.time && { time: event.time }),
    datacontenttype: "application/json",
    partitionkey: event.key,
    ...(compositionId && { compositionid: compositionId }),
    ...(cluster && { cluster }),
    data: event.body,
  };
}

/** Severity numbers of the OpenTelemetry log data model; other types have none. */
const SEVERITY: Readonly<Record<string, { readonly severityNumber: number; readonly severityText: string }>> = {
  normal: { severityNumber: 9, severityText: "Normal" },
  warning: { severityNumber: 13, severityText: "Warning" },
  error: { severityNumber: 17, severityText: "Error" },
  critical: { severityNumber: 21, severityText: "Critical" },
};

/** A log record of OTLP's JSON encoding, with the attribute names of the OpenTelemetry collector's receiver of Events. */
function logRecord(event: EventView, cluster: string | undefined): unknown {
  const { event: core, object: { compositionId } } = event;
  const { involvedObject: object, metadata } = core;
  const attributes = {
    "k8s.event.reason": core.reason,
    "k8s.event.action": stringOf(core["action"]),
    "k8s.event.start_time": core.firstTimestamp ?? metadata.creationTimestamp,
    "k8s.event.name": metadata.name,
    "k8s.event.uid": metadata.uid,
    "k8s.event.reporting_controller": core.reportingComponent || core.source?.component,
    "k8s.event.reporting_instance": core.reportingInstance || core.source?.host,
    "k8s.namespace.name": metadata.namespace,
    "k8s.object.kind": object.kind,
    "k8s.object.name": object.name,
    "k8s.object.uid": object.uid,
    "k8s.object.fieldpath": object.fieldPath,
    "k8s.object.api_version": object.apiVersion,
    "k8s.object.resource_version": object.resourceVersion,
    "k8s.cluster.name": cluster,
    "krateo.composition.id": compositionId,
  };
  const strings = Object.entries(attributes).flatMap(([key, value]) => {
    return value ? [{ key, value: { stringValue: value } }] : [];
  });
  const nanoseconds = String(BigInt(Date.parse(event.time) || event.received) * 1_000_000n);
  return {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: String(BigInt(event.received) * 1_000_000n),
    ...SEVERITY[(core.type ?? "").toLowerCase()],
    body: { stringValue: core.message ?? "" },
    attributes: [...strings, { key: "k8s.event.count", value: { intValue: String(event.count) } }],
  };
}

function headline({ event }: EventView): string {
  const { kind = "object", name = "", namespace } = event.involvedObject;
  return `${event.reason ?? "Event"}: ${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}

function facts(event: EventView, cluster: string | undefined): [string, string][] {
  const all: [string, string | undefined][] = [
    ["Cluster", cluster],
    ["Namespace", event.event.metadata.namespace],
    ["Composition", event.object.compositionId],
    ["Component", event.event.source?.component || event.event.reportingComponent],
    ["Count", event.count > 1 ? String(event.count) : undefined],
    ["Time", event.time],
  ];
  return all.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** Longest text of a Slack block, in characters. */
const SLACK_TEXT = 3_000;

/** A Slack message with blocks. `&`, `<` and `>` are what Slack's markup needs escaped. */
function slackMessage(event: EventView, cluster: string | undefined): unknown {
  const escape = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const message = escape(event.event.message ?? "").slice(0, SLACK_TEXT - 10) || " ";
  const fields = facts(event, cluster).map(([name, value]) => ({
    type: "mrkdwn",
    text: `*${name}*\n${escape(value).slice(0, 1_900)}`,
  }));
  return {
    text: escape(headline(event)),
    attachments: [{
      color: event.event.type === "Warning" ? "#d9822b" : "#2e7d32",
      blocks: [
        { type: "section", text: { type: "mrkdwn", text: `*${escape(headline(event)).slice(0, SLACK_TEXT - 2)}*` } },
        { type: "section", text: { type: "plain_text", text: message } },
        ...(fields.length > 0 ? [{ type: "section", fields }] : []),
      ],
    }],
  };
}

/** A Teams message with an Adaptive Card, as a workflow's webhook takes it. */
function teamsMessage(event: EventView, cluster: string | undefined): unknown {
  const text = (text: string, more: Record<string, unknown>) => ({ type: "TextBlock", text, wrap: true, ...more });
  const color = event.event.type === "Warning" ? "Attention" : "Good";
  return {
    type: "message",
    attachments: [{
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        body: [
          text(headline(event), { weight: "Bolder", size: "Medium", color }),
          text((event.event.message ?? "").slice(0, 10_000), {}),
          { type: "FactSet", facts: facts(event, cluster).map(([title, value]) => ({ title, value })) },
        ],
      },
    }],
  };
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
