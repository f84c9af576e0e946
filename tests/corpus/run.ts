/**
 * Renders a corpus of charts and compares with what the real Helm printed.
 *
 *     deno task corpus [--dir DIR] [--chart NAME] [--show-diff] [--jobs N] [--floor FILE]
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  createRenderer,
  DEFAULT_API_VERSIONS,
  HelmChartError,
  loadArchive,
  readValues,
  type Renderer,
  RenderError,
} from "../../lib/helm/mod.ts";
import { type CorpusCase, readCases } from "./cases.ts";
import { compareOutputs, type Comparison, type Difference } from "./compare.ts";

const HERE = import.meta.dirname ?? ".";
const NOTHING: Comparison = { compared: 0, identical: 0, unstable: 0, differences: [] };

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

/** What Helm's command line prints, or its message. */
async function outputOf(renderer: Renderer, { chart, values }: CorpusCase): Promise<string> {
  const file = values === undefined ? {} : readValues(await Deno.readTextFile(join(options.dir, values)), values);
  const result = await renderer.render({
    chart: loadArchive(await Deno.readFile(join(options.dir, chart))),
    values: file,
    release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
    capabilities: { kubeVersion: "v1.35.0", apiVersions: DEFAULT_API_VERSIONS },
    limits: { timeout: 120_000 },
  });
  return `${result.manifest.trim()}\n${result.hookManifest ?? ""}`;
}

async function check(renderer: Renderer, one: CorpusCase): Promise<Comparison> {
  const golden = await Deno.readTextFile(join(options.dir, one.golden));
  try {
    const output = await outputOf(renderer, one);
    if (one.error === true) {
      return { ...NOTHING, differences: [{ document: "(error expected)", ours: output, helms: golden }] };
    }
    return compareOutputs(output, golden, one.unstable);
  } catch (error) {
    if (!(error instanceof RenderError || error instanceof HelmChartError)) throw error;
    const equal = one.error === true && golden.trim().startsWith(`Error: ${error.message}`.trim());
    return equal ? NOTHING : { ...NOTHING, differences: [{ document: "(error)", ours: error.message, helms: golden }] };
  }
}

/** Runs all cases, `jobs` at a time, each job with a worker of its own. */
async function checkAll(cases: readonly CorpusCase[], jobs: number): Promise<Comparison[]> {
  const results: Comparison[] = [];
  let next = 0;
  async function job(): Promise<void> {
    const renderer = createRenderer();
    for (let at = next++; at < cases.length; at = next++) {
      const one = cases[at];
      if (one !== undefined) results[at] = await check(renderer, one);
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
  const from = Math.max(0, at - 2);
  for (const line of own.slice(from, from + 8)) console.log(`  + ${line}`);
  for (const line of expected.slice(from, from + 8)) console.log(`  - ${line}`);
}

/** The least number of equal cases that the corpus must have; none for another corpus or a part of it. */
async function floorFor(total: number): Promise<number> {
  try {
    const { equal, cases } = JSON.parse(await Deno.readTextFile(options.floor));
    return cases === total ? equal : 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

if (given.dir === undefined && !existsSync(join(options.dir, "cases.json"))) {
  console.log("corpus: skipped: there is no corpus beside this checkout; name one with --dir");
  Deno.exit(0);
}
const cases = await readCases(options.dir, options.chart);
const results = await checkAll(cases, Number(options.jobs));
cases.forEach(({ id }, at) => results[at]?.differences.forEach((difference) => show(id, difference)));
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
