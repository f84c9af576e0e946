/** A store filled by the real API server, beside client-go. */
import { parseArgs } from "node:util";
import type { Benchmark, Figure } from "./run.ts";
import { type Cluster, fillWithConfigMaps, openCluster } from "./support/cluster.ts";
import { startPeer } from "./support/peers.ts";
import { LEAN, startOurs } from "./support/program.ts";

const CLIENTS = {
  "kco": (name: string, args: readonly string[]) => startOurs(name, args, LEAN),
  "client-go": startPeer,
};
let cluster: Cluster | undefined;

const benchmark: Benchmark = {
  description: "10,000 and 50,000 ConfigMaps of 1.25 kB from the real API server to a ready store; --counts N,N",
  rounds: 3,
  warmUp: 0,
  setUp: async (args) => {
    cluster = await openCluster();
    for (const count of countsOf(args)) await fillWithConfigMaps(cluster, `sync-${count}`, count);
    return cluster;
  },
  round: async (args) => {
    const figures: Figure[] = [];
    for (const count of countsOf(args)) {
      for (const [of, start] of Object.entries(CLIENTS)) {
        await using program = await start("sync", [cluster?.kubeconfig ?? "", `sync-${count}`]);
        const value = await program.number("ms");
        const { cpu, memory, peak } = await program.usage();
        const objects = `${count.toLocaleString("en")} objects`;
        figures.push(
          { name: `${objects}: watch begun → store ready`, of, value, unit: "ms" },
          { name: `${objects}: CPU of the process`, of, value: cpu, unit: "s" },
          { name: `${objects}: memory when ready`, of, value: memory, unit: "MiB" },
          { name: `${objects}: peak memory`, of, value: peak, unit: "MiB" },
        );
      }
    }
    return figures;
  },
};
export default benchmark;

function countsOf(args: readonly string[]): number[] {
  const options = { counts: { type: "string", default: "10000,50000" } } as const;
  return parseArgs({ args: [...args], options, strict: false }).values.counts.toString().split(",").map(Number);
}
