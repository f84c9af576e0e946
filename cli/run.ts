/** `kco run`: all controllers on a cluster, until stopped. */
import { Command } from "../lib/deps/commander.ts";
import { createRenderer } from "../lib/helm/mod.ts";
import { connect } from "../lib/kube/mod.ts";
import { startManager } from "../lib/provider-runtime/mod.ts";
import { allControllers } from "./controllers.ts";
import { install } from "./install.ts";
import { configureLogs, type LogLevel } from "./logging.ts";

/** Options of `kco run`. */
interface RunOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly port: number;
  readonly install?: boolean;
  readonly logLevel: LogLevel;
}

/** The sub-command. */
export function runCommand(): Command {
  return new Command("run")
    .description("Run all controllers on a cluster: the pod's own, or that of a kubeconfig")
    .option("--kubeconfig <file>", "default: KUBECONFIG, the pod's service account, ~/.kube/config")
    .option("--context <name>", "context of the kubeconfig")
    .option("--port <port>", "port of /livez, /readyz and /metrics", Number, 8080)
    .option("--install", "apply the product's CRDs and admission policies first")
    .option("--log-level <level>", "debug, info, warning or error", "info")
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  await configureLogs(options.logLevel, "json");
  const client = await connect({
    ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  if (options.install) await install(client);
  const renderer = createRenderer();
  renderer.warm();
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stop.abort());
  const manager = startManager({
    controllers: allControllers(client, renderer),
    port: options.port,
    signal: stop.signal,
  });
  await manager.stopped;
  await renderer.close();
  client.close();
  // Signal listeners keep the process alive.
  Deno.exit(0);
}
