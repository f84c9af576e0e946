/** What eventrouter costs and how late it is, with ten sinks of which one is dead and one slow. */
import { join } from "node:path";
import { REGISTRATION_CRD } from "../controllers/eventrouter/mod.ts";
import { createClient } from "../lib/kube/mod.ts";
import { kubeconfigOf } from "../tests/support/kubeconfig.ts";
import type { Benchmark, Figure } from "./run.ts";
import { EventFeed, TimedReceiver } from "./support/event_world.ts";
import { type Program, startOurs } from "./support/program.ts";

const HEALTHY = 8;
/** Answers of the slow one, ms. */
const SLOW = 500;
/** A port where nobody listens. */
const DEAD = "http://127.0.0.1:9/";
const SETTLE = 3_000;

/** What follows an option: `bench eventrouter -- --seconds 60`. */
function option(args: readonly string[], name: string): string | undefined {
  const index = args.indexOf(name);
  return index < 0 ? undefined : args[index + 1];
}

const benchmark: Benchmark = {
  description:
    "eventrouter: 1,000 and 5,000 Events/s of 1.2 KB, fed by a fake watch, to 8 healthy webhooks (ndjson), a slow and a " +
    "dead one: latency from the watch to the receiver, CPU, memory (--seconds 20, --v8-flags of the router)",
  rounds: 1,
  warmUp: 0,
  round: async (args) => {
    const figures: Figure[] = [];
    const seconds = Number(option(args, "--seconds") ?? 20);
    const flags = option(args, "--v8-flags") ?? SMALL_YOUNG_GENERATION;
    for (const rate of [1_000, 5_000]) figures.push(...await measure(rate, seconds, flags));
    return figures;
  },
};
export default benchmark;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(rate: number, seconds: number, flags: string): Promise<Figure[]> {
  await using feed = await EventFeed.open();
  await using healthy = disposeAll(Array.from({ length: HEALTHY }, () => new TimedReceiver()));
  await using slow = new TimedReceiver(SLOW);
  await register(feed, [...healthy.all.map(({ url }) => url), slow.url, DEAD]);
  const folder = await Deno.makeTempDir({ prefix: "kco-bench-" });
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await Deno.writeTextFile(kubeconfig, kubeconfigOf(feed.url));
    await using router = startOurs("eventrouter", [kubeconfig, join(folder, "state")], [`--v8-flags=${flags}`]);
    while (!feed.watched) await sleep(20);
    await feed.run(rate, SETTLE);
    await arrived(feed, healthy.all);
    for (const receiver of healthy.all) receiver.latencies = [];
    const before = { told: feed.told, lookups: await lookups(router), usage: await router.usage() };
    await feed.run(rate, seconds * 1_000);
    const usage = await router.usage();
    await arrived(feed, healthy.all, before.told);
    const requests = await lookups(router) - before.lookups;
    const told = feed.told - before.told;
    const late = Float64Array.from(healthy.all.flatMap(({ latencies }) => latencies)).sort();
    const at = (share: number) => late[Math.floor(late.length * share)] ?? NaN;
    const name = (what: string) => `${rate} Events/s: ${what}`;
    return [
      { name: name("p50 of the healthy"), value: at(0.5), unit: "ms" },
      { name: name("p99 of the healthy"), value: at(0.99), unit: "ms" },
      { name: name("largest"), value: at(0.99999), unit: "ms" },
      { name: name("delivered of those told"), value: late.length / HEALTHY / told * 100, unit: "%" },
      { name: name("memory (RSS) at the end"), value: usage.memory, unit: "MiB" },
      { name: name("peak memory"), value: usage.peak, unit: "MiB" },
      { name: name("CPU"), value: (usage.cpu - before.usage.cpu) / seconds * 100, unit: "% of a core" },
      { name: name("API calls for 1,000 Events"), value: requests / told * 1_000, unit: "calls" },
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** V8's own choice grows to 16 MiB and copies of it, which a router at rest never gives back. */
const SMALL_YOUNG_GENERATION = "--max-semi-space-size=2";

async function lookups(router: Program): Promise<number> {
  await router.tell("lookups");
  return await router.number("requests");
}

/** Waits until the healthy ones have all that was told since `from`; 10 s are enough where nothing is lost. */
async function arrived(feed: EventFeed, receivers: readonly TimedReceiver[], from = 0): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    if (receivers.every(({ latencies }) => latencies.length >= feed.told - from)) return;
    await sleep(20);
  }
}

async function register(feed: EventFeed, urls: readonly string[]): Promise<void> {
  const client = createClient(feed.transport);
  const crds = await client.discovery.resourceFor("apiextensions.k8s.io/v1", "CustomResourceDefinition");
  if (crds === undefined) throw new Error("the server has no CRDs");
  await client.apply(crds, REGISTRATION_CRD, { force: true });
  const kind = { apiVersion: "eventrouter.krateo.io/v1alpha1", kind: "Registration" };
  for (const [index, url] of urls.entries()) {
    for (;;) {
      client.discovery.invalidate();
      const resource = await client.discovery.resourceFor(kind.apiVersion, kind.kind);
      const spec = { sink: { webhook: { url, format: "ndjson" } }, batch: { count: 500 } };
      if (resource !== undefined) {
        await client.apply(resource, { ...kind, metadata: { name: `sink-${index}` }, spec }, { force: true });
        break;
      }
      await sleep(20);
    }
  }
}

function disposeAll<T extends AsyncDisposable>(all: readonly T[]): AsyncDisposable & { readonly all: readonly T[] } {
  return {
    all,
    async [Symbol.asyncDispose]() {
      for (const one of all) await one[Symbol.asyncDispose]();
    },
  };
}
