/** Events as messages in Slack, by an incoming webhook. */
import { chatKind, type ChatSettings, factsOf, saidIn, short, titleOf } from "./_chat.ts";
import { isRecord } from "./_json.ts";
import type { Delivery, SinkKind } from "./types.ts";

/** Slack's limit for incoming webhooks. */
const INTERVAL = 1_000;
/** Characters of an Event's text: more would be cut behind "Show more" anyway. */
const MAX_TEXT = 2_500;

/** `spec.sink.slack`. */
export const slack: SinkKind<ChatSettings> = chatKind({
  name: "slack",
  title: "Slack",
  interval: INTERVAL,
  message: slackMessage,
  isMessage: (body) => isRecord(body) && ("text" in body || "blocks" in body || "attachments" in body),
  // no_service, channel_not_found, channel_is_archived: the webhook leads nowhere, no matter what is sent.
  reasonOf: ({ status }) => status === 404 || status === 410 ? "Misconfigured" : undefined,
});

/** One message about these deliveries: an attachment each, the colour by the Event's type. */
export function slackMessage(batch: readonly Delivery[]): unknown {
  const [first] = batch;
  const text = batch.length === 1 && first !== undefined ? titleOf(first) : `${batch.length} events`;
  return { text: escaped(short(text, MAX_TEXT)), attachments: batch.map(attachmentOf) };
}

function attachmentOf(delivery: Delivery) {
  const title = escaped(short(titleOf(delivery), 300));
  const text = escaped(short(saidIn(delivery), MAX_TEXT));
  const facts = factsOf(delivery).map(([name, value]) => `${name} ${escaped(short(value, 300))}`).join(" · ");
  return {
    color: delivery.event.type === "Normal" ? "good" : delivery.event.type === "Warning" ? "warning" : "danger",
    fallback: `${title}: ${text}`,
    title,
    text,
    footer: facts,
    mrkdwn_in: [],
  };
}

/** The three characters with a meaning in Slack's text: otherwise `<!channel>` in a message would call everybody. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
