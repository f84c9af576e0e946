/** From the start of a process to its first reconcile, beside controller-runtime. */
import type { Benchmark, Figure } from "./run.ts";
import { type Cluster, fillWithConfigMaps, openCluster } from "./support/cluster.ts";
import { peerPath, startPeer } from "./support/peers.ts";
import { LEAN, startOurs } from "./support/program.ts";

const OBJECTS = 10_000;
const NAMESPACE = "start";
const CLIENTS = {
  "kco": (name: string, args: readonly string[]) => startOurs(name, args, LEAN),
  "controller-runtime": startPeer,
};
let cluster: Cluster | undefined;

const benchmark: Benchmark = {
  description:
    "process start → first reconcile, with 10,000 ConfigMaps of 1.25 kB in the store, on the real API server",
  setUp: async () => {
    await peerPath("start");
    cluster = await openCluster();
    await fillWithConfigMaps(cluster, NAMESPACE, OBJECTS);
    return cluster;
  },
  round: async () => {
    const figures: Figure[] = [];
    for (const [of, start] of Object.entries(CLIENTS)) {
      const started = performance.now();
      await using program = await start("start", [cluster?.kubeconfig ?? "", NAMESPACE]);
      await program.line("reconciled");
      const value = performance.now() - started;
      const { cpu, peak } = await program.usage();
      figures.push(
        { name: "process start → first reconcile", of, value, unit: "ms" },
        { name: "CPU of the process", of, value: cpu, unit: "s" },
        { name: "peak memory", of, value: peak, unit: "MiB" },
      );
    }
    return figures;
  },
};
export default benchmark;
