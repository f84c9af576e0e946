/**
 * A store behind a network and a server that break, by seed, in every way: after each heal it must equal the server.
 *
 *     deno task faults --suite client [--steps 10000] [--seed 1] [--target embedded|real]
 *
 * Requests go through a TCP proxy (RST, half-open, stall, slow drip, duplicated bytes, refusal, an end) and HTTP faults above it
 * (429, 5xx, 410, truncated, duplicated and garbage lines, an end in between); the server itself is started again, and somebody
 * sets the clock. The client's clock runs a hundred times as fast as life, so that
 * back-offs and the deadlines that find dead connections pass; the staleness it prints is in seconds of that clock. With an even
 * seed the store begins with streamed lists.
 */
import { startApiServer } from "../../lib/apiserver/mod.ts";
import {
  type ApiResource,
  connect,
  createClient,
  keyOf,
  type KubeClient,
  type KubeObject,
  reflect,
  type Store,
} from "../../lib/kube/mod.ts";
import { startControlPlane } from "../../tools/control_plane.ts";
import { Breaker, HTTP_FAULTS } from "./breaker.ts";
import { seeded } from "./chance.ts";
import { fastClock } from "./fast_clock.ts";
import type { FaultOptions } from "./suite.ts";
import { ChaosProxy, TCP_FAULTS } from "./tcp_proxy.ts";

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
const NAMESPACE = "default";
const SPEED = 100;
/** All kinds. */
const FAULTS = [...HTTP_FAULTS, ...TCP_FAULTS, "all cut", "clock jump", "restart"];
/** Steps between two heals. */
const STRETCH = 250;
/** s of the client's clock after which a store that is not equal counts as diverged: above the longest watch deadline. */
const PATIENCE = 1_500;

/** A server to break the way to. */
interface Target {
  readonly kubeconfig: string;
  readonly url: string;
  /** Ends the server and starts it again where it was, with what it had. */
  restart?(): Promise<void>;
  close(): Promise<void>;
}

async function startTarget(kind: FaultOptions["target"]): Promise<Target> {
  if (kind === "real") {
    const plane = await startControlPlane();
    return { kubeconfig: await Deno.readTextFile(plane.kubeconfig), url: plane.url, close: () => plane.close() };
  }
  const data = await Deno.makeTempDir({ prefix: "kco-faults-" });
  let server = await startApiServer({ data });
  const port = Number(new URL(server.url).port);
  return {
    kubeconfig: server.kubeconfig(),
    url: server.url,
    restart: async () => {
      await server.close();
      server = await startApiServer({ data, port, restartOf: server });
    },
    close: async () => {
      await server.close();
      await Deno.remove(data, { recursive: true });
    },
  };
}

/** A client of a kubeconfig, at another port. */
async function clientAt(kubeconfig: string): Promise<KubeClient> {
  const file = await Deno.makeTempFile({ suffix: ".kubeconfig" });
  try {
    await Deno.writeTextFile(file, kubeconfig);
    return await connect({ kubeconfig: file });
  } finally {
    await Deno.remove(file);
  }
}

/** Key and resourceVersion of all objects, in order. */
function digest(objects: Iterable<KubeObject>): string {
  return JSON.stringify([...objects].map((o) => [keyOf(o), o.metadata.resourceVersion]).sort());
}

/** ms until the store equals the server, `undefined` where it never does. */
async function staleness(direct: KubeClient, store: Store): Promise<number | undefined> {
  const { items } = await direct.list(CONFIG_MAPS, { namespace: NAMESPACE });
  const wanted = digest(items);
  const started = performance.now();
  while (digest(store.values()) !== wanted) {
    if (performance.now() - started > PATIENCE * 1_000 / SPEED) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - started;
}

async function change(direct: KubeClient, random: () => number, step: number): Promise<void> {
  const name = `fault-${Math.floor(random() * 40)}`;
  if (random() < 0.3) {
    await direct.delete(CONFIG_MAPS, name, NAMESPACE);
    return;
  }
  const metadata = { name, namespace: NAMESPACE };
  await direct.apply(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata, data: { step: String(step) } });
}

/** Runs the suite. */
export async function run({ seed, steps = 10_000, target: kind }: FaultOptions): Promise<number> {
  const random = seeded(seed);
  const target = await startTarget(kind);
  const { hostname, port } = new URL(target.url);
  const proxy = await ChaosProxy.start({ hostname, port: Number(port) }, random);
  const direct = await clientAt(target.kubeconfig);
  const broken = await clientAt(target.kubeconfig.replaceAll(target.url, `https://127.0.0.1:${proxy.port}`));
  const breaker = new Breaker(broken.transport, random);
  const clock = fastClock(SPEED);
  const initialList = seed % 2 === 0 ? "stream" : "pages";
  const client = createClient(breaker, { clock, initialList, onWarning: () => {} });
  const store = reflect(client.watch<KubeObject>(CONFIG_MAPS, { namespace: NAMESPACE, limit: 10 }));
  const held = store.changes$.subscribe();

  const counts = new Map<string, number>(FAULTS.map((fault) => [fault, 0]));
  const met = (fault: string) => counts.set(fault, (counts.get(fault) ?? 0) + 1);
  let divergences = 0;
  let worst = 0;
  for (let step = 1; step <= steps; step++) {
    breaker.broken = proxy.broken = true;
    await change(direct, random, step);
    if (random() < 0.01) {
      proxy.cutAll();
      met("all cut");
    }
    if (random() < 0.01) {
      clock.offset += (random() - 0.5) * 2 * 86_400_000;
      met("clock jump");
    }
    if (target.restart !== undefined && random() < 0.004) {
      await target.restart();
      met("restart");
    }
    if (random() < 0.05) await new Promise((resolve) => setTimeout(resolve, random() * 20));
    if (step % STRETCH !== 0 && step !== steps) continue;
    breaker.broken = proxy.broken = false;
    const stale = await staleness(direct, store);
    if (stale === undefined) divergences++;
    worst = Math.max(worst, stale ?? PATIENCE * 1_000 / SPEED);
    console.error(`step ${step}: stale for ${((stale ?? NaN) * SPEED / 1_000).toFixed(1)} s of the client's clock`);
  }
  held.unsubscribe();
  client.close();
  broken.close();
  // Where another connection got free before such a one was open, Deno goes on to open it for later, without a deadline, and keeps all that
  // are at rest meanwhile, also when its client is closed. Nothing can take that back but the other side.
  const unfinished = proxy.cutUnfinished();
  const leaked = await leakedSockets(proxy);
  direct.close();
  await proxy.close();
  await target.close();
  for (const [fault, count] of breaker.counts) counts.set(fault, count);
  for (const [fault, count] of proxy.counts) counts.set(fault, (counts.get(fault) ?? 0) + count);
  console.log(`by ${initialList}, met: ${[...counts].map(([fault, count]) => `${fault} ${count}`).join(", ")}`);
  console.log(
    `faults: ${steps} steps, ${divergences} divergences, worst staleness ${(worst * SPEED / 1_000).toFixed(1)} s, ` +
      `${leaked} leaked sockets, ${unfinished} frozen in their handshake`,
  );
  return divergences === 0 && leaked === 0 ? 0 : 1;
}

/** Connections that are still open a while after the client was closed. */
async function leakedSockets(proxy: ChaosProxy): Promise<number> {
  const deadline = performance.now() + 5_000;
  while (proxy.open > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const connection of proxy.describeOpen()) console.error(`still open: ${connection}`);
  return proxy.open;
}
