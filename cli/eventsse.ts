/** `kco eventsse`: the event server alone, until stopped. */
import {
  type AccessOptions,
  type Catalogue,
  type EventSseOptions,
  startEventSse,
  watchCatalogue,
} from "../controllers/eventsse/mod.ts";
import { Command, InvalidArgumentError, Option } from "../lib/deps/commander.ts";
import { getLogger } from "../lib/deps/logtape.ts";
import { connect, type KubeClient } from "../lib/kube/mod.ts";
import { parseDuration } from "../lib/provider-runtime/mod.ts";
import { CliError } from "./errors.ts";
import { configureLogs, type LogLevel } from "./logging.ts";

/** Options of `kco eventsse`. Each is an environment variable as well. */
export interface EventSseFlags {
  readonly port: number;
  readonly host: string;
  /** s */
  readonly ttl: number;
  readonly limit: number;
  readonly maxBytes: number;
  readonly data?: string;
  readonly nats?: string;
  readonly natsStream: string;
  readonly natsReplicas: number;
  readonly corsOrigin: readonly string[];
  readonly access?: AccessOptions["type"];
  readonly jwtSecretFile?: string;
  readonly jwks?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly compositions?: boolean;
  /** ms */
  readonly rotation: number;
  readonly maxClients: number;
  readonly maxClientsPerAddress: number;
  readonly emptyIs204?: boolean;
  readonly logLevel: LogLevel;
}

/** Variables of the original that have no meaning here. */
const IGNORED: Readonly<Record<string, string>> = {
  EVENTSSE_ETCD_SERVERS: "events are in memory, in SQLite (EVENTSSE_DATA) or on NATS (EVENTSSE_NATS)",
  EVENTSSE_DUMP_ENV: "an environment holds secrets",
};

/** The sub-command. */
export function eventSseCommand(): Command {
  const option = (flags: string, variable: string, text: string) => new Option(flags, text).env(`EVENTSSE_${variable}`);
  return new Command("eventsse")
    .description("Serve platform events as live, resumable streams, with their history and a page")
    .addOption(option("--port <port>", "PORT", "port to listen on").argParser(whole).default(8181))
    .addOption(option("--host <address>", "HOST", "address to listen on").default("127.0.0.1"))
    .addOption(option("--ttl <seconds>", "TTL", "how long events stay in memory").argParser(whole).default(7_200))
    .addOption(
      option("--max-bytes <bytes>", "MAX_BYTES", "bytes of events in memory").argParser(whole).default(67_108_864),
    )
    .addOption(option("--limit <events>", "GET_LIMIT", "most events of one list").argParser(whole).default(100))
    .addOption(option("--data <dir>", "DATA", "keep events in a SQLite file of this folder"))
    .addOption(option("--nats <urls>", "NATS", "keep events on NATS JetStream, shared by all replicas"))
    .addOption(
      option("--nats-stream <name>", "NATS_STREAM", "stream to use, made where it is missing").default("eventsse"),
    )
    .addOption(option("--nats-replicas <n>", "NATS_REPLICAS", "copies when it is made").argParser(whole).default(1))
    .addOption(
      option("--cors-origin <origins>", "CORS_ORIGINS", "origins of pages that may read").argParser(listed).default([]),
    )
    .addOption(
      option("--access <kind>", "ACCESS", "who may read and publish (default: open, on loopback only)")
        .choices(["open", "jwt", "kubernetes"]),
    )
    .addOption(option("--jwt-secret-file <file>", "JWT_SECRET_FILE", "secret of HS256, HS384 and HS512 tokens"))
    .addOption(option("--jwks <url>", "JWKS", "public keys of the token issuer"))
    .addOption(option("--jwt-issuer <issuer>", "JWT_ISSUER", "required issuer of tokens"))
    .addOption(option("--jwt-audience <audience>", "JWT_AUDIENCE", "required audience of tokens"))
    .option("--kubeconfig <file>", "cluster for --access kubernetes and --compositions; default: as kubectl")
    .option("--context <name>", "context of the kubeconfig")
    .addOption(option("--compositions", "COMPOSITIONS", "show compositions with their health on the page"))
    .addOption(
      option("--rotation <duration>", "ROTATION", "ask clients to connect again after this time; 0 for never")
        .argParser(duration).default(3_600_000, "1h"),
    )
    .addOption(option("--max-clients <n>", "MAX_CLIENTS", "open streams in all").argParser(whole).default(20_000))
    .addOption(
      option("--max-clients-per-address <n>", "MAX_CLIENTS_PER_ADDRESS", "open streams of one address")
        .argParser(whole).default(1_000),
    )
    .addOption(option("--empty-is-204", "EMPTY_IS_204", "answer 204 for empty lists and bodies, as the original"))
    .addOption(option("--log-level <level>", "LOG_LEVEL", "debug, info, warning or error").default("info"))
    .action(run);
}

async function run(flags: EventSseFlags): Promise<void> {
  await configureLogs(Deno.env.get("EVENTSSE_DEBUG") === "true" ? "debug" : flags.logLevel, "json");
  const log = getLogger(["kco", "eventsse"]);
  for (const [name, why] of Object.entries(IGNORED)) {
    if (Deno.env.has(name)) log.warn("{name} has no effect: {why}", { name, why });
  }
  const client = flags.access === "kubernetes" || flags.compositions ? await connectTo(flags) : undefined;
  const onError = (error: unknown) => log.warn("Cannot watch compositions: {error}", { error });
  const catalogue = flags.compositions && client !== undefined ? watchCatalogue(client, onError) : undefined;
  const server = await startEventSse(await optionsOf(flags, client, catalogue));
  log.info("Listening on {url}", { url: server.url });
  const stopped = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stopped.resolve);
  await stopped.promise;
  await server.close();
  catalogue?.close();
  client?.close();
  // Signal listeners keep the process alive.
  Deno.exit(0);
}

function connectTo({ kubeconfig, context }: EventSseFlags): Promise<KubeClient> {
  return connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
}

/** What the flags mean. @throws {CliError} `BadOptions`, `UnreadableFile` */
export async function optionsOf(
  flags: EventSseFlags,
  client?: KubeClient,
  catalogue?: Catalogue,
): Promise<EventSseOptions> {
  if (flags.nats !== undefined && flags.data !== undefined) {
    throw new CliError("BadOptions", "Events are kept on NATS or in a folder: give --nats or --data, not both");
  }
  const access = await accessOf(flags, client, catalogue);
  return {
    port: flags.port,
    hostname: flags.host,
    maxAge: flags.ttl * 1_000,
    maxBytes: flags.maxBytes,
    maxLimit: flags.limit,
    origins: flags.corsOrigin,
    limits: { total: flags.maxClients, perAddress: flags.maxClientsPerAddress },
    stream: { rotation: flags.rotation },
    emptyIs204: flags.emptyIs204 ?? false,
    ...(flags.data === undefined ? {} : { data: flags.data }),
    ...(flags.nats === undefined
      ? {}
      : { nats: { servers: flags.nats, stream: flags.natsStream, replicas: flags.natsReplicas } }),
    ...(access === undefined ? {} : { access }),
    ...(catalogue === undefined ? {} : { catalogue }),
  };
}

async function accessOf(
  flags: EventSseFlags,
  client: KubeClient | undefined,
  catalogue: Catalogue | undefined,
): Promise<AccessOptions | undefined> {
  if (flags.access === undefined) return undefined;
  if (flags.access === "open") return { type: "open" };
  if (flags.access === "kubernetes") {
    if (client === undefined) {
      throw new CliError("BadOptions", "--access kubernetes needs a cluster: give --kubeconfig");
    }
    // Who may get a composition may read its events.
    return { type: "kubernetes", client, locate: (id) => catalogue?.locate(id) };
  }
  const { jwtSecretFile, jwks, jwtIssuer, jwtAudience } = flags;
  if (jwtSecretFile === undefined && jwks === undefined) {
    throw new CliError("BadOptions", "--access jwt needs keys: give --jwks or --jwt-secret-file");
  }
  return {
    type: "jwt",
    ...(jwtSecretFile === undefined ? {} : { secret: await secretIn(jwtSecretFile) }),
    ...(jwks === undefined ? {} : { jwks }),
    ...(jwtIssuer === undefined ? {} : { issuer: jwtIssuer }),
    ...(jwtAudience === undefined ? {} : { audience: jwtAudience }),
  };
}

async function secretIn(file: string): Promise<string> {
  try {
    return (await Deno.readTextFile(file)).trimEnd();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError("UnreadableFile", `Cannot read the secret in "${file}": ${why}`, { cause: error });
  }
}

function whole(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number.");
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('Give a duration like "90s" or "1h30m".');
  return ms;
}

function listed(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
