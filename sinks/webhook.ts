/** `webhook`: JSON by HTTP POST, as the original eventrouter sends it, and in batches where the receiver takes them. */
import { createHmac } from "node:crypto";
import { deliver, sendEach } from "./_batch.ts";
import { jsonOf } from "./_body.ts";
import { joinedBytes } from "./_bytes.ts";
import { type HttpClient, httpProperties, type HttpRequest, type HttpSettings, openHttp } from "./_http.ts";
import { httpUrl, object, oneOf, secretRef, string } from "./_schema.ts";
import type { Delivery, SecretRef, Sink, SinkKind } from "./types.ts";

/** `spec.sink.webhook`. */
export interface WebhookSettings extends HttpSettings {
  /** Where to POST to: http or https. */
  readonly url: string;
  /**
   * `object`: one body a request, as the original does; the default. `array`: a JSON array a batch. `ndjson`: a line each.
   */
  readonly format?: WebhookFormat;
  /** Signs each request's body with HMAC-SHA256. */
  readonly signature?: {
    /** The key. */
    readonly secretRef: SecretRef;
    /** Header that carries `sha256=<hex>`. Default `X-Hub-Signature-256`. */
    readonly header?: string;
  };
}

/** How a batch becomes requests. */
export type WebhookFormat = "object" | "array" | "ndjson";

const CONTENT_TYPE: Readonly<Record<WebhookFormat, string>> = {
  object: "application/json",
  array: "application/json",
  ndjson: "application/x-ndjson",
};

/** What stands around the JSON of a batch. */
const BRACKETS = {
  array: { before: "[", between: ",", after: "]" },
  ndjson: { between: "\n", after: "\n" },
};

/** JSON by HTTP POST. */
export const webhook: SinkKind<WebhookSettings> = {
  name: "webhook",
  acknowledges: true,
  // As the original; who sets `format` sets `batch` as well.
  batch: { count: 1 },
  schema: object("JSON by HTTP POST.", {
    url: httpUrl("Where to POST to."),
    format: oneOf("object: one event a request; array: a JSON array a batch; ndjson: a line an event.", [
      "object",
      "array",
      "ndjson",
    ]),
    signature: object("HMAC-SHA256 of the body, as sha256=<hex> in a header.", {
      secretRef: secretRef("The key."),
      header: string("Name of the header.", { maxLength: 256, default: "X-Hub-Signature-256" }),
    }, ["secretRef"]),
    ...httpProperties,
  }, ["url"]),
  async open(settings, context) {
    const key = settings.signature && await context.secret(settings.signature.secretRef);
    const client = await openHttp(settings, { url: settings.url, maxAnswer: 4096 }, context);
    return new Webhook(settings, client, key);
  },
};

class Webhook implements Sink {
  readonly #settings: WebhookSettings;
  readonly #client: HttpClient;
  readonly #key: string | undefined;
  readonly #format: WebhookFormat;

  constructor(settings: WebhookSettings, client: HttpClient, key: string | undefined) {
    this.#settings = settings;
    this.#client = client;
    this.#key = key;
    this.#format = settings.format ?? "object";
  }

  async send(batch: readonly Delivery[], signal: AbortSignal): Promise<void> {
    if (this.#format === "object") {
      return await sendEach(
        batch,
        (one) => this.#post(jsonOf(one), deliver([one]), signal, { "idempotency-key": one.id }),
      );
    }
    const bodies = batch.map(jsonOf);
    const bytes = joinedBytes(bodies, BRACKETS[this.#format]);
    await this.#post(bytes, deliver(batch), signal, {});
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #post(
    body: HttpRequest["body"],
    what: string,
    signal: AbortSignal,
    more: Record<string, string>,
  ): Promise<void> {
    const headers: Record<string, string> = { "content-type": CONTENT_TYPE[this.#format], ...more };
    if (this.#key !== undefined) {
      const digest = createHmac("sha256", this.#key).update(body).digest("hex");
      headers[this.#settings.signature?.header ?? "X-Hub-Signature-256"] = `sha256=${digest}`;
    }
    await this.#client.send({ body, headers, signal, what });
  }
}
