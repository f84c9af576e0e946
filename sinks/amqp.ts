/** Events to an exchange of AMQP 0-9-1 (RabbitMQ), with publisher confirms. */
import { Buffer } from "node:buffer";
import { type ChannelModel, type ConfirmChannel, loadAmqp } from "../lib/deps/amqplib.ts";
import { address, fill } from "./_address.ts";
import { deliver, type Failed, orAborted, toSinkError } from "./_batch.ts";
import { jsonOf } from "./_body.ts";
import { flag, integer, object, oneOf, secretRef, string } from "./_schema.ts";
import { isTlsFailure, nodeTlsFor, tlsMaterial, tlsSchema, type TlsSettings } from "./_tls.ts";
import { sendInTurns } from "./_turns.ts";
import {
  type Delivery,
  type SecretRef,
  type Sink,
  type SinkContext,
  SinkError,
  type SinkErrorReason,
  type SinkKind,
} from "./types.ts";

/** Settings of `spec.sink.amqp`. */
export interface AmqpSettings {
  readonly host: string;
  /** Default 5672, with TLS 5671. */
  readonly port?: number;
  readonly virtualHost?: string;
  readonly auth?: { readonly username: string; readonly secretRef: SecretRef };
  /** TLS, where it is set. */
  readonly tls?: TlsSettings;
  /** Default: the exchange without a name, which routes to the queue that the routing key names. */
  readonly exchange?: string;
  /** With `{namespace}` and so on. Default: the name of `queue` where there is no exchange, else `kube-events`. */
  readonly routingKey?: string;
  /** Creates a durable queue and binds it to the exchange. */
  readonly queue?: { readonly name: string; readonly type?: "quorum" | "classic"; readonly bindingKey?: string };
  /** Whether a message that no queue takes is a failure. Default true. */
  readonly mandatory?: boolean;
}

const DEFAULT_KEY = "kube-events";

/** `spec.sink.amqp`. A message has its delivery's id as `message-id`, by which a consumer can drop what it has. */
export const amqp: SinkKind<AmqpSettings> = {
  name: "amqp",
  acknowledges: true,
  schema: object("Publishes each event to an exchange of RabbitMQ, and waits until it is confirmed.", {
    host: string("Name or address of the server.", { maxLength: 253 }),
    port: integer("Port; 5671 with TLS, else 5672 by default.", 1, 65535),
    virtualHost: string("Virtual host.", { maxLength: 255, default: "/" }),
    auth: object("How the router shows who it is; guest, guest by default.", {
      username: string("Name of the user.", { maxLength: 255 }),
      secretRef: secretRef("The password."),
    }, ["username", "secretRef"]),
    tls: tlsSchema,
    exchange: string("An exchange that exists; the one without a name by default.", {
      maxLength: 127,
    }),
    routingKey: address(
      "Routing key; the name of the queue, where one is created and there is no exchange, else kube-events by default.",
    ),
    queue: object("A durable queue to create and bind.", {
      name: string("Name of the queue.", { maxLength: 127 }),
      type: oneOf("Type of the queue.", ["quorum", "classic"]),
      bindingKey: string("Key of the binding, where there is an exchange.", { maxLength: 127, default: "#" }),
    }, ["name"]),
    mandatory: flag("Whether a message that no queue takes is a failure.", true),
  }, ["host"]),
  async open(settings, context) {
    const dial = await dialer(settings, context);
    const sink = new AmqpSink(dial, settings);
    await sink.connect();
    return sink;
  },
};

interface Dialer {
  readonly label: string;
  dial(): Promise<ChannelModel>;
}

async function dialer(settings: AmqpSettings, context: SinkContext): Promise<Dialer> {
  const { connect } = await loadAmqp();
  const { host, tls, virtualHost = "/", auth } = settings;
  const port = settings.port ?? (tls ? 5671 : 5672);
  const target = {
    protocol: tls ? "amqps" : "amqp",
    hostname: host,
    port,
    vhost: virtualHost,
    username: auth?.username ?? "guest",
    password: auth === undefined ? "guest" : await context.secret(auth.secretRef),
    heartbeat: 20,
  };
  const options = {
    timeout: 5_000,
    noDelay: true,
    clientProperties: { connection_name: `kco/${context.name}` },
    ...(tls && nodeTlsFor(host, await tlsMaterial(tls, context))),
  };
  return { label: `amqp ${host}:${port}`, dial: () => connect(target, options) };
}

/** A connection with one channel; both are made anew after either has ended. */
class AmqpSink implements Sink {
  readonly #dialer: Dialer;
  readonly #settings: AmqpSettings;
  #connection: ChannelModel | undefined;
  #channel: Promise<Channel> | undefined;

  constructor(dialer: Dialer, settings: AmqpSettings) {
    this.#dialer = dialer;
    this.#settings = settings;
  }

  async send(batch: readonly Delivery[], signal: AbortSignal): Promise<void> {
    const { label } = this.#dialer;
    const channel = await orAborted(this.connect(), signal, batch, label);
    await sendInTurns(batch, (turn) =>
      orAborted(channel.publish(turn), signal, turn, label).catch((error: unknown) => {
        throw amqpError(`Cannot ${deliver(turn)} to ${label}`, error);
      }));
  }

  async close(): Promise<void> {
    await this.#channel?.catch(() => undefined); // what it failed with has been reported
    await this.#connection?.close().catch((error: unknown) => {
      if (!isClosed(error)) throw error;
    });
  }

  connect(): Promise<Channel> {
    this.#channel ??= this.#open().catch(async (error: unknown) => {
      this.#channel = undefined;
      await this.close();
      throw amqpError(`Cannot open a channel to ${this.#dialer.label}`, error);
    });
    return this.#channel;
  }

  async #open(): Promise<Channel> {
    const connection = await this.#dialer.dial();
    this.#connection = connection;
    const lost = () => {
      this.#channel = undefined;
      this.#connection = undefined;
    };
    connection.on("error", () => {}); // "close" follows, and what was under way fails by itself
    connection.on("close", lost);
    const confirming = await connection.createConfirmChannel();
    const channel = new Channel(confirming, this.#settings, this.#dialer.label);
    confirming.on("close", () => {
      if (this.#connection !== connection) return;
      lost();
      connection.close().catch(() => {}); // it may be closing already
    });
    await channel.prepare();
    return channel;
  }
}

/** A channel that waits for confirms, and knows which messages came back. */
class Channel {
  readonly #channel: ConfirmChannel;
  readonly #settings: AmqpSettings;
  readonly #label: string;
  readonly #returned = new Map<string, string>();
  #ended: Error | undefined;
  readonly #end = Promise.withResolvers<never>();

  constructor(channel: ConfirmChannel, settings: AmqpSettings, label: string) {
    this.#channel = channel;
    this.#settings = settings;
    this.#label = label;
    this.#end.promise.catch(() => undefined); // publish() has the error as well
    channel.on("error", (error) => this.#ended = error);
    channel.on("close", () => this.#end.reject(this.#ended ?? new Error("the channel was closed")));
    channel.on("return", ({ properties, fields }) => {
      const text = "replyText" in fields ? String(fields.replyText) : "returned";
      if (typeof properties.messageId === "string") this.#returned.set(properties.messageId, text);
    });
  }

  /** Checks that the exchange exists, and creates the queue where it is asked for. */
  async prepare(): Promise<void> {
    const { exchange = "", queue } = this.#settings;
    const steps = async () => {
      if (exchange !== "") await this.#channel.checkExchange(exchange);
      if (queue === undefined) return;
      await this.#channel.assertQueue(queue.name, {
        durable: true,
        arguments: { "x-queue-type": queue.type ?? "quorum" },
      });
      if (exchange !== "") await this.#channel.bindQueue(queue.name, exchange, queue.bindingKey ?? "#");
    };
    await Promise.race([steps(), this.#end.promise]);
  }

  /** All at once in their order; the server confirms each. */
  async publish(batch: readonly Delivery[]): Promise<Failed[]> {
    const confirmed = Promise.all(batch.map((delivery) => this.#publishOne(delivery)));
    const results = await Promise.race([confirmed, this.#end.promise]);
    return results.filter((failed) => failed !== undefined);
  }

  #publishOne(delivery: Delivery): Promise<Failed | undefined> {
    const { exchange = "", queue, mandatory = true } = this.#settings;
    const routingKey = this.#settings.routingKey ?? (exchange === "" && queue ? queue.name : DEFAULT_KEY);
    const { id, compositionId, key } = delivery;
    const { promise, resolve } = Promise.withResolvers<Failed | undefined>();
    const failed = (reason: SinkErrorReason, text: string) =>
      resolve({ id, reason, message: `Cannot deliver an event to ${this.#label}: ${text}` });
    const options = {
      messageId: id,
      persistent: true,
      mandatory,
      contentType: "application/json",
      type: "kubernetes.event",
      headers: { key, compositionId },
    };
    // The server sends a message back before it confirms it.
    this.#channel.publish(
      exchange,
      fill(routingKey, delivery),
      Buffer.from(jsonOf(delivery)),
      options,
      (error: unknown) => {
        const returned = this.#returned.get(id);
        this.#returned.delete(id);
        if (error) failed("Unavailable", `not confirmed: ${toSinkError(error).message}`);
        else if (returned !== undefined) {
          failed(
            "Misconfigured",
            `no queue takes it (${returned}): bind one, or set mandatory`,
          );
        } else resolve(undefined);
      },
    );
    return promise;
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && /clos(ed|ing)/i.test(error.message);
}

function amqpError(what: string, error: unknown): SinkError {
  if (error instanceof SinkError) return error;
  const text = error instanceof Error ? error.message || String(error.cause ?? error.name) : String(error);
  return new SinkError(reasonOf(text), `${what}: ${text}`, { cause: error });
}

function reasonOf(text: string): SinkErrorReason {
  // PRECONDITION_FAILED: a message beyond max_message_size, or a queue that exists with other properties.
  if (/message size .* larger than/i.test(text)) return "Refused";
  const wrong =
    /ACCESS[-_]REFUSED|NOT[-_](FOUND|ALLOWED)|PRECONDITION[-_]FAILED|403|Handshake terminated|ConnectionOpenOk|vhost/i;
  return wrong.test(text) || isTlsFailure(text) ? "Misconfigured" : "Unavailable";
}
