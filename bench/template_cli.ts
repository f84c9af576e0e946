/** `kco template` beside `helm template`, each in a process of its own, from its start to its end. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { binaryPath } from "../tools/binaries.ts";
import type { Benchmark, Figure } from "./run.ts";
import { chartFile } from "./support/chart_files.ts";
import { childCpuSecondsOf } from "./support/process.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FLAGS = ["run", "-A", "--no-prompt"];

/** A command to measure. */
interface Contestant {
  readonly name: string;
  readonly of: string;
  readonly command: string;
  readonly args: readonly string[];
}

let contestants: readonly Contestant[] = [];

const benchmark: Benchmark = {
  description:
    "kco template, from the bundle and from the sources, beside helm template and the bare start of Deno: process " +
    "start → end (--chart NAME|FILE.tgz, default podinfo; --charts DIR, more than one may be given)",
  rounds: 10,
  warmUp: 2, // Deno keeps compiled code from the second run on
  setUp: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        charts: { type: "string", multiple: true, default: [] },
        chart: { type: "string", multiple: true, default: ["podinfo"] },
      },
    });
    const folder = await Deno.makeTempDir({ prefix: "kco-bench-" });
    const [helm] = await Promise.all([binaryPath("helm"), bundle(folder)]);
    const empty = join(folder, "empty.js");
    await Deno.writeTextFile(empty, "");
    contestants = [
      { name: "nothing at all", of: "Deno", command: Deno.execPath(), args: [...FLAGS, empty] },
      ...values.chart.flatMap((chart) => commands(chart, values.charts, helm, join(folder, "kco.js"))),
    ];
    return { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  },
  round: async () => {
    const figures: Figure[] = [];
    for (const contestant of contestants) figures.push(...await measure(contestant));
    return figures;
  },
};
export default benchmark;

function commands(chart: string, folders: readonly string[], helm: string, bundled: string): Contestant[] {
  const file = chartFile("template_cli", chart, folders);
  if (file === undefined) return [];
  const deno = Deno.execPath();
  return [
    { name: chart, of: "helm", command: helm, args: ["template", file] },
    { name: chart, of: "kco, bundle", command: deno, args: [...FLAGS, bundled, "template", file] },
    { name: chart, of: "kco, sources", command: deno, args: [...FLAGS, join(ROOT, "mod.ts"), "template", file] },
  ];
}

async function bundle(folder: string): Promise<void> {
  const args = [...FLAGS, join(ROOT, "tools/bundle.ts"), folder];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) {
    throw new Error(`Cannot measure a bundle: tools/bundle.ts failed:\n${new TextDecoder().decode(stderr)}`);
  }
}

async function measure({ name, of, command, args }: Contestant): Promise<Figure[]> {
  const cpuBefore = await childCpuSeconds();
  const started = performance.now();
  const { success } = await new Deno.Command(command, { args: [...args], stdout: "null", stderr: "inherit" }).output();
  const value = performance.now() - started;
  if (!success) throw new Error(`Cannot measure: ${command} ${args.join(" ")} failed`);
  const cpu = (await childCpuSeconds() - cpuBefore) * 1000;
  return [
    { name: `${name}: process start → end`, of, value, unit: "ms" },
    { name: `${name}: CPU`, of, value: cpu, unit: "ms" },
  ];
}

/** CPU seconds of all processes that this one has started and that have ended. */
async function childCpuSeconds(): Promise<number> {
  return childCpuSecondsOf(await Deno.readTextFile("/proc/self/stat"));
}
