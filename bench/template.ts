/** Our Helm engine beside Helm's Go SDK. */
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { Benchmark, Figure } from "./run.ts";
import { chartFile } from "./support/chart_files.ts";
import { peerPath, startPeer } from "./support/peers.ts";
import { type Program, startOurs } from "./support/program.ts";
import { chartWithSubcharts, chartWithTpl } from "./support/template_charts.ts";

const CHARTS = ["podinfo", "ingress-nginx", "argo-cd", "kube-prometheus-stack"];
const SUBCHARTS = [1, 2, 4, 8, 16, 32];
const TPL_CALLS = [1, 10, 100, 1_000, 10_000];

const PHASES = ["load", "values", "engine", "manifests"];
const WARM_PHASES = ["warmValues", "warmEngine", "warmManifests"];

/** A chart to measure: its file, its rounds, and how its figures are called. */
interface Subject {
  readonly name: string;
  readonly file: string;
  readonly rounds: number;
  /** ms of CPU that our program runs before it measures. */
  readonly warmUp: number;
  /** Report the sums of cold rounds alone. */
  readonly brief: boolean;
}

let subjects: readonly Subject[] = [];

const benchmark: Benchmark = {
  description:
    "Charts rendered cold (load, values, engine, manifests) and warm, beside Helm's Go SDK; growth with subcharts and tpl " +
    `calls; peak memory (--chart NAME|FILE.tgz, default ${
      CHARTS.join(", ")
    }; --charts DIR, more than one may be given; --only charts|growth)`,
  rounds: 1,
  warmUp: 0,
  setUp: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        charts: { type: "string", multiple: true, default: [] },
        chart: { type: "string", multiple: true, default: CHARTS },
        only: { type: "string" },
      },
    });
    await peerPath("template"); // built before anything is measured
    const folder = await Deno.makeTempDir({ prefix: "kco-bench-" });
    const real = values.only === "growth" ? [] : values.chart.flatMap((chart) => realChart(chart, values.charts));
    subjects = values.only === "charts" ? real : [...real, ...await grownCharts(folder)];
    return { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  },
  round: async () => {
    const figures: Figure[] = [];
    for (const subject of subjects) {
      const rounds = String(subject.rounds);
      {
        const args = [subject.file, rounds, subject.brief ? "0" : rounds, String(subject.warmUp)];
        await using ours = startOurs("template", args, ["--v8-flags=--no-compilation-cache"]);
        figures.push(...await measure(subject, ours, "kco"));
      }
      await using peer = await startPeer("template", [subject.file, rounds]);
      figures.push(...await measure(subject, peer, "Helm's Go SDK"));
    }
    return figures;
  },
};
export default benchmark;

function realChart(chart: string, folders: readonly string[]): Subject[] {
  const file = chartFile("template", chart, folders);
  return file === undefined ? [] : [{ name: basename(file, ".tgz"), file, rounds: 20, warmUp: 3_000, brief: false }];
}

async function grownCharts(folder: string): Promise<Subject[]> {
  const made = [
    ...SUBCHARTS.map((size) => ({ name: `${size} subcharts`, archive: chartWithSubcharts(size) })),
    ...TPL_CALLS.map((size) => ({ name: `${size} tpl calls`, archive: chartWithTpl(size) })),
  ];
  return await Promise.all(made.map(async ({ name, archive }): Promise<Subject> => {
    const file = join(folder, `${name}.tgz`);
    await Deno.writeFile(file, await archive);
    return { name, file, rounds: 10, warmUp: 1_000, brief: true };
  }));
}

/** The figures of a program: those of its rounds, one by one, so that the table has their minimum, median and maximum. */
async function measure(subject: Subject, program: Program, of: string): Promise<Figure[]> {
  const figure = (what: string, value: number, unit = "ms"): Figure => {
    return { name: `${subject.name}: ${what}`, of, value, unit };
  };
  const first = await program.number("first");
  const figures = subject.brief ? [] : [figure("first of a process", first)];
  for (let round = 0; round < subject.rounds; round++) {
    const { times, cpu } = await lap(program, PHASES);
    figures.push(figure("cold", sum(times)), figure("cold, CPU", cpu));
    if (!subject.brief) figures.push(...PHASES.map((phase) => figure(`cold, ${phase}`, times[phase] ?? NaN)));
  }
  for (let round = 0; of === "kco" && !subject.brief && round < subject.rounds; round++) {
    const { times, cpu } = await lap(program, WARM_PHASES);
    figures.push(figure("warm, engine", times["warmEngine"] ?? NaN), figure("warm", sum(times)));
    figures.push(figure("warm, CPU", cpu));
  }
  await program.number("done");
  const { peak } = await program.usage();
  return [...figures, figure("peak memory", peak, "MiB")];
}

/** The times of one round, and the CPU time of all threads meanwhile; in ms. */
async function lap(
  program: Program,
  names: readonly string[],
): Promise<{ readonly times: Record<string, number>; readonly cpu: number }> {
  const line = await program.line(names[0] ?? "");
  return { times: Object.fromEntries(names.map((name) => [name, Number(line[name])])), cpu: Number(line["cpu"]) };
}

function sum(times: Readonly<Record<string, number>>): number {
  return Object.values(times).reduce((total, time) => total + time, 0);
}
