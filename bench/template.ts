/** Our Helm engine beside Helm's Go SDK. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Benchmark, Figure } from "./run.ts";
import { startPeer } from "./support/peers.ts";
import { type Program, startOurs } from "./support/program.ts";
import { chartWithSubcharts, chartWithTpl } from "./support/template_charts.ts";

/** Where a corpus of charts lies beside a checkout. */
const USUAL_DIRECTORY = join(import.meta.dirname ?? ".", "../../shared/corpus/charts");
const CHARTS = ["podinfo", "ingress-nginx", "argo-cd", "kube-prometheus-stack"];
const GROWTH = [10, 40, 160];
/** Calls of `tpl` a size unit: a subchart costs more than a call. */
const TPL_CALLS = 100;

const PHASES = ["load", "values", "engine", "manifests"];
const WARM_PHASES = ["warmValues", "warmEngine", "warmManifests"];

/** A chart to measure: its file, its rounds, and how its figures are called. */
interface Subject {
  readonly name: string;
  readonly file: string;
  readonly rounds: number;
  /** Report the sums alone. */
  readonly brief: boolean;
}

let subjects: readonly Subject[] = [];

const benchmark: Benchmark = {
  description:
    "Charts rendered cold (load, values, engine, manifests) and warm, beside Helm's Go SDK; growth with subcharts and tpl " +
    `calls; peak memory (--charts DIR, --chart NAME; default ${CHARTS.join(", ")})`,
  rounds: 1,
  warmUp: 0,
  setUp: async (args) => {
    const folder = await Deno.makeTempDir({ prefix: "kco-bench-" });
    subjects = [...realCharts(args), ...await grownCharts(folder)];
    return { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  },
  round: async () => {
    const figures: Figure[] = [];
    for (const subject of subjects) {
      const args = [subject.file, String(subject.rounds)];
      {
        await using ours = startOurs("template", args, ["--v8-flags=--no-compilation-cache"]);
        figures.push(...await measure(subject, ours, "kco", true));
      }
      await using peer = await startPeer("template", args);
      figures.push(...await measure(subject, peer, "Helm's Go SDK", false));
    }
    return figures;
  },
};
export default benchmark;

function realCharts(args: readonly string[]): Subject[] {
  const { values } = parseArgs({
    args: [...args],
    options: { charts: { type: "string", default: USUAL_DIRECTORY }, chart: { type: "string", multiple: true } },
  });
  const files = existsSync(values.charts) ? [...Deno.readDirSync(values.charts)].map(({ name }) => name).sort() : [];
  return (values.chart ?? CHARTS).flatMap((chart) => {
    const file = files.find((name) =>
      name.startsWith(`${chart}-`) && /^\d[^-]*\.tgz$/.test(name.slice(chart.length + 1))
    );
    if (file === undefined) {
      console.error(`template: skipped: ${values.charts} has no chart "${chart}"; name its folder with --charts`);
      return [];
    }
    return [{ name: chart, file: join(values.charts, file), rounds: 20, brief: false }];
  });
}

async function grownCharts(folder: string): Promise<Subject[]> {
  const made = GROWTH.flatMap((size) => [
    { name: `${size} subcharts`, archive: chartWithSubcharts(size) },
    { name: `${size * TPL_CALLS} tpl calls`, archive: chartWithTpl(size * TPL_CALLS) },
  ]);
  return await Promise.all(made.map(async ({ name, archive }): Promise<Subject> => {
    const file = join(folder, `${name}.tgz`);
    await Deno.writeFile(file, await archive);
    return { name, file, rounds: 10, brief: true };
  }));
}

/** The medians of a program's rounds. */
async function measure(subject: Subject, program: Program, of: string, keepsTemplates: boolean): Promise<Figure[]> {
  const ms = (what: string, value: number): Figure => ({ name: `${subject.name}: ${what}`, of, value, unit: "ms" });
  const first = await program.number("first");
  const cold = await phases(program, PHASES, subject.rounds);
  const warm = keepsTemplates ? await phases(program, WARM_PHASES, subject.rounds) : undefined;
  await program.number("done");
  const { peak } = await program.usage();
  const figures = [ms("cold", sum(cold))];
  if (!subject.brief) figures.push(...Object.entries(cold).map(([phase, value]) => ms(`cold, ${phase}`, value)));
  if (warm !== undefined) figures.push(ms("warm, engine", warm["warmEngine"] ?? NaN), ms("warm", sum(warm)));
  if (!subject.brief) {
    figures.push(ms("first of a process", first));
    figures.push({ name: `${subject.name}: peak memory`, of, value: peak, unit: "MiB" });
  }
  return figures;
}

async function phases(program: Program, names: readonly string[], rounds: number): Promise<Record<string, number>> {
  const taken: Readonly<Record<string, unknown>>[] = [];
  for (let round = 0; round < rounds; round++) taken.push(await program.line(names[0] ?? ""));
  return Object.fromEntries(names.map((name) => [name, median(taken.map((line) => Number(line[name])))]));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}

function sum(times: Readonly<Record<string, number>>): number {
  return Object.values(times).reduce((total, time) => total + time, 0);
}
