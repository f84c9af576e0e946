/** What the sinks for chat services share: the address is a secret, the pace is limited, a message tells of several Events. */
import { abortError, deliver, sendParts } from "./_batch.ts";
import { type HttpAnswer, openHttp } from "./_http.ts";
import { pace } from "./_pace.ts";
import { integer, object, secretRef } from "./_schema.ts";
import { tlsSchema, type TlsSettings } from "./_tls.ts";
import { type Delivery, type SecretRef, SinkError, type SinkErrorReason, type SinkKind } from "./types.ts";

/** Settings of `spec.sink.slack` and `spec.sink.teams`. */
export interface ChatSettings {
  /** The incoming webhook's URL: who has it can post. */
  readonly webhook: { readonly secretRef: SecretRef };
  /** Events that one message may tell of. Default 10. */
  readonly eventsPerMessage?: number;
  readonly tls?: TlsSettings;
}

/** How a service differs. */
export interface ChatService {
  readonly name: string;
  readonly title: string;
  /** ms between two messages. */
  readonly interval: number;
  /** The message that tells of these Events; a body that is one already is sent as it is. */
  message(batch: readonly Delivery[]): unknown;
  /** Whether a layout has made a whole message of the body. */
  isMessage(body: unknown): boolean;
  /** Judges an answer that is no 2xx where HTTP's own meaning is not right. */
  reasonOf?(answer: HttpAnswer): SinkErrorReason | undefined;
  /** What a 2xx answer that means a failure says. */
  failureIn?(answer: HttpAnswer): string | undefined;
}

const DEFAULT_PER_MESSAGE = 10;

/** The kind for a service. */
export function chatKind(service: ChatService): SinkKind<ChatSettings> {
  return {
    name: service.name,
    acknowledges: true,
    // People read it: one message about several Events rather than several messages.
    batch: { count: DEFAULT_PER_MESSAGE, wait: 2_000 },
    schema: object(`Tells of events in ${service.title}, at most one message a second.`, {
      webhook: object("The incoming webhook.", {
        secretRef: secretRef("Its URL. Whoever has it can post, so that it is kept in a Secret."),
      }, ["secretRef"]),
      eventsPerMessage: integer("Events that one message may tell of.", 1, 20, DEFAULT_PER_MESSAGE),
      tls: tlsSchema,
    }, ["webhook"]),
    async open({ webhook, tls, eventsPerMessage = DEFAULT_PER_MESSAGE }, context) {
      const url = (await context.secret(webhook.secretRef)).trim();
      const label = labelOf(url, service.title);
      const judge = service.reasonOf?.bind(service);
      const http = await openHttp(tls ? { tls } : {}, { url, label, ...(judge && { reasonOf: judge }) }, context);
      const turn = pace(service.interval);
      const post = async (part: readonly Delivery[], signal: AbortSignal) => {
        await turn(signal).catch(() => {
          throw abortError(signal, part, label);
        });
        const [first] = part;
        const message = first !== undefined && service.isMessage(first.body) ? first.body : service.message(part);
        const what = deliver(part);
        const headers = { "content-type": "application/json" };
        const answer = await http.send({ what, headers, body: JSON.stringify(message), signal });
        const said = service.failureIn?.(answer);
        if (said !== undefined) throw new SinkError("Unavailable", `Cannot ${what} to ${label}: it says ${said}`);
      };
      return {
        send: (batch, signal) => sendParts(messagesOf(batch, eventsPerMessage, service), (part) => post(part, signal)),
        close: () => Promise.resolve(http.close()),
      };
    },
  };
}

/** The host alone: the rest of the URL is the secret. */
function labelOf(url: string, title: string): string {
  const host = URL.parse(url)?.host;
  return host ? `${title} at ${host}` : title;
}

/** The batch cut into messages; a body that is a message already is one of its own. */
function messagesOf(batch: readonly Delivery[], size: number, service: ChatService): Delivery[][] {
  const messages: Delivery[][] = [];
  let open: Delivery[] | undefined;
  for (const delivery of batch) {
    if (service.isMessage(delivery.body)) {
      messages.push([delivery]);
      open = undefined;
    } else if (open === undefined || open.length >= size) {
      open = [delivery];
      messages.push(open);
    } else {
      open.push(delivery);
    }
  }
  return messages;
}

/** `BackOff: Pod demo/web`. */
export function titleOf({ event }: Delivery): string {
  const { kind, namespace, name } = event.involvedObject;
  const what = [kind, [namespace, name].filter(Boolean).join("/")].filter(Boolean).join(" ");
  return [event.reason, what].filter(Boolean).join(": ") || "Event";
}

/** A text of at most `length` characters, without control characters, which chat services refuse or act upon. */
export function short(text: string, length: number): string {
  const clean = text.toWellFormed().replace(/(?![\t\n])\p{Cc}/gu, " ");
  return clean.length <= length ? clean : `${clean.slice(0, length - 1).toWellFormed()}…`;
}

/** What is said beneath a message, name and value. */
export function factsOf({ event, cluster, compositionId, time }: Delivery): [name: string, value: string][] {
  const facts: [string, string | undefined][] = [
    ["Cluster", cluster],
    ["Composition", compositionId],
    ["Count", event.count !== undefined && event.count > 1 ? String(event.count) : undefined],
    ["From", event.source?.component || event.reportingComponent],
    ["Time", time],
  ];
  return facts.flatMap(([name, value]) => value ? [[name, value]] : []);
}

/** What an Event says: its message, or what a layout made of it. */
export function saidIn({ body, event }: Delivery): string {
  if (body === event) return event.message ?? "";
  return typeof body === "string" ? body : JSON.stringify(body);
}
