/** What kco does when there is nothing to do. */
import { parseArgs } from "node:util";
import type { Benchmark, Figure } from "./run.ts";
import { type CountingProxy, startCountingProxy } from "./support/counting_proxy.ts";
import { startKco } from "./support/process.ts";
import { composeMany, manyReady, openScene, type Scene, targetOf } from "./support/scene.ts";

const COMPOSITIONS = 50;
/** Seconds without a write that count as rest. */
const QUIET = 10;
let scene: Scene | undefined;

const benchmark: Benchmark = {
  description: `API writes and CPU at rest with ${COMPOSITIONS} compositions, counted by a proxy that kco has to go ` +
    "through (--target real|embedded, --seconds 60)",
  rounds: 1,
  warmUp: 0,
  setUp: async (args) => scene = await openScene(targetOf(args), ["rest"]),
  round: async (args) => {
    if (!scene) throw new Error("Cannot measure before setUp()");
    return await round(scene, args);
  },
};
export default benchmark;

async function round({ kubeconfig, bench, charts }: Scene, args: readonly string[]): Promise<Figure[]> {
  const options = { seconds: { type: "string", default: "60" } } as const;
  const seconds = Number(parseArgs({ args: [...args], options, strict: false }).values.seconds);
  await using proxy = await startCountingProxy(kubeconfig);
  await using kco = startKco(["run", "--port", "0", "--log-level", "error", "--kubeconfig", proxy.kubeconfig]);

  await bench.define("rest", { url: charts.repository, repo: "rest", version: "1.0.0" });
  const resource = await bench.defined("rest");
  await composeMany(bench, resource, "rest", COMPOSITIONS, {});
  await manyReady(bench, resource, COMPOSITIONS);
  await quiet(proxy);

  const before = { ...proxy.counts };
  const cpu = await kco.cpuSeconds();
  await sleep(seconds);
  const during = (key: keyof typeof before) => proxy.counts[key] - before[key];
  const memory = await kco.peakMemory();
  return [
    { name: `writes before rest`, value: before.writes, unit: "writes" },
    { name: `writes in ${seconds} s`, value: during("writes"), unit: "writes" },
    { name: `dry runs in ${seconds} s`, value: during("dryRuns"), unit: "requests" },
    { name: `reads in ${seconds} s`, value: during("reads"), unit: "requests" },
    { name: `CPU in ${seconds} s`, value: await kco.cpuSeconds() - cpu, unit: "s" },
    { name: "peak memory since start", value: memory ?? NaN, unit: "MiB" },
  ];
}

/** Resolves after some seconds without a write. */
async function quiet({ counts }: CountingProxy): Promise<void> {
  for (let seen = -1; seen !== counts.writes;) {
    seen = counts.writes;
    await sleep(QUIET);
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
