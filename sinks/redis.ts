/** Events in a stream of Redis. */
import { setTimeout as wait } from "node:timers/promises";
import { loadRedis, type Redis } from "../lib/deps/ioredis.ts";
import { address, fill } from "./_address.ts";
import { deliver, type Failed, orAborted } from "./_batch.ts";
import { jsonOf } from "./_body.ts";
import { integer, object, secretRef, string } from "./_schema.ts";
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

/** Settings of `spec.sink.redis`. */
export interface RedisSettings {
  readonly host: string;
  /** Default 6379. */
  readonly port?: number;
  readonly database?: number;
  readonly auth?: { readonly username?: string; readonly secretRef: SecretRef };
  /** TLS, where it is set. */
  readonly tls?: TlsSettings;
  /** Key of the stream, with `{namespace}` and so on. Default `kube-events`. */
  readonly stream?: string;
  /** Entries that a stream keeps, roughly. Default 100,000; 0: all. */
  readonly maxLength?: number;
  /** How long the stream's neighbour remembers what was added. Default 3600, the life of an Event; 0: not at all. */
  readonly dedupeSeconds?: number;
}

const DEFAULT_STREAM = "kube-events";
const DEFAULT_MAX_LENGTH = 100_000;
const DEFAULT_DEDUPE = 3_600;
/** ms after which the client destroys a socket that has not ended. */
const DISCONNECT_TIMEOUT = 20;

/**
 * Adds an entry unless its id is remembered, and remembers it: in one step, so that an attempt of which the answer was lost
 * does not add it twice. KEYS: the stream, the memory of the id. ARGV: its seconds, then the arguments of XADD after the key.
 */
const ADD_ONCE = `
if tonumber(ARGV[1]) > 0 and not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[1]) then return 0 end
redis.call('XADD', KEYS[1], unpack(ARGV, 2))
return 1`;

/** `spec.sink.redis`. */
export const redis: SinkKind<RedisSettings> = {
  name: "redis",
  acknowledges: true,
  schema: object("Adds each event to a stream of Redis.", {
    host: string("Name or address of the server.", { maxLength: 253 }),
    port: integer("Port.", 1, 65535, 6379),
    database: integer("Number of the database.", 0, 1_000_000, 0),
    auth: object("How the router shows who it is.", {
      username: string("Name of the user; the default user by default.", { maxLength: 256 }),
      secretRef: secretRef("The password."),
    }, ["secretRef"]),
    tls: tlsSchema,
    stream: address("Key of the stream.", DEFAULT_STREAM),
    maxLength: integer("Entries that a stream keeps, roughly; 0: all.", 0, 1_000_000_000, DEFAULT_MAX_LENGTH),
    dedupeSeconds: integer(
      "How long an id is remembered, so that it is added once; 0: not at all.",
      0,
      604_800,
      DEFAULT_DEDUPE,
    ),
  }, ["host"]),
  async open(settings, context) {
    const label = `redis ${settings.host}:${settings.port ?? 6379}`;
    const client = await connected(settings, context, label);
    return redisSink(client, settings, label);
  },
};

async function connected(settings: RedisSettings, context: SinkContext, label: string): Promise<Redis> {
  const { Redis } = await loadRedis();
  const { host, port = 6379, database = 0, auth, tls } = settings;
  const client = new Redis({
    host,
    port,
    db: database,
    connectionName: `kco/${context.name}`.replace(/[^\x21-\x7e]/g, "_"),
    lazyConnect: true,
    connectTimeout: 5_000,
    disconnectTimeout: DISCONNECT_TIMEOUT,
    // The router tries again: a command that no connection takes fails instead of waiting here.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 50, 1_000),
    ...(auth && { password: await context.secret(auth.secretRef) }),
    ...(auth?.username !== undefined && { username: auth.username }),
    ...(tls && { tls: nodeTls(await tlsMaterial(tls, context)) }),
  });
  let last: unknown;
  client.on("error", (error: unknown) => last = error); // each command has its own error as well
  await client.connect().catch(async (error: unknown) => {
    await disconnect(client);
    throw redisError(`Cannot connect to ${label}`, last ?? error);
  });
  return client;
}

/** Resolves when nothing is left of the client: it does not clear the timer that destroys a socket which has ended by itself. */
async function disconnect(client: Redis): Promise<void> {
  client.disconnect();
  await wait(DISCONNECT_TIMEOUT + 5);
}

function redisSink(client: Redis, settings: RedisSettings, label: string): Sink {
  const add = async (batch: readonly Delivery[]): Promise<Failed[]> => {
    const pipeline = client.pipeline();
    for (const delivery of batch) pipeline.eval(ADD_ONCE, ...scriptArguments(delivery, settings));
    const results = await pipeline.exec().catch((error: unknown) => {
      throw redisError(`Cannot ${deliver(batch)} to ${label}`, error);
    });
    return batch.flatMap((delivery, index): Failed[] => {
      const [error] = results?.[index] ?? [new Error("no answer")];
      if (error === null) return [];
      const { reason, message } = redisError(`Cannot ${deliver([delivery])} to ${label}`, error);
      return [{ id: delivery.id, reason, message }];
    });
  };
  return {
    send: (batch, signal) => sendInTurns(batch, (turn) => orAborted(add(turn), signal, turn, label)),
    close: () => disconnect(client),
  };
}

function scriptArguments(delivery: Delivery, settings: RedisSettings): [keys: number, ...rest: string[]] {
  const { stream = DEFAULT_STREAM, maxLength = DEFAULT_MAX_LENGTH, dedupeSeconds = DEFAULT_DEDUPE } = settings;
  const { id, key, time, compositionId, event } = delivery;
  const name = fill(stream, delivery);
  const limit = maxLength > 0 ? ["MAXLEN", "~", String(maxLength)] : [];
  const fields = {
    id,
    key,
    time,
    type: event.type ?? "",
    reason: event.reason ?? "",
    compositionId,
    event: jsonOf(delivery),
  };
  // The braces put both keys into one slot of a cluster.
  return [2, name, `{${name}}:added:${id}`, String(dedupeSeconds), ...limit, "*", ...Object.entries(fields).flat()];
}

function redisError(what: string, error: unknown): SinkError {
  const text = error instanceof Error ? error.message : String(error);
  return new SinkError(reasonOf(text), `${what}: ${text}`, { cause: error });
}

function reasonOf(text: string): SinkErrorReason {
  if (/WRONGPASS|NOAUTH|NOPERM|WRONGTYPE|invalid password|DB index is out of range/i.test(text) || isTlsFailure(text)) {
    return "Misconfigured";
  }
  // proto-max-bulk-len
  return /invalid bulk length/i.test(text) ? "Refused" : "Unavailable";
}
