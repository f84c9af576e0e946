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
const TPL_CALLS = 10;

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

/** The figures of a program: those of its rounds, one by one, so that the table has their minimum, median and maximum. */
async function measure(subject: Subject, program: Program, of: string, keepsTemplates: boolean): Promise<Figure[]> {
  const figure = (what: string, value: number, unit = "ms"): Figure => {
    return { name: `${subject.name}: ${what}`, of, value, unit };
  };
  const first = await program.number("first");
  const figures = subject.brief ? [] : [figure("first of a process", first)];
  for (let round = 0; round < subject.rounds; round++) {
    const times = await phases(program, PHASES);
    figures.push(figure("cold", sum(times)));
    if (!subject.brief) figures.push(...PHASES.map((phase) => figure(`cold, ${phase}`, times[phase] ?? NaN)));
  }
  for (let round = 0; keepsTemplates && round < subject.rounds; round++) {
    const times = await phases(program, WARM_PHASES);
    figures.push(figure("warm, engine", times["warmEngine"] ?? NaN), figure("warm", sum(times)));
  }
  await program.number("done");
  const { peak } = await program.usage();
  return subject.brief ? figures : [...figures, figure("peak memory", peak, "MiB")];
}

/** The times of one round. */
async function phases(program: Program, names: readonly string[]): Promise<Record<string, number>> {
  const line = await program.line(names[0] ?? "");
  return Object.fromEntries(names.map((name) => [name, Number(line[name])]));
}

function sum(times: Readonly<Record<string, number>>): number {
  return Object.values(times).reduce((total, time) => total + time, 0);
}
