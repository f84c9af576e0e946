/** An operator as a process: flags, health, metrics, leader election, graceful stop. */
import { Command, InvalidArgumentError, Option } from "../../deps/commander.ts";
import { configure, getLogger, jsonLinesFormatter, type LogRecord } from "../../deps/logtape.ts";
import { filter, firstValueFrom } from "../../deps/rxjs.ts";
import {
  type ApiResource,
  createClient,
  createRestClient,
  detectContext,
  fence,
  type KubeClient,
  type KubeObject,
} from "../../kube/mod.ts";
import { isTrue } from "../conditions.ts";
import { addElectionFlags, candidacy, durationFlag, type ElectionFlags } from "../election_flags.ts";
import { fleetPauses } from "../fleet_pause.ts";
import { startManager } from "../manager.ts";
import { createMetrics } from "../metrics.ts";
import type { Conditioned } from "../report.ts";
import { operatorName } from "./deploy.ts";
import type { DeployOptions, Operator, RunOptions } from "./types.ts";

interface Flags extends ElectionFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly port: number;
  readonly hostname: string;
  readonly install?: boolean;
  readonly pollInterval?: number;
  readonly concurrency?: number;
  readonly fleetPauses?: string;
  readonly logLevel: "debug" | "info" | "warning" | "error";
}

const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

/** The command line of an operator. Without a command it runs. */
export function commandOf(operator: Operator, resource: ApiResource, options: RunOptions): Command {
  const print = options.print ?? ((text: string) => console.log(text));
  const command = new Command(operatorName(resource))
    // Throws instead of ending the process: the caller may be a test.
    .exitOverride()
    .description(`Runs the operator of ${resource.kind}.${resource.group}`)
    .option("--kubeconfig <file>", "default: KUBECONFIG, the pod's service account, ~/.kube/config")
    .option("--context <name>", "context of the kubeconfig")
    .option("--namespace <name>", "only objects of this namespace")
    .option("--port <port>", "port of /livez, /readyz and /metrics", wholeNumber, 8080)
    .option("--hostname <address>", "address of that port", "0.0.0.0")
    .option("--install", "apply the CRD first")
    .option("--poll-interval <duration>", "between two observations at rest, e.g. 2m", durationFlag)
    .option("--concurrency <number>", "objects at work at once", wholeNumber)
    .option("--fleet-pauses <namespace>", "heed ConfigMaps labelled krateo.io/pause=true of this namespace")
    .addOption(
      new Option("--log-level <level>", "lowest level").choices(["debug", "info", "warning", "error"]).default("info"),
    )
    .action((flags: Flags) => runOperator(operator, resource, flags, options));
  addElectionFlags(command);
  command.command("crd").description("Print the CRD").action(() => print(json(operator.crd())));
  command.command("manifests")
    .description("Print the CRD, the rights and the Deployment, for kubectl apply -f -")
    .requiredOption("--image <image>", "image of the operator")
    .option("--namespace <name>", "namespace to run in", "krateo-system")
    .action((flags: { readonly image: string; readonly namespace: string }, { parent }: Command) => {
      // The program has a flag of this name too, and takes it wherever it stands.
      const namespace = parent?.opts<Flags>().namespace ?? flags.namespace;
      print(json(listOf(operator, flags.image, { namespace })));
    });
  return command;
}

function listOf(operator: Operator, image: string, options: DeployOptions): unknown {
  const items = [operator.crd(), ...operator.rbac(options), operator.deployment(image, options)];
  return { apiVersion: "v1", kind: "List", items };
}

async function runOperator(
  operator: Operator,
  resource: ApiResource,
  flags: Flags,
  { signal, onListen }: RunOptions,
): Promise<void> {
  await configureLogs(flags.logLevel);
  const { namespace, pollInterval, concurrency, port, hostname } = flags;
  const where = await detectContext(flags.kubeconfig, flags.context);
  // Renewing must not wait behind other requests: it has connections of its own.
  const own = createClient(await createRestClient(where));
  const election = candidacy(
    own,
    `${resource.plural}.${resource.group}`,
    flags,
    (error) =>
      getLogger(["kco", operatorName(resource), "election"]).warn("Cannot renew the Lease: {error}", {
        error: String(error),
      }),
  );
  const transport = await createRestClient(where);
  const client = createClient(election ? fence(transport, election) : transport);
  const stop = new AbortController();
  const release = onStop(() => stop.abort(), signal);
  try {
    if (flags.install) await installCrd(own, operator.crd());
    const metrics = createMetrics();
    const fleet = flags.fleetPauses === undefined ? undefined : fleetPauses(client, { namespace: flags.fleetPauses });
    const controller = operator.controller(client, {
      fleet,
      onWatchHealth: metrics.forWatch,
      ...(namespace !== undefined && { namespace }),
      ...(pollInterval !== undefined && { pollInterval }),
      ...(concurrency !== undefined && { concurrency }),
    });
    const manager = startManager({
      controllers: [controller],
      metrics,
      port,
      hostname,
      signal: stop.signal,
      ...(election && { leadership$: election.leadership$ }),
    });
    if (manager.port !== undefined) onListen?.(manager.port);
    await manager.stopped;
  } finally {
    release();
    // Only now: the next leader must not begin before the last one has drained.
    await election?.close();
    client.close();
    own.close();
  }
}

/** Calls `stop` when the process, or the caller, is told to; the result undoes this. */
function onStop(stop: () => void, signal: AbortSignal | undefined): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) Deno.addSignalListener(name, stop);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  return () => {
    for (const name of signals) Deno.removeSignalListener(name, stop);
    signal?.removeEventListener("abort", stop);
  };
}

/** Applies a CRD and waits until the API server serves it. */
async function installCrd(client: KubeClient, crd: KubeObject): Promise<void> {
  await client.apply(CRDS, crd, { force: true });
  const changes$ = client.watch<Conditioned>(CRDS, { fieldSelector: `metadata.name=${crd.metadata.name}` });
  await firstValueFrom(changes$.pipe(
    filter((change) => change.type === "applied" && isTrue(change.object.status?.conditions, "Established")),
  ));
  client.discovery.invalidate();
}

/** JSON lines on standard error. */
async function configureLogs(lowestLevel: Flags["logLevel"]): Promise<void> {
  const encoder = new TextEncoder();
  const stderr = (record: LogRecord) => {
    Deno.stderr.writeSync(encoder.encode(jsonLinesFormatter(record)));
  };
  await configure({
    sinks: { stderr },
    loggers: [
      { category: "kco", sinks: ["stderr"], lowestLevel },
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "error" },
    ],
    reset: true,
  });
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Write a whole number.");
  return Number(text);
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
