/** `kco run`: all controllers on a cluster, until stopped. */
import { Command } from "../lib/deps/commander.ts";
import { createRenderer } from "../lib/helm/mod.ts";
import { getLogger } from "../lib/deps/logtape.ts";
import { createClient, createRestClient, detectContext, fence } from "../lib/kube/mod.ts";
import {
  addElectionFlags,
  candidacy,
  createMetrics,
  type ElectionFlags,
  Health,
  joinMonitors,
  startManager,
} from "../lib/provider-runtime/mod.ts";
import { allControllers } from "./controllers.ts";
import { install } from "./install.ts";
import { configureLogs, type LogLevel } from "./logging.ts";

/** Options of `kco run`. */
interface RunOptions extends ElectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly port: number;
  readonly hostname: string;
  readonly streamingLists?: boolean;
  readonly install?: boolean;
  readonly logLevel: LogLevel;
}

/** The Lease of all replicas. */
const LEASE = "kco";
const log = getLogger(["kco", "run"]);

/** The sub-command. */
export function runCommand(): Command {
  const command = new Command("run")
    .description("Run all controllers on a cluster: the pod's own, or that of a kubeconfig")
    .option("--kubeconfig <file>", "default: KUBECONFIG, the pod's service account, ~/.kube/config")
    .option("--context <name>", "context of the kubeconfig")
    .option("--port <port>", "port of /livez, /readyz and /metrics", Number, 8080)
    .option("--hostname <address>", "address of that port", "0.0.0.0")
    .option("--streaming-lists", "begin watches with streamed lists where the server has them: spares it memory")
    .option("--install", "apply the product's CRDs and admission policies first")
    .option("--log-level <level>", "debug, info, warning or error", "info")
    .action(run);
  return addElectionFlags(command);
}

async function run(options: RunOptions): Promise<void> {
  await configureLogs(options.logLevel, "json");
  const where = await detectContext(options.kubeconfig, options.context);
  // Renewing the Lease must not wait behind other requests: it has connections of its own.
  const own = createClient(await createRestClient(where));
  if (options.install) await install(own);
  const election = candidacy(
    own,
    LEASE,
    options,
    (error) => log.warn("Cannot renew the Lease: {error}", { error: String(error) }),
  );
  const metrics = createMetrics();
  const health = new Health();
  const transport = await createRestClient(where);
  const client = createClient(election ? fence(transport, election) : transport, {
    monitor: joinMonitors(metrics.watches, health.watches),
    initialList: options.streamingLists ? "stream" : "pages",
  });
  const renderer = createRenderer();
  renderer.warm();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop.abort());
  const manager = startManager({
    controllers: allControllers(client, renderer, metrics.registry),
    port: options.port,
    hostname: options.hostname,
    signal: stop.signal,
    metrics,
    health,
    ...(election && { leadership$: election.leadership$ }),
  });
  log.info("Serving /livez, /readyz and /metrics on port {port}", { port: manager.port });
  await manager.stopped;
  // Only now: the next leader must not begin before this one has drained.
  await election?.close();
  await renderer.close();
  client.close();
  own.close();
  // Signal listeners keep the process alive.
  Deno.exit(0);
}
