import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { contextWith, deliveries, delivery, failure, ref, soon, withServer } from "./_testing.ts";
import type { Delivery } from "./types.ts";
import { webhook, type WebhookSettings } from "./webhook.ts";

async function send(settings: WebhookSettings, batch: readonly Delivery[]) {
  const sink = await webhook.open(settings, contextWith({ "auth/hmac": "k3y" }));
  try {
    await sink.send(batch, soon());
  } finally {
    await sink.close();
  }
}

Deno.test("webhook posts each body by itself, as the original does, with an id that is the same for each attempt", async () => {
  await withServer(() => new Response(null, { status: 204 }), async (url, seen) => {
    await send({ url: `${url}/handle?a=b` }, deliveries(0, 2));
    assert.deepEqual(seen.map(({ method, path, body }) => [method, path, JSON.parse(body)]), [
      ["POST", "/handle?a=b", delivery(0).event],
      ["POST", "/handle?a=b", delivery(1).event],
    ]);
    assert.deepEqual(seen.map(({ headers }) => headers.get("idempotency-key")), ["uid-0/100", "uid-1/101"]);
    assert.equal(seen[0]?.headers.get("content-type"), "application/json");
  });
});

Deno.test("webhook posts a batch as an array or as lines", async () => {
  const bodies = deliveries(0, 3).map(({ body }) => JSON.stringify(body));
  const rows: [format: "array" | "ndjson", body: string, type: string][] = [
    ["array", `[${bodies.join(",")}]`, "application/json"],
    ["ndjson", bodies.map((body) => `${body}\n`).join(""), "application/x-ndjson"],
  ];
  for (const [format, body, type] of rows) {
    await withServer(() => new Response(), async (url, seen) => {
      await send({ url, format }, deliveries(0, 3));
      assert.deepEqual(seen.map((one) => [one.body, one.headers.get("content-type")]), [[body, type]]);
    });
  }
});

Deno.test("webhook signs the bytes of the body", async () => {
  await withServer(() => new Response(), async (url, seen) => {
    const batch = [delivery(0, { message: "é€😀" })];
    await send({ url, signature: ref("hmac") }, batch);
    await send({ url, signature: { ...ref("hmac"), header: "X-Sign" } }, batch);
    const expected = `sha256=${createHmac("sha256", "k3y").update(seen[0]?.body ?? "", "utf8").digest("hex")}`;
    assert.equal(seen[0]?.headers.get("x-hub-signature-256"), expected);
    assert.equal(seen[1]?.headers.get("x-sign"), expected);
  });
});

Deno.test("webhook delivers the others when one body is refused, and stops where the receiver has gone", async () => {
  await withServer(
    (_, index) => new Response(null, { status: [200, 422, 200, 502][index] ?? 200 }),
    async (url, seen) => {
      const error = await failure(send({ url }, deliveries(0, 5)));
      assert.equal(error.reason, "Unavailable");
      assert.deepEqual(error.failed?.map(({ id, reason }) => [id, reason]), [
        ["uid-1/101", "Refused"],
        ["uid-3/103", "Unavailable"],
        ["uid-4/104", "Unavailable"],
      ]);
      assert.equal(seen.length, 4);
    },
  );
});

Deno.test("webhook refuses to open without its key", async () => {
  const secretRef = { name: "auth", key: "missing" };
  assert.equal(
    (await failure(webhook.open({ url: "http://127.0.0.1", signature: { secretRef } }, contextWith()))).reason,
    "Misconfigured",
  );
});
