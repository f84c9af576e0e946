/** Events as CloudEvents 1.0 over HTTP: structured, binary or batched content mode. */
import { deliver, sendEach } from "./_batch.ts";
import { httpProperties, type HttpSettings, openHttp } from "./_http.ts";
import { httpUrl, object, oneOf, string } from "./_schema.ts";
import type { Delivery, SinkKind } from "./types.ts";

/** Settings of `spec.sink.cloudevents`. */
export interface CloudEventsSettings extends HttpSettings, CloudEventOptions {
  readonly url: string;
  /** `structured` and `binary`: a request for each event; `batch`: one for each batch. Default `structured`. */
  readonly mode?: "structured" | "binary" | "batch";
}

/** What {@linkcode toCloudEvent} cannot know. */
export interface CloudEventOptions {
  /** `source`; default `/kubernetes/<cluster>`. */
  readonly source?: string;
  /** `type`; default `io.k8s.core.v1.event`. */
  readonly type?: string;
}

/** A CloudEvent in its JSON format. */
export interface CloudEvent extends Readonly<Record<string, unknown>> {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
}

const DEFAULT_TYPE = "io.k8s.core.v1.event";

/** `spec.sink.cloudevents`. `source` and `id` are the same for each attempt, so that a receiver can drop what it has. */
export const cloudevents: SinkKind<CloudEventsSettings> = {
  name: "cloudevents",
  acknowledges: true,
  schema: object("Posts each event as a CloudEvent 1.0.", {
    url: httpUrl("Address to post to."),
    mode: oneOf("Content mode: one structured or binary event in a request, or a batch of them.", [
      "structured",
      "binary",
      "batch",
    ]),
    source: string("Attribute source: a URI reference; /kubernetes/<cluster> by default."),
    type: string("Attribute type.", { default: DEFAULT_TYPE }),
    ...httpProperties,
  }, ["url"]),
  async open(settings, context) {
    const { url, mode = "structured" } = settings;
    const http = await openHttp(settings, { url }, context);
    const post = async (
      batch: readonly Delivery[],
      body: string,
      headers: Record<string, string>,
      signal: AbortSignal,
    ) => {
      await http.send({ what: deliver(batch), body, headers, signal });
    };
    const one = (delivery: Delivery, signal: AbortSignal) => {
      const event = toCloudEvent(delivery, settings);
      return mode === "binary"
        ? post([delivery], JSON.stringify(event.data ?? null), binaryHeaders(event), signal)
        : post(
          [delivery],
          JSON.stringify(event),
          { "content-type": "application/cloudevents+json; charset=utf-8" },
          signal,
        );
    };
    const many = (part: readonly Delivery[], signal: AbortSignal) => {
      const events = part.map((delivery) => toCloudEvent(delivery, settings));
      const headers = { "content-type": "application/cloudevents-batch+json; charset=utf-8" };
      return post(part, JSON.stringify(events), headers, signal);
    };
    return {
      send: (batch, signal) => mode === "batch" ? many(batch, signal) : sendEach(batch, (d) => one(d, signal)),
      close: () => Promise.resolve(http.close()),
    };
  },
};

/** A delivery as a CloudEvent; a body that is one already stays as it is. */
export function toCloudEvent(delivery: Delivery, options: CloudEventOptions = {}): CloudEvent {
  const { id, event, body, key, time, compositionId, cluster } = delivery;
  if (isCloudEvent(body)) return body;
  const { kind, namespace, name } = event.involvedObject;
  const subject = [kind, namespace, name].filter(Boolean).join("/");
  return {
    specversion: "1.0",
    id,
    source: options.source ?? `/kubernetes/${encodeURIComponent(cluster ?? "")}`,
    type: options.type ?? DEFAULT_TYPE,
    ...(subject !== "" && { subject }),
    time,
    datacontenttype: "application/json",
    partitionkey: key,
    ...(compositionId !== "" && { compositionid: compositionId }),
    data: body,
  };
}

function isCloudEvent(body: unknown): body is CloudEvent {
  return typeof body === "object" && body !== null && "specversion" in body && body.specversion === "1.0" &&
    "id" in body && typeof body.id === "string" && "source" in body && "type" in body;
}

/** Attributes as headers, as the HTTP binding's binary mode writes them. */
function binaryHeaders(event: CloudEvent): Record<string, string> {
  const headers: Record<string, string> = { "content-type": String(event.datacontenttype ?? "application/json") };
  for (const [name, value] of Object.entries(event)) {
    if (name === "data" || name === "data_base64" || name === "datacontenttype") continue;
    headers[`ce-${name}`] = headerValue(String(value));
  }
  return headers;
}

/** Space, `"`, `%` and everything that is not printable ASCII are percent-encoded (CloudEvents HTTP binding 3.1.3.2). */
function headerValue(text: string): string {
  return text.toWellFormed().replace(
    /[^\x21\x23\x24\x26-\x7e]/gu,
    (character) =>
      [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
        .join(""),
  );
}
