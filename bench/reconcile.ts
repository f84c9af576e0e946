/** A whole controller on the real API server, beside controller-runtime. */
import type { Benchmark, Figure } from "./run.ts";
import { type Cluster, createNamespace, openCluster, startFilling } from "./support/cluster.ts";
import { startPeer } from "./support/peers.ts";
import { LEAN, startOurs } from "./support/program.ts";
import { THING_CRD, THINGS } from "./support/resources.ts";

const OBJECTS = 1_000;
const CLIENTS = {
  "kco": (name: string, args: readonly string[]) => startOurs(name, args, LEAN),
  "controller-runtime": startPeer,
};
const CRDS = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
let cluster: Cluster | undefined;
let namespaces = 0;
let rounds = 0;

const benchmark: Benchmark = {
  description:
    "1,000 objects of a kind created at once, a child each by server-side apply, and a status; on the real API server",
  rounds: 3,
  warmUp: 0,
  setUp: async () => {
    cluster = await openCluster();
    await cluster.client.apply(CRDS, THING_CRD, { force: true });
    return cluster;
  },
  round: async () => {
    if (cluster === undefined) return [];
    const figures: Figure[] = [];
    const clients = ["kco", "controller-runtime"] as const;
    // By turns, because an API server that has just started is slower.
    for (const of of rounds++ % 2 === 0 ? clients : clients.toReversed()) figures.push(...await measure(cluster, of));
    return figures;
  },
};
export default benchmark;

async function measure(cluster: Cluster, of: keyof typeof CLIENTS): Promise<Figure[]> {
  const namespace = `reconcile-${namespaces++}`;
  await createNamespace(cluster, namespace);
  await using program = await CLIENTS[of]("reconcile", [cluster.kubeconfig, namespace, String(OBJECTS)]);
  await program.line("ready");
  const path = `/apis/${THINGS.group}/${THINGS.version}/namespaces/${namespace}/${THINGS.plural}`;
  const thing = {
    apiVersion: `${THINGS.group}/${THINGS.version}`,
    kind: THINGS.kind,
    metadata: { name: "" },
    spec: { size: 3 },
  };
  await using fill = await startFilling(cluster, path, thing, OBJECTS);
  const before = await program.usage();
  const started = performance.now();
  await fill.tell("go");
  const created = fill.line("created").then(() => performance.now() - started);
  await program.line("done");
  const all = performance.now() - started;
  const after = await program.usage();
  return [
    { name: "first POST → last POST answered", of, value: await created, unit: "ms" },
    { name: "first POST → last status written", of, value: all, unit: "ms" },
    { name: "CPU of the controller meanwhile", of, value: after.cpu - before.cpu, unit: "s" },
    { name: "peak memory of the controller", of, value: after.peak, unit: "MiB" },
  ];
}
