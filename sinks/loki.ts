/** Events to Grafana Loki by its push API. */
import { deliver } from "./_batch.ts";
import { lineOf } from "./_body.ts";
import { httpProperties, type HttpSettings, openHttp } from "./_http.ts";
import { flag, httpUrl, list, object, string } from "./_schema.ts";
import { nanoseconds } from "./_time.ts";
import type { Delivery, SinkKind } from "./types.ts";

/** Settings of `spec.sink.loki`. */
export interface LokiSettings extends HttpSettings {
  /** Loki's address, without `/loki/api/v1/push`. */
  readonly url: string;
  /** `X-Scope-OrgID`. */
  readonly tenant?: string;
  /** Labels of every stream. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels that are taken from the Event. Only such as have few values: each combination is a stream of its own. */
  readonly eventLabels?: readonly EventLabel[];
  /** Whether name, uid and so on, which have too many values for labels, go along as structured metadata (Loki 3). */
  readonly structuredMetadata?: boolean;
}

/** Fields of an Event with few enough values to be labels. */
export type EventLabel = "cluster" | "namespace" | "kind" | "type" | "reason" | "component" | "compositionId";

const EVENT_LABELS: Readonly<Record<EventLabel, (delivery: Delivery) => string | undefined>> = {
  cluster: ({ cluster }) => cluster,
  namespace: ({ event }) => event.involvedObject.namespace ?? event.metadata.namespace,
  kind: ({ event }) => event.involvedObject.kind,
  type: ({ event }) => event.type,
  reason: ({ event }) => event.reason,
  component: ({ event }) => event.source?.component || event.reportingComponent,
  compositionId: ({ compositionId }) => compositionId,
};

const DEFAULT_LABELS: readonly EventLabel[] = ["cluster", "namespace", "kind", "type"];
/** Characters of a label's value: Loki refuses more than 2048 by default. */
const MAX_VALUE = 1024;

/** `spec.sink.loki`. Loki keeps a line that it has at the same time in the same stream once. */
export const loki: SinkKind<LokiSettings> = {
  name: "loki",
  acknowledges: true,
  schema: object("Pushes each event as a line to Grafana Loki.", {
    url: httpUrl("Address of Loki; /loki/api/v1/push is appended."),
    tenant: string("Tenant (X-Scope-OrgID).", { maxLength: 150 }),
    labels: {
      type: "object",
      description: "Labels of every stream.",
      maxProperties: 8,
      additionalProperties: { type: "string", maxLength: MAX_VALUE },
      default: { job: "eventrouter" },
      "x-kubernetes-validations": [{
        rule: "self.all(name, name.matches('^[a-zA-Z_][a-zA-Z0-9_]{0,127}$'))",
        message: "a label's name consists of letters, digits and _, and does not begin with a digit",
      }],
    },
    eventLabels: {
      ...list(
        "Labels that are taken from the Event. Each combination of values is a stream of its own: take few.",
        { type: "string", enum: Object.keys(EVENT_LABELS) },
        7,
      ),
      default: DEFAULT_LABELS,
      "x-kubernetes-list-type": "set",
    },
    structuredMetadata: flag("Send name, uid, reason and composition as structured metadata (Loki 3)."),
    ...httpProperties,
  }, ["url"]),
  async open(settings, context) {
    const http = await openHttp(settings, { url: settings.url }, context);
    const headers = {
      "content-type": "application/json",
      ...(settings.tenant !== undefined && { "x-scope-orgid": settings.tenant }),
    };
    const push = async (part: readonly Delivery[], signal: AbortSignal) => {
      const body = JSON.stringify({ streams: streamsOf(part, settings, Date.now()) });
      await http.send({ what: deliver(part), path: "/loki/api/v1/push", headers, body, signal });
    };
    return {
      send: (batch, signal) => push(batch, signal),
      close: () => Promise.resolve(http.close()),
    };
  },
};

type Entry = readonly [time: string, line: string, metadata?: Readonly<Record<string, string>>];

/** The body's `streams`: entries with equal labels together, in the batch's order. */
export function streamsOf(
  batch: readonly Delivery[],
  { labels = { job: "eventrouter" }, eventLabels = DEFAULT_LABELS, structuredMetadata = false }: Omit<
    LokiSettings,
    "url"
  >,
  now: number,
): { readonly stream: Readonly<Record<string, string>>; readonly values: readonly Entry[] }[] {
  const streams = new Map<string, { stream: Record<string, string>; values: Entry[] }>();
  for (const delivery of batch) {
    const stream: Record<string, string> = { ...labels };
    for (const name of eventLabels) {
      const value = EVENT_LABELS[name](delivery)?.toWellFormed().slice(0, MAX_VALUE);
      if (value) stream[labelName(name)] = value;
    }
    const key = JSON.stringify(stream);
    const found = streams.get(key) ?? { stream, values: [] };
    streams.set(key, found);
    const entry = [nanoseconds(delivery.time, now), lineOf(delivery)] as const;
    found.values.push(structuredMetadata ? [...entry, metadataOf(delivery)] : entry);
  }
  return [...streams.values()];
}

function labelName(name: EventLabel): string {
  return name === "compositionId" ? "composition_id" : name;
}

function metadataOf({ event, compositionId }: Delivery): Readonly<Record<string, string>> {
  const { name, uid } = event.involvedObject;
  const all = { name, uid, reason: event.reason, composition_id: compositionId };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => value ? [[key, value]] : []));
}
