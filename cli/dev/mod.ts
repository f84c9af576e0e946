/** `kco dev`: everything on an embedded API server, one real chart from definition to healthy release. */
import { type CompositionDefinition, DEFINITIONS } from "../../controllers/core-provider/mod.ts";
import type { Composition } from "../../controllers/composition-dynamic-controller/mod.ts";
import { Command, InvalidArgumentError } from "../../lib/deps/commander.ts";
import { filter, firstValueFrom, from, map, takeUntil } from "../../lib/deps/rxjs.ts";
import { createRenderer, type Values } from "../../lib/helm/mod.ts";
import { isKubeError, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { findCondition, type Manager, startManager } from "../../lib/provider-runtime/mod.ts";
import { allControllers } from "../controllers.ts";
import { CliError } from "../errors.ts";
import { applyOne, install } from "../install.ts";
import { configureLogs } from "../logging.ts";
import { showChart, type ShownChart } from "./chart.ts";
import { showEvents } from "./events.ts";
import { type Cluster, connectTo, startEmbedded } from "./cluster.ts";
import { objectsOf, valuesOf } from "./files.ts";
import { liveTable } from "./live.ts";
import { Milestones } from "./milestones.ts";
import {
  compositionOf,
  conditionsOf,
  definitionOf,
  generatedResource,
  NAMESPACE,
  object$,
  type Waiting,
  whenReady,
} from "./objects.ts";
import { stubKind } from "./stubs.ts";

/** Options of `kco dev`. */
interface DevOptions {
  readonly once?: boolean;
  readonly chart?: string;
  readonly values?: string;
  readonly crds?: string;
  readonly stubMissingKinds?: boolean;
  readonly kubeconfig?: string;
  readonly data?: string;
  readonly port?: number;
  readonly verbose?: boolean;
}

/** ms that everything may take with `--once`. */
const DEADLINE = 60_000;
/** ms that work under way has at the end: who presses Ctrl-C wants the prompt back, even from an endless template. */
const DRAIN_DEADLINE = 1_000;

/** The sub-command. */
export function devCommand(): Command {
  return new Command("dev")
    .description(
      "Run everything on an embedded API server and show a chart become a validated kind and a healthy release",
    )
    .option("--once", "exit 0 when all is ready, 1 with the reason when it is not within 60 s")
    .option("--chart <chart>", "a .tgz, a folder, a URL or oci://… instead of the example")
    .option("--values <file>", "values of the composition")
    .option("--crds <dir>", "install the CRDs of this folder first")
    .option("--stub-missing-kinds", "register permissive CRDs for kinds that the chart uses and the server lacks")
    .option("--kubeconfig <file>", "use this cluster instead of the embedded API server")
    .option("--data <dir>", "keep the embedded server's state in this folder")
    .option("--port <port>", "port of the embedded server", portOf)
    .option("--verbose", "show what the controllers do")
    .action(async (options: DevOptions) => {
      Deno.exitCode = await dev(options);
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError("Give a number up to 65535.");
  }
  return port;
}

/** Runs until interrupted, or until ready with `--once`. @returns The exit code. */
async function dev(options: DevOptions): Promise<number> {
  await configureLogs(options.verbose ? "debug" : "error", "text");
  const say = (line: string) => console.log(line);
  const milestones = new Milestones(say);
  const interrupted = interrupt();
  const stack = new AsyncDisposableStack();
  try {
    const [values, objects] = await Promise.all([valuesOf(options.values), objectsOf(options.crds)]);
    const cluster = await openCluster(options, milestones);
    stack.defer(() => cluster.close());
    const renderer = createRenderer();
    renderer.warm();
    stack.defer(() => renderer.close());
    await prepare(cluster, objects, milestones);
    const manager = startManager({
      controllers: allControllers(cluster.client, renderer),
      drainDeadline: DRAIN_DEADLINE,
    });
    stack.defer(() => manager.stop());
    const events = await showEvents(cluster.client);
    stack.defer(events.close);
    const shown = await showChart(options.chart);
    if (shown.server) stack.defer(shown.server.close);
    const waiting = {
      deadline: Date.now() + (options.once ? DEADLINE : 24 * 3_600_000),
      tellWhy: (why: string) => milestones.note(`waits: ${why}`),
      interrupted,
    };
    const composition = await Promise.race([show(cluster, shown, values, options, milestones, waiting), interrupted]);
    if (composition === undefined) return 130;
    await tell(cluster, composition, events.url, milestones, say);
    if (!options.once) await stay(manager, interrupted, say);
    return 0;
  } catch (error) {
    say(`not ready: ${(error as Error).message}`);
    return 1;
  } finally {
    await stack.disposeAsync();
  }
}

async function openCluster(options: DevOptions, milestones: Milestones): Promise<Cluster> {
  if (options.kubeconfig !== undefined) {
    if (options.stubMissingKinds) {
      throw new CliError(
        "BadOptions",
        "--stub-missing-kinds works on the embedded API server only: leave --kubeconfig out",
      );
    }
    const cluster = await connectTo(options.kubeconfig);
    milestones.reached("API server", `cluster of ${options.kubeconfig}`);
    return cluster;
  }
  const cluster = await startEmbedded({
    ...(options.data === undefined ? {} : { data: options.data }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  milestones.reached("API server", `${cluster.url}, embedded, workloads are simulated (${cluster.kubeconfig})`);
  return cluster;
}

/** CRDs, policies and the namespace. */
async function prepare(
  { client }: Cluster,
  objects: readonly KubeObject[],
  milestones: Milestones,
): Promise<void> {
  for (const object of objects) await applyOne(client, object);
  client.discovery.invalidate();
  await install(client);
  for (const name of [NAMESPACE, "krateo-system"]) {
    await applyOne(client, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  milestones.reached("Installed", "CompositionDefinition, admission policies, controllers");
}

/** From the chart to a ready composition. */
async function show(
  { client, embedded }: Cluster,
  shown: ShownChart,
  values: Values,
  options: DevOptions,
  milestones: Milestones,
  waiting: Waiting,
): Promise<Composition> {
  const { spec } = shown;
  const definition = definitionOf(spec);
  milestones.reached(
    "Chart",
    shown.server ? `${spec.repo} ${spec.version}, also ${shown.server.registry}/${spec.repo}` : spec.url,
  );
  await applyOne(client, definition);
  const ready = await whenReady<CompositionDefinition>(client, DEFINITIONS, definition.metadata.name, waiting);
  const resource = generatedResource(ready);
  milestones.reached("CRD established", `${resource.plural}.${resource.group}, version ${resource.version}`);
  describeSchema(ready, milestones);

  // kube-apiserver holds each POST back for 2 s after it has established a CRD: the rest goes on meanwhile.
  const refused = options.chart === undefined ? showRefusal(client, ready, milestones) : undefined;
  refused?.catch(() => undefined); // awaited below, unless something else fails first
  const composition = compositionOf(ready, values);
  await applyOne(client, composition);
  milestones.reached("Composition", `${composition.kind} ${NAMESPACE}/${composition.metadata.name}`);
  if (options.stubMissingKinds) await stubWhatIsMissing(client, ready, milestones, waiting);
  const live = await whenReady<Composition>(client, resource, composition.metadata.name, waiting);
  milestones.reached(
    "Ready",
    `${live.status?.managed?.length ?? 0} objects healthy${embedded ? " (simulated by the embedded server)" : ""}`,
  );
  await refused;
  return live;
}

function describeSchema({ status }: CompositionDefinition, milestones: Milestones): void {
  const condition = findCondition(status?.conditions, "Schema");
  if (condition && condition.message !== "") milestones.note(`schema: ${condition.message}`);
}

/** Wrong input never gets in: the API server says why. */
async function showRefusal(
  client: KubeClient,
  definition: CompositionDefinition,
  milestones: Milestones,
): Promise<void> {
  const wrong = compositionOf(definition, { replicas: "three", colour: "blue" });
  try {
    await client.create(generatedResource(definition), wrong, { dryRun: true });
  } catch (error) {
    if (!isKubeError(error, "Invalid", "BadRequest")) throw error;
    milestones.reached("Wrong input refused", error.message.replace(/^Cannot [^:]*: /, ""));
    return;
  }
  throw new CliError("NotRefused", "The API server took a composition with a wrong type and an unknown field");
}

/** Waits until the composition names the kinds that it misses, if any, and registers them. */
async function stubWhatIsMissing(
  client: KubeClient,
  definition: CompositionDefinition,
  milestones: Milestones,
  { interrupted }: Waiting,
): Promise<void> {
  const settled$ = object$<Composition>(client, generatedResource(definition), "hello").pipe(
    map((composition) => findCondition(conditionsOf(composition), "Ready")),
    filter((ready) => ready !== undefined),
    takeUntil(from(interrupted)),
  );
  const ready = await firstValueFrom(settled$);
  for (const missing of missingKinds(ready.message)) {
    const name = await stubKind(client, missing);
    milestones.reached("Stub", `${name}: a CRD that takes anything, on the embedded server only`);
  }
}

/** `Widget (example.org/v1)`, as the condition names them. */
function missingKinds(message: string): { apiVersion: string; kind: string }[] {
  return [...message.matchAll(/(\w+) \(([\w.-]+\/\w+)\)/g)].map(([, kind, apiVersion]) => {
    return { kind: kind!, apiVersion: apiVersion! };
  });
}

async function tell(
  { client, kubeconfig }: Cluster,
  composition: Composition,
  page: string,
  milestones: Milestones,
  say: (line: string) => void,
): Promise<void> {
  say("");
  for (const line of await liveTable(client, composition)) say(line);
  const plural = `${composition.kind.toLowerCase()}/${composition.metadata.name}`;
  say("");
  say("Try next:");
  say(`  export KUBECONFIG=${kubeconfig}`);
  say(`  kubectl -n ${NAMESPACE} get compositions`);
  say(`  kubectl -n ${NAMESPACE} describe ${plural}`);
  say(`  kubectl -n ${NAMESPACE} edit ${plural}`);
  say(`  ${page}  events as they happen, in a browser`);
  say("");
  const { kind, metadata } = composition;
  say(`ready: ${kind} ${metadata.namespace}/${metadata.name} in ${milestones.elapsed.toFixed(2)} s`);
}

async function stay(manager: Manager, interrupted: Promise<undefined>, say: (line: string) => void): Promise<void> {
  say("Running until Ctrl-C");
  await Promise.race([interrupted, manager.stopped]);
  say("Draining");
}

/** Resolves at the first Ctrl-C or SIGTERM. */
function interrupt(): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = () => resolve(undefined);
    Deno.addSignalListener("SIGINT", stop);
    Deno.addSignalListener("SIGTERM", stop);
  });
}
