/**
 * Runs benchmarks and prints what they measured: one JSON line a figure on standard output, a table at the end on standard error.
 *
 *     deno task bench                 # lists the benchmarks
 *     deno task bench definition      # runs one, each figure in as many rounds as it asks for
 *     deno task bench rest -- --target real
 *
 * A benchmark is a file `bench/NAME.ts` that exports a {@linkcode Benchmark} as its default.
 */
import { fileURLToPath } from "node:url";

/** One measured figure of one round. */
export interface Figure {
  /** What was measured: `chart to CRD Established`. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `MiB`, `1/s`, `writes` … */
  readonly unit: string;
  /** Whose figure it is when a peer runs in the same round. Default `kco`. */
  readonly of?: string;
}

/** A benchmark: run once a round, each round reports the same figures. */
export interface Benchmark {
  /** One sentence: what it measures, and on what. */
  readonly description: string;
  /** Measured rounds. Default 5. */
  readonly rounds?: number;
  /** Rounds before those, not counted. Default 1. */
  readonly warmUp?: number;
  /** Starts what every round needs; what it returns is closed at the end. */
  readonly setUp?: (args: readonly string[]) => Promise<AsyncDisposable>;
  /** One round. */
  readonly round: (args: readonly string[]) => Promise<readonly Figure[]>;
}

/** A row of the table. */
export interface Row {
  readonly figure: string;
  readonly of: string;
  readonly unit: string;
  readonly rounds: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The figures of all rounds, one row for each name and owner, in the order of their first appearance. */
export function summarize(figures: readonly Figure[]): Row[] {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) {
    const key = JSON.stringify([figure.name, figure.of, figure.unit]);
    groups.set(key, [...groups.get(key) ?? [], figure]);
  }
  return [...groups.values()].map((group) => {
    const sorted = group.map(({ value }) => value).sort((a, b) => a - b);
    const at = (index: number) => sorted[index] ?? NaN;
    const upper = Math.floor(sorted.length / 2);
    const median = sorted.length % 2 === 1 ? at(upper) : (at(upper - 1) + at(upper)) / 2;
    const first = group[0];
    return {
      figure: first?.name ?? "",
      of: first?.of ?? "kco",
      unit: first?.unit ?? "",
      rounds: sorted.length,
      min: round(at(0)),
      median: round(median),
      max: round(at(sorted.length - 1)),
    };
  });
}

/** Three significant digits: more would be noise. */
const round = (value: number) => Number(value.toPrecision(3));

async function benchmarks(): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(fileURLToPath(new URL("./", import.meta.url)))) {
    const isBenchmark = entry.isFile && /^[a-z][a-z0-9_]*\.ts$/.test(entry.name) &&
      !/^run\.ts$|_test\.ts$/.test(entry.name);
    if (isBenchmark) names.push(entry.name.slice(0, -3));
  }
  return names.sort();
}

async function load(name: string): Promise<Benchmark> {
  const module: { default?: Benchmark } = await import(new URL(`./${name}.ts`, import.meta.url).href);
  if (module.default === undefined) {
    throw new Error(`Cannot run benchmark "${name}": bench/${name}.ts has no default export`);
  }
  return module.default;
}

async function run(name: string, benchmark: Benchmark, args: readonly string[]): Promise<Figure[]> {
  await using _scene = await benchmark.setUp?.(args);
  for (let index = 0; index < (benchmark.warmUp ?? 1); index++) await benchmark.round(args);
  const figures: Figure[] = [];
  for (let index = 0; index < (benchmark.rounds ?? 5); index++) {
    for (const figure of await benchmark.round(args)) {
      figures.push(figure);
      const load = Deno.loadavg()[0];
      console.log(JSON.stringify({ benchmark: name, round: index + 1, of: "kco", ...figure, load }));
    }
  }
  return figures;
}

if (import.meta.main) {
  const known = await benchmarks();
  const split = Deno.args.findIndex((argument) => argument.startsWith("-"));
  const asked = split < 0 ? Deno.args : Deno.args.slice(0, split);
  const args = split < 0 ? [] : Deno.args.slice(split).filter((argument) => argument !== "--");
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`Unknown benchmark "${unknown}": one of ${known.join(", ")}`);
    Deno.exit(2);
  }
  if (asked.length === 0) {
    for (const name of known) console.log(`${name}: ${(await load(name)).description}`);
  }
  for (const name of asked) {
    const rows = summarize(await run(name, await load(name), args));
    console.error(`\n${name}`);
    // console.table prints on standard output, which is for the JSON lines alone
    for (const row of rows) {
      console.error(
        `  ${row.figure} (${row.of}): min ${row.min}, median ${row.median}, max ${row.max} ${row.unit}, ${row.rounds} rounds`,
      );
    }
  }
}
