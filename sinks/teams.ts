/** Events as Adaptive Cards in Microsoft Teams, by the webhook of a workflow. */
import { chatKind, type ChatSettings, factsOf, saidIn, short, titleOf } from "./_chat.ts";
import { isRecord } from "./_json.ts";
import type { Delivery, SinkKind } from "./types.ts";

const INTERVAL = 1_000;
/** Characters of an Event's text: a message may have 28 KB, and tell of up to 20 Events. */
const MAX_TEXT = 800;

/** `spec.sink.teams`. */
export const teams: SinkKind<ChatSettings> = chatKind({
  name: "teams",
  title: "Teams",
  interval: INTERVAL,
  message: teamsMessage,
  isMessage: (body) => isRecord(body) && "attachments" in body && ("type" in body || "@type" in body),
  // 404, 410: the workflow was deleted.
  reasonOf: ({ status }) => status === 404 || status === 410 ? "Misconfigured" : undefined,
  // Older webhooks answer 200 whatever happened.
  failureIn: ({ text }) => /returned HTTP error \d{3}[^"]*/.exec(text)?.[0],
});

/** One message about these deliveries: a card with a container each. */
export function teamsMessage(batch: readonly Delivery[]): unknown {
  return {
    type: "message",
    attachments: [{
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        msteams: { width: "Full" },
        body: batch.map(containerOf),
      },
    }],
  };
}

function containerOf(delivery: Delivery) {
  const style = delivery.event.type === "Normal" ? "good" : delivery.event.type === "Warning" ? "warning" : "attention";
  return {
    type: "Container",
    style,
    separator: true,
    items: [
      plain(short(titleOf(delivery), 200), { weight: "Bolder" }),
      plain(short(saidIn(delivery), MAX_TEXT), {}),
      { type: "FactSet", facts: factsOf(delivery).map(([title, value]) => ({ title, value: short(value, 200) })) },
    ],
  };
}

/** A run of text, since a text block would take the Event's own characters for Markdown. */
function plain(text: string, style: Readonly<Record<string, string>>) {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", text, ...style }] };
}
