/** Whether anything grows: an operator under churn, with its connections cut again and again. */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { type ApiServer, startApiServer } from "../lib/apiserver/mod.ts";
import { createClient, isKubeError, type KubeClient, type KubeObject } from "../lib/kube/mod.ts";
import { defineOperator, Type } from "../lib/provider-runtime/mod.ts";
import { ChaosProxy } from "../tests/faults/tcp_proxy.ts";
import { defineKind, thing, THINGS } from "../tests/support/kinds.ts";
import type { Benchmark, Figure } from "./run.ts";
import { startProgram } from "./support/program.ts";

const PROGRAM = fileURLToPath(new URL("./programs/soak.ts", import.meta.url));
const OBJECTS = 200;
/** s between two samples of a run of so many seconds; each costs a full collection. */
const every = (seconds: number) => Math.max(2, Math.round(seconds / 200));
/** Share of the run that warms up, and is not judged. */
const WARM_UP = 0.3;

/** What the program says of itself. Sizes in MiB. */
interface Sample {
  /** s since its start. */
  readonly at: number;
  readonly heap: number;
  readonly sockets: number;
  readonly timers: number;
  readonly reconciles: number;
}

const benchmark: Benchmark = {
  description:
    "An operator under churn on the embedded server, its connections cut every two seconds: heap, sockets and timers " +
    "over time (--minutes N, three of which have the timers of an hour; --rate N: writes a second, 200 unless told)",
  rounds: 1,
  warmUp: 0,
  round: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: { minutes: { type: "string", default: "1" }, rate: { type: "string", default: "200" } },
      strict: false,
    });
    return await soak(Number(values["minutes"]) * 60, Number(values["rate"]));
  },
};
export default benchmark;

async function soak(seconds: number, rate: number): Promise<Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "kco-soak-" });
  const server = await startApiServer();
  const { hostname, port } = new URL(server.url);
  const proxy = await ChaosProxy.start({ hostname, port: Number(port) }, Math.random);
  const kubeconfig = join(folder, "kubeconfig");
  await Deno.writeTextFile(kubeconfig, server.kubeconfig().replaceAll(server.url, `https://127.0.0.1:${proxy.port}`));
  const stop = new AbortController();
  const cuts = setInterval(() => proxy.cutAll(), 2_000);
  try {
    const churning = await churn(server, rate, stop.signal);
    const samples = await sampled(kubeconfig, seconds);
    stop.abort();
    await churning.done;
    return figuresOf(samples, churning.writes());
  } finally {
    stop.abort();
    clearInterval(cuts);
    await proxy.close();
    await server.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Creates, changes and deletes objects with breaths in between: the way to the server, and the server, are in this process, too. */
async function churn(
  server: ApiServer,
  rate: number,
  stop: AbortSignal,
): Promise<{ done: Promise<void>; writes: () => number }> {
  const client = createClient(server.transport);
  let writes = 0;
  await defineKind(client, THINGS, crd());
  const run = async () => {
    for (let step = 0; !stop.aborted; step++) {
      await change(client, step);
      writes++;
      if (step % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 4_000 / rate));
    }
  };
  return { done: run(), writes: () => writes };
}

async function change(client: KubeClient, step: number): Promise<void> {
  const name = `t${Math.floor(Math.random() * OBJECTS)}`;
  if (Math.random() < 0.3) {
    await client.delete(THINGS, name, "default");
    return;
  }
  try {
    await client.apply(THINGS, thing({ name }, { step }), { force: true });
  } catch (error) {
    // It is being deleted.
    if (!isKubeError(error, "Conflict", "NotFound")) throw error;
  }
}

async function sampled(kubeconfig: string, seconds: number): Promise<Sample[]> {
  const flags = ["run", "-A", "--no-prompt", "--v8-flags=--expose-gc"];
  await using program = startProgram(Deno.execPath(), [...flags, PROGRAM, kubeconfig, String(every(seconds))]);
  const samples: Sample[] = [];
  while ((samples.at(-1)?.at ?? 0) < seconds) {
    const line = await program.line("sample");
    const number = (name: string) => Number(line[name]);
    samples.push({
      at: number("sample"),
      heap: number("heap"),
      sockets: number("sockets"),
      timers: number("timers"),
      reconciles: number("reconciles"),
    });
    console.log(JSON.stringify({ benchmark: "soak", ...line }));
  }
  return samples;
}

function figuresOf(samples: readonly Sample[], writes: number): Figure[] {
  const judged = samples.slice(Math.floor(samples.length * WARM_UP));
  const most = (of: (sample: Sample) => number) => Math.max(...judged.map(of));
  const least = (of: (sample: Sample) => number) => Math.min(...judged.map(of));
  return [
    { name: "writes to the server", value: writes, unit: "writes" },
    { name: "reconciles", value: most(({ reconciles }) => reconciles), unit: "reconciles" },
    { name: "heap after collection, least", value: least(({ heap }) => heap), unit: "MiB" },
    { name: "heap after collection, most", value: most(({ heap }) => heap), unit: "MiB" },
    { name: "heap slope", value: 60 * slope(judged.map(({ at, heap }) => [at, heap])), unit: "MiB/min" },
    { name: "sockets, most", value: most(({ sockets }) => sockets), unit: "sockets" },
    { name: "sockets slope", value: 60 * slope(judged.map(({ at, sockets }) => [at, sockets])), unit: "1/min" },
    { name: "timers, most", value: most(({ timers }) => timers), unit: "timers" },
    { name: "timers slope", value: 60 * slope(judged.map(({ at, timers }) => [at, timers])), unit: "1/min" },
  ];
}

/** Of the straight line that fits best. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}

/** The kind of the program's operator. */
function crd(): KubeObject {
  const nothing = async () => {};
  return defineOperator({
    group: THINGS.group,
    version: THINGS.version,
    kind: THINGS.kind,
    scope: "Namespaced",
    spec: Type.Object({ step: Type.Integer() }),
    connect: () => undefined,
    observe: async () => ({ exists: true }),
    create: nothing,
    update: nothing,
    delete: nothing,
  }).crd();
}
