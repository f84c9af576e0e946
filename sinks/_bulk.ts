/** The `_bulk` API, which Elasticsearch and OpenSearch share. */
import { deliver, type Failed, throwFailed } from "./_batch.ts";
import { httpProperties, type HttpSettings, openHttp } from "./_http.ts";
import { isRecord, parsed } from "./_json.ts";
import { flag, httpUrl, object, oneOf, secretRef, string } from "./_schema.ts";
import { type Delivery, type SecretRef, SinkError, type SinkErrorReason, type SinkKind } from "./types.ts";

/** Settings of `spec.sink.elasticsearch` and `spec.sink.opensearch`. */
export interface BulkSettings extends HttpSettings {
  readonly url: string;
  /** Index, alias or data stream. */
  readonly index: string;
  /** Whether the event's day or month is appended to the index: `kube-events-2026.01.31`. Default `none`. */
  readonly indexDate?: "none" | "day" | "month";
  /** Ingest pipeline. */
  readonly pipeline?: string;
  /** `Authorization: ApiKey`. */
  readonly apiKey?: { readonly secretRef: SecretRef };
  /** Writes `_` for `.` in the names of fields, since the server would make objects of them. */
  readonly deDot?: boolean;
}

/** Bytes of an answer: about 200 for each of a batch's items. */
const MAX_ANSWER = 16 * 1024 * 1024;

/** The kind for a server of that name. Documents are created under the delivery's id, so that a second attempt changes nothing. */
export function bulkKind(name: string, title: string): SinkKind<BulkSettings> {
  return {
    name,
    acknowledges: true,
    schema: object(`Creates a document for each event in ${title}.`, {
      url: httpUrl(`Address of ${title}; /_bulk is appended.`),
      index: string("Index, alias or data stream.", {
        maxLength: 200,
        pattern: '^[^A-Z\\\\/*?"<>| ,#:_+-][^A-Z\\\\/*?"<>| ,#:]*$',
      }),
      indexDate: oneOf("Date of the event to append to the index: -2026.01.31 or -2026.01.", ["none", "day", "month"]),
      pipeline: string("Ingest pipeline.", { maxLength: 200 }),
      apiKey: object("Authorization: ApiKey.", { secretRef: secretRef("The encoded key.") }, ["secretRef"]),
      deDot: flag("Write _ for . in the names of fields, of which the server would make objects."),
      ...httpProperties,
    }, ["url", "index"]),
    async open(settings, context) {
      const { url, apiKey, pipeline } = settings;
      const http = await openHttp(settings, { url, maxAnswer: MAX_ANSWER, reasonOf }, context);
      const headers = {
        "content-type": "application/x-ndjson",
        ...(apiKey && { authorization: `ApiKey ${(await context.secret(apiKey.secretRef)).trim()}` }),
      };
      const path = pipeline === undefined ? "/_bulk" : `/_bulk?pipeline=${encodeURIComponent(pipeline)}`;
      const create = async (part: readonly Delivery[], signal: AbortSignal) => {
        const body = part.map((delivery) => actionOf(delivery, settings)).join("");
        const answer = await http.send({ what: deliver(part), path, headers, body, signal });
        throwFailed(part, failedOf(part, answer.text, http.label));
      };
      return {
        send: (batch, signal) => create(batch, signal),
        close: () => Promise.resolve(http.close()),
      };
    },
  };
}

/** 404: no such pipeline, or a proxy without this path; no document is at fault. */
function reasonOf({ status }: { readonly status: number }): SinkErrorReason | undefined {
  return status === 404 || status === 405 ? "Misconfigured" : undefined;
}

/** Two lines of the body: the action, and the document. */
function actionOf(delivery: Delivery, { index, indexDate = "none", deDot = false }: BulkSettings): string {
  const date = new Date(delivery.time);
  const day = Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10).replaceAll("-", ".");
  const suffix = indexDate === "none" || day === undefined ? "" : `-${indexDate === "day" ? day : day.slice(0, 7)}`;
  const action = { create: { _index: index + suffix, _id: delivery.id } };
  return `${JSON.stringify(action)}\n${JSON.stringify(documentOf(delivery, deDot))}\n`;
}

/** An object with `@timestamp`, which data streams ask for. */
function documentOf({ body, time }: Delivery, deDot: boolean): Record<string, unknown> {
  const whole: Record<string, unknown> = typeof body === "object" && body !== null && !Array.isArray(body)
    ? withoutManagedFields(body)
    : { message: typeof body === "string" ? body : JSON.stringify(body) };
  const document = deDot ? withoutDots(whole) : whole;
  return "@timestamp" in document ? document : { "@timestamp": time, ...document };
}

/** Their names are paths of fields: each would become a field of the index. */
function withoutManagedFields(body: object): Record<string, unknown> {
  if (!("metadata" in body) || typeof body.metadata !== "object" || body.metadata === null) return { ...body };
  const { managedFields: _, ...metadata } = { managedFields: undefined, ...body.metadata };
  return { ...body, metadata };
}

function withoutDots(value: Record<string, unknown>): Record<string, unknown> {
  const inside = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(inside);
    return typeof part === "object" && part !== null ? withoutDots({ ...part }) : part;
  };
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name.replaceAll(".", "_"), inside(part)]));
}

/** Reads the answer's item for each delivery. A document that is there already was created by an earlier attempt. */
function failedOf(part: readonly Delivery[], text: string, label: string): Failed[] {
  const items = itemsOf(text);
  if (items?.length !== part.length) {
    throw new SinkError("Unavailable", `Cannot ${deliver(part)} to ${label}: its answer is no answer of _bulk`);
  }
  return part.flatMap(({ id }, index) => {
    const item = items[index];
    if (item === undefined || item.status < 300 || item.status === 409) return [];
    const message = `Cannot create document "${id}" at ${label}: ${item.status} ${item.error}`;
    return [{ id, reason: reasonOfItem(item.status), message }];
  });
}

function reasonOfItem(status: number): SinkErrorReason {
  if (status === 429 || status >= 500) return "Unavailable";
  return status === 401 || status === 403 || status === 404 ? "Misconfigured" : "Refused";
}

interface Item {
  readonly status: number;
  readonly error: string;
}

/** `undefined` where the answer is none of this API. */
function itemsOf(text: string): Item[] | undefined {
  const answer = parsed(text);
  if (!isRecord(answer) || !Array.isArray(answer.items)) return undefined;
  return answer.items.map((item: unknown) => {
    const create = isRecord(item) && isRecord(item.create) ? item.create : {};
    const error = isRecord(create.error) ? `${create.error.type}: ${create.error.reason}` : "";
    return { status: typeof create.status === "number" ? create.status : 500, error };
  });
}
