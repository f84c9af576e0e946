/** Events to a topic of Kafka. */
import { Buffer } from "node:buffer";
import { loadKafka, type Producer, type SASLOptions } from "../lib/deps/kafkajs.ts";
import { deliver, orAborted } from "./_batch.ts";
import { jsonOf } from "./_body.ts";
import { flag, list, object, oneOf, secretRef, string } from "./_schema.ts";
import { isTlsFailure, nodeTls, tlsMaterial, tlsSchema, type TlsSettings } from "./_tls.ts";
import {
  type Delivery,
  type SecretRef,
  type SinkContext,
  SinkError,
  type SinkErrorReason,
  type SinkKind,
} from "./types.ts";

/** Settings of `spec.sink.kafka`. */
export interface KafkaSettings {
  /** `host:port`. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Lets the brokers see to it that an attempt which the client repeats by itself is stored once. Default true. */
  readonly idempotent?: boolean;
  readonly compression?: "none" | "gzip";
  readonly sasl?: {
    readonly mechanism?: "plain" | "scram-sha-256" | "scram-sha-512";
    readonly username: string;
    readonly secretRef: SecretRef;
  };
  /** TLS, where it is set. */
  readonly tls?: TlsSettings;
}

/**
 * `spec.sink.kafka`. The key of a message is its delivery's, so that what concerns one object is in one partition and keeps its order;
 * the header `id` is the delivery's id, by which a consumer can drop what it has.
 */
export const kafka: SinkKind<KafkaSettings> = {
  name: "kafka",
  acknowledges: true,
  schema: object("Produces a message for each event to a topic of Kafka; all in-sync replicas acknowledge it.", {
    brokers: list(
      "Brokers to begin with: host:port.",
      string("host:port.", { pattern: "^[^\\s/@]+:\\d{1,5}$" }),
      16,
      1,
    ),
    topic: string("A topic that exists.", { maxLength: 249, pattern: "^[a-zA-Z0-9._-]+$" }),
    idempotent: flag("Whether the brokers drop what the client sends twice by itself.", true),
    compression: oneOf("Compression of a batch.", ["none", "gzip"]),
    sasl: object("How the router shows who it is.", {
      mechanism: oneOf("SASL mechanism.", ["plain", "scram-sha-256", "scram-sha-512"]),
      username: string("Name of the user.", { maxLength: 256 }),
      secretRef: secretRef("The password."),
    }, ["username", "secretRef"]),
    tls: tlsSchema,
  }, ["brokers", "topic"]),
  async open(settings, context) {
    const label = `kafka ${settings.brokers.join(",")}`;
    const { CompressionTypes } = await loadKafka();
    const compression = settings.compression === "gzip" ? CompressionTypes.GZIP : CompressionTypes.None;
    const producer = await connected(settings, context, label);
    const { topic } = settings;
    const produce = async (batch: readonly Delivery[]) => {
      const messages = batch.map(messageOf);
      await producer.send({ topic, acks: -1, compression, messages }).catch((error: unknown) => {
        throw kafkaError(`Cannot ${deliver(batch)} to topic "${topic}" of ${label}`, error);
      });
    };
    return {
      send: (batch, signal) => orAborted(produce(batch), signal, batch, label),
      close: () => producer.disconnect(),
    };
  },
};

async function connected(settings: KafkaSettings, context: SinkContext, label: string): Promise<Producer> {
  const { Kafka, logLevel } = await loadKafka();
  const { brokers, topic, tls, sasl, idempotent = true } = settings;
  const client = new Kafka({
    clientId: `kco-${context.name}`,
    brokers: [...brokers],
    connectionTimeout: 5_000,
    requestTimeout: 20_000,
    logLevel: logLevel.NOTHING, // every failure is thrown as well
    // The router tries again and counts it; one repetition here follows a partition to its new leader.
    retry: { retries: 2, initialRetryTime: 100 },
    ...(tls && { ssl: nodeTls(await tlsMaterial(tls, context)) }),
    ...(sasl && { sasl: saslOf(sasl, await context.secret(sasl.secretRef)) }),
  });
  const producer = client.producer({ idempotent, maxInFlightRequests: 1, allowAutoTopicCreation: false });
  const admin = client.admin();
  try {
    await admin.connect();
    await admin.fetchTopicMetadata({ topics: [topic] });
    await producer.connect();
    return producer;
  } catch (error) {
    await producer.disconnect();
    throw kafkaError(`Cannot open topic "${topic}" of ${label}`, error);
  } finally {
    await admin.disconnect();
  }
}

function saslOf({ mechanism = "plain", username }: NonNullable<KafkaSettings["sasl"]>, password: string): SASLOptions {
  switch (mechanism) {
    case "plain":
      return { mechanism, username, password };
    case "scram-sha-256":
      return { mechanism, username, password };
    case "scram-sha-512":
      return { mechanism, username, password };
  }
}

function messageOf(delivery: Delivery) {
  const { id, key, time, compositionId } = delivery;
  const when = Date.parse(time);
  return {
    key,
    value: Buffer.from(jsonOf(delivery)),
    headers: { id, compositionId, "content-type": "application/json" },
    ...(!Number.isNaN(when) && { timestamp: String(when) }),
  };
}

function kafkaError(what: string, error: unknown): SinkError {
  const name = error instanceof Error && "type" in error ? String(error.type) : "";
  const text = error instanceof Error ? error.message : String(error);
  return new SinkError(reasonOf(`${name} ${text}`), `${what}: ${text}`, { cause: error });
}

function reasonOf(text: string): SinkErrorReason {
  if (/MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|INVALID_RECORD|INVALID_TIMESTAMP/.test(text)) return "Refused";
  const wrong =
    /UNKNOWN_TOPIC_OR_PARTITION|does not host this topic|AUTHORIZATION_FAILED|SASL|authentication|INVALID_TOPIC/i;
  return wrong.test(text) || isTlsFailure(text) ? "Misconfigured" : "Unavailable";
}
