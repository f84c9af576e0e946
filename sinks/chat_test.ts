import assert from "node:assert/strict";
import type { ChatSettings } from "./_chat.ts";
import { pace } from "./_pace.ts";
import { contextWith, deliveries, delivery, failure, ref, soon, withServer } from "./_testing.ts";
import { slack, slackMessage } from "./slack.ts";
import { teams, teamsMessage } from "./teams.ts";
import type { Delivery, SinkKind } from "./types.ts";

async function send(
  kind: SinkKind<ChatSettings>,
  url: string,
  batch: readonly Delivery[],
  more: Partial<ChatSettings> = {},
) {
  const sink = await kind.open({ webhook: ref("url"), ...more }, contextWith({ "auth/url": `${url}/hook/s3cr3t\n` }));
  try {
    await sink.send(batch, soon());
  } finally {
    await sink.close();
  }
}

Deno.test("slack tells of a batch in one message, and nothing in an Event calls a channel", async () => {
  await withServer(() => new Response("ok"), async (url, seen) => {
    const message = "<!channel> a & b > c\u001b[2J";
    await send(slack, url, [delivery(0, { message }), delivery(1, { type: "Normal", count: 7 })]);
    assert.equal(seen.length, 1);
    assert.equal(seen[0]?.path, "/hook/s3cr3t");
    assert.deepEqual(JSON.parse(seen[0]?.body ?? ""), {
      text: "2 events",
      attachments: [
        {
          color: "warning",
          fallback: "BackOff: Pod demo/web: &lt;!channel&gt; a &amp; b &gt; c [2J",
          title: "BackOff: Pod demo/web",
          text: "&lt;!channel&gt; a &amp; b &gt; c [2J",
          footer: "Composition comp-1 · From kubelet · Time 2026-01-02T03:04:05Z",
          mrkdwn_in: [],
        },
        {
          color: "good",
          fallback: "BackOff: Pod demo/web: message 1",
          title: "BackOff: Pod demo/web",
          text: "message 1",
          footer: "Composition comp-1 · Count 7 · From kubelet · Time 2026-01-02T03:04:06Z",
          mrkdwn_in: [],
        },
      ],
    });
  });
});

Deno.test("slack sends a layout that is a message as it is", async () => {
  await withServer(() => new Response("ok"), async (url, seen) => {
    await send(slack, url, [delivery(0, {}, { body: { text: "mine" } })]);
    assert.equal(seen[0]?.body, '{"text":"mine"}');
  });
});

Deno.test("slack keeps a second between two messages, and gives the wait up when its signal aborts", async () => {
  await withServer(() => new Response("ok"), async (url, seen) => {
    const sink = await slack.open({ webhook: ref("url"), eventsPerMessage: 1 }, contextWith({ "auth/url": url }));
    const error = await failure(sink.send(deliveries(0, 3), soon(300)));
    await sink.close();
    assert.equal(error.reason, "Unavailable");
    assert.deepEqual(error.failed?.map(({ id }) => id), ["uid-1/101", "uid-2/102"]);
    assert.equal(seen.length, 1);
  });
});

Deno.test("pace() lets the first through at once and the next after the interval", async () => {
  const turn = pace(40);
  const started = performance.now();
  for (let n = 0; n < 3; n += 1) await turn(soon());
  assert.ok(performance.now() - started >= 79);
});

Deno.test("slack and teams say what a refusal means, and never show the webhook's URL", async () => {
  const rows: [kind: SinkKind<ChatSettings>, status: number, body: string, reason: string][] = [
    [slack, 400, "invalid_payload", "Refused"],
    [slack, 403, "action_prohibited", "Misconfigured"],
    [slack, 404, "no_service", "Misconfigured"],
    [slack, 410, "channel_is_archived", "Misconfigured"],
    [slack, 429, "rate_limited", "Unavailable"],
    [teams, 404, "", "Misconfigured"],
    [
      teams,
      200,
      "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId",
      "Unavailable",
    ],
    [teams, 413, "", "Refused"],
  ];
  for (const [kind, status, body, reason] of rows) {
    await withServer(() => new Response(body, { status, headers: { "retry-after": "3" } }), async (url) => {
      const error = await failure(send(kind, url, [delivery(0)]));
      assert.equal(error.reason, reason, `${kind.name} ${status}`);
      assert.doesNotMatch(error.message, /s3cr3t/);
      if (status === 429) assert.equal(error.retryAfter, 3_000);
    });
  }
});

Deno.test("slack and teams refuse a webhook that is no URL without showing it", async () => {
  for (const kind of [slack, teams]) {
    const error = await failure(kind.open({ webhook: ref("url") }, contextWith({ "auth/url": "s3cr3t" })));
    assert.equal(error.reason, "Misconfigured");
    assert.doesNotMatch(error.message, /s3cr3t/);
  }
});

Deno.test("teams sends an Adaptive Card in which an Event's text is no Markdown", async () => {
  await withServer(() => new Response(null, { status: 202 }), async (url, seen) => {
    await send(teams, url, [delivery(0, { message: "**bold** [a](http://b)" })]);
    const sent = JSON.parse(seen[0]?.body ?? "");
    assert.equal(sent.type, "message");
    const [attachment] = sent.attachments;
    assert.equal(attachment.contentType, "application/vnd.microsoft.card.adaptive");
    assert.equal(attachment.content.type, "AdaptiveCard");
    assert.deepEqual(attachment.content.body[0].items[1], {
      type: "RichTextBlock",
      inlines: [{ type: "TextRun", text: "**bold** [a](http://b)" }],
    });
  });
});

Deno.test("messages of twenty long Events keep within what the services take", () => {
  const batch = Array.from(
    { length: 20 },
    (_, n) => delivery(n, { message: "é".repeat(100_000), reason: "r".repeat(128) }),
  );
  const bytes = (message: unknown) => new TextEncoder().encode(JSON.stringify(message)).length;
  assert.ok(bytes(slackMessage(batch)) < 250_000);
  assert.ok(bytes(teamsMessage(batch.slice(0, 10))) < 28 * 1024);
});
