/** 1,000 Patches: how soon a target follows its source, how many a second in a burst, and what it costs to be at rest. */
import { parseArgs } from "node:util";
import { type Patch, PATCHES } from "../controllers/patch-provider/mod.ts";
import { debounceTime, filter, firstValueFrom, map, scan, Subject, timeout } from "../lib/deps/rxjs.ts";
import type { KubeObject } from "../lib/kube/mod.ts";
import { type Bench, CONFIG_MAPS, ready } from "../tests/e2e/support/cluster.ts";
import type { Benchmark, Figure } from "./run.ts";
import { startCountingProxy } from "./support/counting_proxy.ts";
import { startKco } from "./support/process.ts";
import { openScene, type Scene, targetOf } from "./support/scene.ts";

/** Patches with a source of their own, changed one after the other. */
const SINGLES = 200;
/** Patches that all read the same source: one change is so many writes. */
const FAN = 800;
/** Objects made at once. */
const CONCURRENCY = 10;
/** ms that anything may take. */
const PATIENCE = 180_000;
/** Seconds without a write after which the cluster counts as quiet. */
const QUIET = 3;

let scene: Scene | undefined;

const benchmark: Benchmark = {
  description:
    `${SINGLES + FAN} Patches: source change → target written, a burst of ${FAN}, writes after a restart and at ` +
    "rest, memory (--target real|embedded, --seconds 60)",
  rounds: 1,
  warmUp: 0,
  setUp: async (args) => scene = await openScene(targetOf(args), []),
  round: async (args) => {
    if (!scene) throw new Error("Cannot measure before setUp()");
    const { values } = parseArgs({
      args: [...args],
      options: { seconds: { type: "string", default: "60" } },
      strict: false,
    });
    return [...await measureWork(scene), ...await measureRest(scene, Number(values.seconds))];
  },
};
export default benchmark;

/** Latency and burst, with kco straight at the API server. */
async function measureWork({ bench, kubeconfig }: Scene): Promise<Figure[]> {
  const written$ = new Subject<{ name: string; value: string; at: number }>();
  const watching = bench.client.watch<KubeObject>(CONFIG_MAPS, { namespace: bench.namespace }).subscribe((change) => {
    if (change.type !== "applied") return;
    const value = (change.object["data"] as { v?: string } | undefined)?.v ?? "";
    written$.next({ name: change.object.metadata.name, value, at: performance.now() });
  });
  try {
    await makeObjects(bench);
    await using kco = startKco(["run", "--port", "0", "--log-level", "error", "--kubeconfig", kubeconfig]);
    const started = performance.now();
    await allApplied(bench);
    const settled = performance.now() - started;
    await patchesQuiet(bench);

    const cpu = await kco.cpuSeconds();
    const latencies = await measureSingles(bench, written$);
    const bursts = [];
    for (let round = 0; round < 3; round++) bursts.push(await measureBurst(bench, written$, `burst ${round}`));
    return [
      { name: `process start → ${SINGLES + FAN} Patches applied`, value: settled, unit: "ms" },
      { name: "source PATCH answered → target seen, p50", value: quantile(latencies.answered, 0.5), unit: "ms" },
      { name: "source PATCH answered → target seen, p99", value: quantile(latencies.answered, 0.99), unit: "ms" },
      { name: "source PATCH sent → target seen, p50", value: quantile(latencies.sent, 0.5), unit: "ms" },
      { name: "source PATCH sent → target seen, p99", value: quantile(latencies.sent, 0.99), unit: "ms" },
      { name: `burst of ${FAN}, best of 3`, value: Math.max(...bursts), unit: "1/s" },
      { name: `burst of ${FAN}, worst of 3`, value: Math.min(...bursts), unit: "1/s" },
      { name: "CPU of kco for all of that", value: await kco.cpuSeconds() - cpu, unit: "s" },
      { name: "peak memory", value: await kco.peakMemory() ?? NaN, unit: "MiB" },
    ];
  } finally {
    watching.unsubscribe();
  }
}

/** What a restarted kco writes, and what it writes with nothing to do: all its requests go through a counting proxy. */
async function measureRest({ kubeconfig }: Scene, seconds: number): Promise<Figure[]> {
  await using proxy = await startCountingProxy(kubeconfig);
  await using kco = startKco(["run", "--port", "0", "--log-level", "error", "--kubeconfig", proxy.kubeconfig]);
  for (let seen = -1; seen !== proxy.counts.reads + proxy.counts.writes;) {
    seen = proxy.counts.reads + proxy.counts.writes;
    await sleep(QUIET);
  }
  const { writes, reads } = proxy.counts;
  const cpu = await kco.cpuSeconds();
  await sleep(seconds);
  return [
    { name: "writes after a restart", value: writes, unit: "writes" },
    { name: `writes in ${seconds} s at rest`, value: proxy.counts.writes - writes, unit: "writes" },
    { name: `reads in ${seconds} s at rest`, value: proxy.counts.reads - reads, unit: "requests" },
    { name: `CPU in ${seconds} s at rest`, value: await kco.cpuSeconds() - cpu, unit: "s" },
    { name: "peak memory after a restart", value: await kco.peakMemory() ?? NaN, unit: "MiB" },
  ];
}

async function makeObjects(bench: Bench): Promise<void> {
  const config = (name: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: bench.namespace },
    data: { own: name },
  });
  const reference = (name: string) => ({ kind: "ConfigMap", name, namespace: bench.namespace });
  const patch = (name: string, source: string): Patch => ({
    apiVersion: "krateo.io/v1alpha1",
    kind: "Patch",
    metadata: { name },
    spec: {
      from: { objectReference: reference(source), fieldPath: "data" },
      to: { objectReference: reference(`target-${name}`), fieldPath: "data.v", transform: '${ .own + "!" }' },
    },
  });
  await bench.client.create(CONFIG_MAPS, config("hub"));
  await atOnce(Array.from({ length: SINGLES + FAN }, (_, i) => async () => {
    const single = i < SINGLES;
    const name = single ? `single-${i}` : `fan-${i - SINGLES}`;
    if (single) await bench.client.create(CONFIG_MAPS, config(`source-${name}`));
    await bench.client.create(CONFIG_MAPS, config(`target-${name}`));
    await bench.client.create(PATCHES, patch(name, single ? `source-${name}` : "hub"));
  }));
}

async function measureSingles(bench: Bench, written$: Subject<{ name: string; value: string; at: number }>) {
  const sent: number[] = [];
  const answered: number[] = [];
  for (let i = 0; i < SINGLES; i++) {
    const value = `changed ${i}`;
    const seen = firstValueFrom(
      written$.pipe(
        filter(({ name, value: now }) => name === `target-single-${i}` && now === `${value}!`),
        timeout(PATIENCE),
      ),
    );
    const before = performance.now();
    await bench.client.patch(CONFIG_MAPS, `source-single-${i}`, bench.namespace, "merge", { data: { own: value } });
    const after = performance.now();
    const { at } = await seen;
    sent.push(at - before);
    answered.push(at - after);
  }
  return { sent, answered };
}

/** Targets a second that follow one change of the hub. */
async function measureBurst(
  bench: Bench,
  written$: Subject<{ name: string; value: string; at: number }>,
  value: string,
): Promise<number> {
  const last = firstValueFrom(written$.pipe(
    filter((seen) => seen.value === `${value}!`),
    scan(({ names }, { name, at }) => ({ names: names.add(name), at }), { names: new Set<string>(), at: 0 }),
    filter(({ names }) => names.size === FAN),
    map(({ at }) => at),
    timeout(PATIENCE),
  ));
  const before = performance.now();
  await bench.client.patch(CONFIG_MAPS, "hub", bench.namespace, "merge", { data: { own: value } });
  const rate = FAN / ((await last - before) / 1000);
  await patchesQuiet(bench); // the statuses follow
  return rate;
}

async function allApplied(bench: Bench): Promise<void> {
  await firstValueFrom(
    bench.client.watch<Patch>(PATCHES).pipe(
      scan((names, change) => {
        return change.type === "applied" && ready(change.object)?.status === "True"
          ? names.add(change.object.metadata.name)
          : names;
      }, new Set<string>()),
      filter((names) => names.size >= SINGLES + FAN),
      timeout(PATIENCE),
    ),
  );
}

/** Resolves when no status has been written for longer than a status may wait. */
async function patchesQuiet(bench: Bench): Promise<void> {
  await firstValueFrom(
    bench.client.watch<Patch>(PATCHES).pipe(debounceTime(2 * QUIET * 1000), timeout({ first: PATIENCE })),
  );
}

async function atOnce(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const rest = tasks[Symbol.iterator]();
  await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
    for (const task of rest) await task();
  }));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
