/**
 * Renders a corpus of charts and compares with what the real Helm printed.
 *
 *     deno task corpus [--dir DIR] [--chart NAME|ID] [--show-diff] [--jobs N] [--floor FILE]
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRenderer } from "../../lib/helm/mod.ts";
import { type CorpusCase, CorpusError, readCases } from "./cases.ts";
import { checkCase } from "./check.ts";
import type { Comparison, Difference } from "./compare.ts";

const HERE = import.meta.dirname ?? ".";

/** Where the corpus lies beside a checkout. */
const USUAL_DIRECTORY = join(HERE, "../../../shared/corpus");

const { values: given } = parseArgs({
  options: {
    dir: { type: "string" },
    chart: { type: "string" },
    "show-diff": { type: "boolean", default: false },
    jobs: { type: "string", default: String(Math.min(4, navigator.hardwareConcurrency)) },
    floor: { type: "string", default: join(HERE, "floor.json") },
  },
});

const options = { ...given, dir: given.dir ?? USUAL_DIRECTORY };

/**
 * Runs all cases, `jobs` at a time, each job with a worker of its own. What is different is shown in the order of the
 * cases, each as soon as those before it are through.
 */
async function checkAll(cases: readonly CorpusCase[], jobs: number): Promise<Comparison[]> {
  const results: Comparison[] = [];
  let [next, shown] = [0, 0];
  function showFinished(): void {
    for (let result = results[shown]; result !== undefined; result = results[++shown]) {
      for (const difference of result.differences) show(cases[shown]?.id ?? "", difference);
    }
  }
  async function job(): Promise<void> {
    const renderer = createRenderer();
    for (let at = next++; at < cases.length; at = next++) {
      const one = cases[at];
      if (one === undefined) continue;
      results[at] = await checkCase(renderer, options.dir, one);
      showFinished();
    }
    await renderer.close();
  }
  await Promise.all(Array.from({ length: jobs }, job));
  return results;
}

function show(id: string, { document, ours, helms }: Difference): void {
  console.log(`${id}: ${document}`);
  if (!options["show-diff"]) return;
  const [own, expected] = [(ours ?? "(missing)").split("\n"), (helms ?? "(missing)").split("\n")];
  const at = own.findIndex((line, index) => line !== expected[index]);
  const from = Math.max(0, (at < 0 ? own.length : at) - 2);
  for (const line of own.slice(from, from + 8)) console.log(`  + ${line}`);
  for (const line of expected.slice(from, from + 8)) console.log(`  - ${line}`);
}

/** The least number of equal cases that the corpus must have; none for another corpus or a part of it. */
async function floorFor(total: number): Promise<number> {
  if (given.dir !== undefined && given.dir !== USUAL_DIRECTORY) return 0;
  try {
    const { equal, cases } = JSON.parse(await Deno.readTextFile(options.floor));
    return cases === total ? equal : 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** The number of jobs. @throws CorpusError when it is none. */
function jobsOf(text: string): number {
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs > 0) return jobs;
  throw new CorpusError(`--jobs ${text}: a number from 1 on is needed`);
}

async function run(): Promise<void> {
  const jobs = jobsOf(options.jobs);
  const cases = await readCases(options.dir, options.chart);
  const results = await checkAll(cases, jobs);
  const sum = (count: (result: Comparison) => number) => results.reduce((total, result) => total + count(result), 0);
  const equal = sum((result) => result.differences.length === 0 ? 1 : 0);
  const floor = await floorFor(cases.length);
  if (equal < floor) {
    console.log(`corpus: ${equal} equal cases are fewer than the ${floor} of ${options.floor}`);
    Deno.exitCode = 1;
  }
  console.log(
    `corpus: ${equal} of ${cases.length} cases equal, ${sum((result) => result.compared)} documents compared, ` +
      `${sum((result) => result.identical)} byte-identical, ${sum((result) => result.unstable)} unstable skipped`,
  );
}

if (given.dir === undefined && !existsSync(join(options.dir, "cases.json"))) {
  console.log("corpus: skipped: there is no corpus beside this checkout; name one with --dir");
} else {
  await run().catch((error: unknown) => {
    if (!(error instanceof CorpusError)) throw error;
    console.error(`corpus: ${error.message}`);
    Deno.exitCode = 2;
  });
}
