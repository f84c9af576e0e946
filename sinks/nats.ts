/** Events into a JetStream of NATS. */
import { loadNats, type NatsConnection } from "../lib/deps/nats.ts";
import { address, fill } from "./_address.ts";
import { deliver, type Failed, orAborted } from "./_batch.ts";
import { jsonOf } from "./_body.ts";
import { flag, integer, list, object, oneOf, secretRef, string } from "./_schema.ts";
import { isTlsFailure, nodeTls, tlsMaterial, tlsSchema, type TlsSettings } from "./_tls.ts";
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

/** Settings of `spec.sink.nats`. */
export interface NatsSettings {
  /** `host:port`, several of one cluster. */
  readonly servers: readonly string[];
  /** With `{namespace}` and so on. Default `kube.events.{namespace}.{kind}.{reason}`. */
  readonly subject?: string;
  readonly stream: {
    readonly name: string;
    /** Creates the stream where it is missing; it is never changed afterwards. */
    readonly create?: boolean;
    /** Subjects of a stream that is created. Default: the setting `subject` with `*` for each field. */
    readonly subjects?: readonly string[];
    readonly maxAgeSeconds?: number;
    readonly maxBytes?: number;
    readonly replicas?: number;
    readonly storage?: "file" | "memory";
    /** How long a created stream remembers what it has. Default 3600, the life of an Event. */
    readonly duplicateWindowSeconds?: number;
  };
  readonly auth?: {
    readonly token?: { readonly secretRef: SecretRef };
    readonly user?: { readonly username: string; readonly secretRef: SecretRef };
    /** A credentials file: JWT and seed. */
    readonly credentials?: { readonly secretRef: SecretRef };
  };
  readonly tls?: TlsSettings;
}

const DEFAULT_SUBJECT = "kube.events.{namespace}.{kind}.{reason}";
const DEFAULT_WINDOW = 3_600;
const SUBJECT = "^[^\\s.]+(\\.[^\\s.]+)*$";

/** `spec.sink.nats`. Each message has its delivery's id as `Nats-Msg-Id`: within the stream's duplicate window it is stored once. */
export const nats: SinkKind<NatsSettings> = {
  name: "nats",
  acknowledges: true,
  schema: object("Publishes each event to a JetStream of NATS.", {
    servers: list(
      "Servers of one cluster: host:port.",
      string("host:port.", { pattern: "^[^\\s/@]+:\\d{1,5}$" }),
      16,
      1,
    ),
    subject: address("Subject to publish to.", DEFAULT_SUBJECT),
    stream: object("The stream that stores the subject.", {
      name: string("Name of the stream.", { maxLength: 255, pattern: "^[^\\s.*>/\\\\]+$" }),
      create: flag("Create the stream where it is missing."),
      subjects: list("Subjects of a created stream.", string("Subject.", { maxLength: 255, pattern: SUBJECT }), 16, 1),
      maxAgeSeconds: integer("Age at which a created stream drops messages; 0: never.", 0, 315_360_000),
      maxBytes: integer("Size at which a created stream drops its oldest messages.", 1024, Number.MAX_SAFE_INTEGER),
      replicas: integer("Replicas of a created stream.", 1, 5, 1),
      storage: oneOf("Storage of a created stream.", ["file", "memory"]),
      duplicateWindowSeconds: integer("How long a created stream remembers what it has.", 1, 604_800, DEFAULT_WINDOW),
    }, ["name"]),
    auth: object("How the router shows who it is.", {
      token: object("A token.", { secretRef: secretRef("The token.") }, ["secretRef"]),
      user: object("User and password.", {
        username: string("Name of the user.", { maxLength: 256 }),
        secretRef: secretRef("The password."),
      }, ["username", "secretRef"]),
      credentials: object("A credentials file.", { secretRef: secretRef("JWT and seed.") }, ["secretRef"]),
    }),
    tls: tlsSchema,
  }, ["servers", "stream"]),
  async open(settings, context) {
    const label = `nats ${settings.servers.join(",")}`;
    const connection = await connected(settings, context, label);
    try {
      return await jetstreamSink(connection, settings, label);
    } catch (error) {
      await connection.close();
      throw error instanceof SinkError
        ? error
        : natsError(`Cannot open stream "${settings.stream.name}" of ${label}`, error);
    }
  },
};

async function connected({ servers, auth = {}, tls }: NatsSettings, context: SinkContext, label: string) {
  const { connect, credsAuthenticator } = await loadNats();
  const { token, user, credentials } = auth;
  const creds = credentials && new TextEncoder().encode(await context.secret(credentials.secretRef));
  const options = {
    name: `kco/${context.name}`,
    servers: [...servers],
    maxReconnectAttempts: -1,
    ...(token && { token: (await context.secret(token.secretRef)).trim() }),
    ...(user && { user: user.username, pass: await context.secret(user.secretRef) }),
    ...(creds && { authenticator: credsAuthenticator(creds) }),
    ...(tls && { tls: nodeTls(await tlsMaterial(tls, context)) }),
  };
  return await connect(options).catch((error: unknown) => {
    throw natsError(`Cannot connect to ${label}`, error);
  });
}

async function jetstreamSink(connection: NatsConnection, settings: NatsSettings, label: string): Promise<Sink> {
  const { jetstream } = await loadNats();
  const { subject = DEFAULT_SUBJECT, stream } = settings;
  await ensureStream(connection, settings);
  const client = jetstream(connection);
  const publish = async (delivery: Delivery): Promise<Failed | undefined> => {
    try {
      const options = { msgID: delivery.id, expect: { streamName: stream.name } };
      await client.publish(fill(subject, delivery), jsonOf(delivery), options);
      return undefined;
    } catch (error) {
      const { reason, message } = natsError(
        `Cannot ${deliver([delivery])} to stream "${stream.name}" of ${label}`,
        error,
      );
      return { id: delivery.id, reason, message };
    }
  };
  return {
    send: (batch, signal) =>
      sendInTurns(batch, async (turn) => {
        const results = await orAborted(Promise.all(turn.map(publish)), signal, turn, label);
        return results.filter((failed) => failed !== undefined);
      }),
    close: () => connection.close(),
  };
}

async function ensureStream(connection: NatsConnection, { subject = DEFAULT_SUBJECT, stream }: NatsSettings) {
  const { jetstreamManager, StorageType, nanos } = await loadNats();
  const manager = await jetstreamManager(connection);
  const missing = await manager.streams.info(stream.name).then(() => false, (error: unknown) => {
    if (error instanceof Error && error.name === "StreamNotFoundError") return true;
    throw error;
  });
  if (!missing) return;
  if (!stream.create) {
    throw new SinkError("Misconfigured", `Cannot find stream "${stream.name}": create it, or set stream.create`);
  }
  await manager.streams.add({
    name: stream.name,
    subjects: [...stream.subjects ?? [subject.replace(/\{\w+\}/g, "*")]],
    num_replicas: stream.replicas ?? 1,
    storage: stream.storage === "memory" ? StorageType.Memory : StorageType.File,
    duplicate_window: nanos(windowOf(stream) * 1_000),
    ...(stream.maxAgeSeconds !== undefined && { max_age: nanos(stream.maxAgeSeconds * 1_000) }),
    ...(stream.maxBytes !== undefined && { max_bytes: stream.maxBytes }),
  });
}

/** The server refuses a window that is longer than the messages' life. */
function windowOf({ duplicateWindowSeconds = DEFAULT_WINDOW, maxAgeSeconds = 0 }: NatsSettings["stream"]): number {
  return maxAgeSeconds > 0 ? Math.min(duplicateWindowSeconds, maxAgeSeconds) : duplicateWindowSeconds;
}

function natsError(what: string, error: unknown): SinkError {
  const name = error instanceof Error ? error.name : "";
  const text = error instanceof Error ? error.message : String(error);
  return new SinkError(reasonOf(name, text), `${what}: ${text}`, { cause: error });
}

function reasonOf(name: string, text: string): SinkErrorReason {
  if (/max_payload|message size exceeds|invalid subject/i.test(text)) return "Refused";
  const wrong = /authorization|authentication|permission|expected stream does not match|credentials|not supported/i;
  if (/Authorization|Permission/.test(name) || wrong.test(text) || isTlsFailure(text)) return "Misconfigured";
  return "Unavailable";
}
