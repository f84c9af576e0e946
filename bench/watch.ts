/** A watch that is told many changes, beside client-go and `@kubernetes/client-node`. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Benchmark, Figure } from "./run.ts";
import { startPeer } from "./support/peers.ts";
import { LEAN, type Program, startOurs } from "./support/program.ts";

const CLIENTS: Readonly<Record<string, (args: readonly string[]) => Program | Promise<Program>>> = {
  "kco": (args) => startOurs("watch", args, LEAN),
  "client-go": (args) => startPeer("watch", args),
  "client-node": (args) => startOurs("watch_client_node", args, ["--no-lock"]),
};

const benchmark: Benchmark = {
  description:
    "changes of 1.4 kB, one HTTP chunk each, to a store and its subscriber; --events N, --of CLIENT, --over http|https",
  rounds: 3,
  warmUp: 0,
  round: async (args) => {
    const { events, of, over } = parseArgs({
      args: [...args],
      options: { events: { type: "string", default: "200000" }, of: { type: "string" }, over: { type: "string" } },
    }).values;
    const figures: Figure[] = [];
    for (const scheme of over ? [over] : ["http", "https"]) {
      for (const name of of ? [of] : Object.keys(CLIENTS)) {
        figures.push(...await measure(name, scheme, Number(events)));
      }
    }
    return figures;
  },
};
export default benchmark;

async function measure(of: string, scheme: string, events: number): Promise<Figure[]> {
  await using feed = await startPeer("feed", [`-tls=${scheme === "https"}`, `-events=${events}`]);
  const { url, ca } = await feed.line("url");
  const folder = await Deno.makeTempDir({ prefix: "kco-bench-" });
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await Deno.writeTextFile(kubeconfig, kubeconfigOf(String(url), String(ca)));
    await using client = await CLIENTS[of]?.([kubeconfig, String(events)]) ?? unknown(of);
    await client.line("ready");
    const before = await client.usage();
    const started = performance.now();
    await feed.tell("go");
    await client.line("done");
    const seconds = (performance.now() - started) / 1000;
    const after = await client.usage();
    return [
      { name: `changes over ${scheme}`, of, value: events / seconds, unit: "1/s" },
      { name: `CPU of a change over ${scheme}`, of, value: (after.cpu - before.cpu) / events * 1e6, unit: "µs" },
      { name: `peak memory over ${scheme}`, of, value: after.peak, unit: "MiB" },
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function unknown(of: string): never {
  throw new Error(`Cannot measure "${of}": --of takes ${Object.keys(CLIENTS).join(", ")}`);
}

function kubeconfigOf(server: string, ca: string): string {
  // client-node speaks plain HTTP to such a cluster alone.
  const authority = ca ? `certificate-authority-data: ${btoa(ca)}` : "insecure-skip-tls-verify: true";
  return `apiVersion: v1
kind: Config
current-context: feed
contexts:
- name: feed
  context: {cluster: feed, user: feed}
clusters:
- name: feed
  cluster: {server: "${server}", ${authority}}
users:
- name: feed
  user: {token: none}
`;
}
