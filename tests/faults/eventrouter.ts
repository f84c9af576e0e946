/**
 * Events to three sinks while everything breaks: nothing is lost, nothing that a sink acknowledged comes again, each object's Events
 * keep their order.
 *
 *     deno task faults --suite eventrouter [--seconds 60] [--seed 1] [--target embedded|real]
 *
 * The router is a process that is killed (SIGKILL) and started again; its connection to the API server goes through a proxy that
 * resets, stalls and cuts; the embedded API server is restarted; sinks answer 500, 429 with Retry-After, too late, 502 after they have
 * stored, or are out of order for seconds. An answer that the router had not read when it was killed is no duplicate but counted by
 * itself: without a transaction across both nobody can know of it, and its Idempotency-Key tells the receiver.
 */
import { join } from "node:path";
import { REGISTRATION_CRD } from "../../controllers/eventrouter/mod.ts";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { connect, type KubeClient, type KubeObject } from "../../lib/kube/mod.ts";
import { startControlPlane } from "../../tools/control_plane.ts";
import { kubeconfigOf } from "../support/kubeconfig.ts";
import { seeded } from "./chance.ts";
import { EventGenerator } from "./event_generator.ts";
import { ApiFront } from "./event_front.ts";
import { EventReceiver } from "./event_receivers.ts";
import type { FaultOptions } from "./suite.ts";
import { ChaosProxy } from "./tcp_proxy.ts";

/** Events a second. */
const RATE = 500;
/** ms that a killed process may live on. */
const DYING = 20;
/** s without anything new after which what is missing counts as lost. */
const PATIENCE = 30;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the suite. */
export async function run({ seed, seconds = 60, target }: FaultOptions): Promise<number> {
  const random = seeded(seed);
  const directory = await Deno.makeTempDir({ prefix: "kco-faults-" });
  const cluster = await startCluster(target, directory);
  const proxy = await ChaosProxy.start(cluster.front.address, random);
  const kubeconfig = join(directory, "kubeconfig");
  await Deno.writeTextFile(kubeconfig, kubeconfigOf(`http://127.0.0.1:${proxy.port}`));
  const direct = await connect({ kubeconfig: await write(directory, cluster.front) });
  const kills: number[] = [];
  const killedAfter = (at: number) => kills.map((kill) => kill - at).find((after) => after >= -DYING);
  const receivers = (["steady", "flaky", "batch"] as const).map((temper) => {
    return new EventReceiver(temper, temper, random, killedAfter);
  });
  await register(direct, receivers);

  const router = new RouterProcess(kubeconfig, join(directory, "state"));
  const generator = new EventGenerator(direct, RATE, random);
  const began = performance.now();
  const generating = generator.run(seconds * 1_000);
  for (const receiver of receivers) receiver.broken = true;
  const done = { kills: 0, restarts: 0, cuts: 0 };
  while (performance.now() - began < seconds * 1_000) {
    await sleep(500 + random() * 1_500);
    const dice = random();
    if (dice < 0.3) {
      kills.push(Date.now());
      done.kills++;
      await router.kill();
      await sleep(random() * 500);
      router.start();
    } else if (dice < 0.4) {
      done.restarts++;
      await cluster.restart(random() * 800);
    } else if (dice < 0.7) {
      done.cuts++;
      proxy.cutAll();
      proxy.broken = true;
      await sleep(random() * 1_000);
      proxy.broken = false;
    } else {
      const receiver = receivers[1 + Math.floor(random() * 2)];
      if (receiver !== undefined) receiver.downUntil = Date.now() + random() * 3_000;
    }
  }
  await generating;
  for (const receiver of receivers) receiver.broken = false;
  // A connection keeps its fault for life. One that drips takes minutes for a list, one that is half open as long to be noticed: what has
  // not come in time by such a one is late and not lost.
  proxy.cutAll();
  const lost = await arrival(generator, receivers);
  await router.kill();
  await proxy.close();
  direct.close();
  for (const receiver of receivers) await receiver.close();
  await cluster.close();
  await Deno.remove(directory, { recursive: true });

  const sum = (of: (receiver: EventReceiver) => number) =>
    receivers.reduce((total, receiver) => total + of(receiver), 0);
  for (const { name, stored, faults, repeated, repeatedAfter } of receivers) {
    const met = [...faults].map(([fault, count]) => `${fault} ${count}`).join(", ") || "none";
    console.log(
      `${name}: stored ${stored.size}, repeated after a kill ${repeated} (acknowledged at most ${repeatedAfter} ms before); faults: ${met}`,
    );
  }
  const met = [...proxy.counts].map(([fault, count]) => `${fault} ${count}`).join(", ");
  console.log(
    `router killed ${done.kills}, API server restarted ${done.restarts}, cut ${done.cuts}; connections: ${met}`,
  );
  const duplicated = sum((receiver) => receiver.duplicated.length);
  const reordered = sum((receiver) => receiver.reordered.length);
  console.log(
    `eventrouter: ${generator.versions} Events in ${seconds} s, ${
      generator.supersededBy(receivers)
    } superseded before they were read, ` +
      `lost ${lost.length}, duplicated at acknowledging sinks ${duplicated}, reordered per object ${reordered}`,
  );
  for (const message of lost.slice(0, 10)) console.log(`lost: ${message}`);
  for (const { name, duplicated, reordered } of receivers) {
    for (const message of reordered.slice(0, 5)) console.log(`reordered: ${message}`);
    for (const message of duplicated.slice(0, 5)) console.log(`duplicated at ${name}: ${message}`);
  }
  return lost.length === 0 && duplicated === 0 && reordered === 0 ? 0 : 1;
}

/** Waits until every Event's last version has arrived everywhere; returns what has not when nothing comes any more. */
async function arrival(generator: EventGenerator, receivers: readonly EventReceiver[]): Promise<string[]> {
  let deadline = 0;
  let fewest = Infinity;
  for (;;) {
    const missing = receivers.flatMap(({ name, stored }) => {
      return generator.latest().filter((message) => !stored.has(message)).map((message) => `${message} at ${name}`);
    });
    if (missing.length < fewest) deadline = performance.now() + PATIENCE * 1_000;
    fewest = Math.min(fewest, missing.length);
    if (missing.length === 0 || performance.now() > deadline) return missing;
    await sleep(200);
  }
}

async function register(client: KubeClient, receivers: readonly EventReceiver[]): Promise<void> {
  const crds = await client.discovery.resourceFor("apiextensions.k8s.io/v1", "CustomResourceDefinition");
  if (crds === undefined) throw new Error("the server has no CRDs");
  await client.apply(crds, REGISTRATION_CRD, { force: true });
  for (const { temper, url } of receivers) {
    const batching = temper === "batch";
    const spec = {
      sink: { webhook: { url, ...(batching && { format: "ndjson" }) } },
      ...(batching && { batch: { count: 100, wait: "20ms" } }),
      retry: { timeout: "5s", initialDelay: "20ms", maxDelay: "500ms" },
    };
    await applyWhenServed(client, {
      apiVersion: "eventrouter.krateo.io/v1alpha1",
      kind: "Registration",
      metadata: { name: temper },
      spec,
    });
  }
}

async function applyWhenServed(client: KubeClient, object: KubeObject): Promise<void> {
  for (;;) {
    client.discovery.invalidate();
    const resource = await client.discovery.resourceFor(object.apiVersion, object.kind);
    if (resource !== undefined) {
      await client.apply(resource, object, { force: true });
      return;
    }
    await sleep(50);
  }
}

/** The router's process. */
class RouterProcess {
  #child: Deno.ChildProcess;
  constructor(private readonly kubeconfig: string, private readonly directory: string) {
    this.#child = this.#spawn();
  }

  start(): void {
    this.#child = this.#spawn();
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }

  #spawn(): Deno.ChildProcess {
    const program = new URL("event_router_program.ts", import.meta.url).pathname;
    const args = ["run", "-A", "--no-prompt", "--no-check", program, this.kubeconfig, this.directory];
    return new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "inherit" }).spawn();
  }
}

interface FaultyCluster {
  readonly front: ApiFront;
  /** Takes the server away for so many ms. */
  restart(ms: number): Promise<void>;
  close(): Promise<void>;
}

async function startCluster(target: FaultOptions["target"], directory: string): Promise<FaultyCluster> {
  const front = new ApiFront();
  if (target === "real") {
    const plane = await startControlPlane();
    const client = await connect({ kubeconfig: plane.kubeconfig });
    front.upstream = client.transport;
    return {
      front,
      // The real server is not restarted: its clients cannot tell that from a front that is away.
      async restart(ms) {
        front.upstream = undefined;
        front.cut();
        await sleep(ms);
        front.upstream = client.transport;
      },
      async close() {
        await front.close();
        client.close();
        await plane.close();
      },
    };
  }
  const options = { data: join(directory, "data"), history: 5_000 };
  let server = await startApiServer(options);
  front.upstream = server.transport;
  return {
    front,
    async restart(ms) {
      front.upstream = undefined;
      front.cut();
      await server.close();
      await sleep(ms);
      server = await startApiServer(options);
      front.upstream = server.transport;
    },
    async close() {
      await front.close();
      await server.close();
    },
  };
}

async function write(directory: string, front: ApiFront): Promise<string> {
  const file = join(directory, "direct.kubeconfig");
  await Deno.writeTextFile(file, kubeconfigOf(`http://127.0.0.1:${front.address.port}`));
  return file;
}
