/**
 * Measures our Helm engine on one packed chart: reading the archive, combining the values, the engine, sorting the manifests.
 *
 * Arguments: chart, rounds, warm rounds, ms of CPU before each. It prints the times of each round in ms, first without anything
 * compiled (`load` …), then with the chart at hand and its templates compiled (`warmValues` …), and the CPU time of all threads in
 * the round (`cpu`). `first` is the very first render of the process.
 * Run it with `--v8-flags=--no-compilation-cache`, so that V8 does not remember code that we have forgotten.
 */
import process from "node:process";
import { forgetTemplates } from "../../lib/gotemplate/mod.ts";
import {
  type Chart,
  coalesceValues,
  DEFAULT_API_VERSIONS,
  loadArchive,
  processDependencies,
  renderTemplates,
  sortManifests,
  validateValues,
  type Values,
} from "../../lib/helm/mod.ts";

const [path = "", count = "10", warmCount = count, warmUpTime = "3000"] = Deno.args;
const archive = await Deno.readFile(path);
/** Cold rounds so far. */
let colds = 0;

const first = performance.now();
render(load(archive), undefined);
print({ first: performance.now() - first });

warmUp(cold);
for (let round = 0; round < Number(count); round++) printWithCpu(cold);

if (Number(warmCount) > 0) {
  const chart = load(archive);
  const warm = () => {
    const { values, engine, manifests } = render(chart, "chart");
    return { warmValues: values, warmEngine: engine, warmManifests: manifests };
  };
  warmUp(warm);
  for (let round = 0; round < Number(warmCount); round++) printWithCpu(warm);
}
print({ done: 1 });
await Deno.stdin.readable.pipeTo(new WritableStream()); // until the benchmark has looked at our memory

/** Until V8 has made up its mind about our code, which takes CPU time: on a busy machine that is not the clock's. */
function warmUp(round: () => void): void {
  for (const until = cpuTime() + Number(warmUpTime); cpuTime() < until;) round();
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function cold() {
  forgetTemplates();
  const started = performance.now();
  const chart = load(archive);
  const loaded = performance.now();
  return { load: loaded - started, ...render(withNewSchemas(chart, ++colds), undefined) };
}

/** The chart with texts of its schemas that have never been seen: compiled ones are kept by their text. */
function withNewSchemas(chart: Chart, round: number): Chart {
  return {
    ...chart,
    ...(chart.schemaText === undefined ? {} : { schemaText: chart.schemaText + " ".repeat(round) }),
    dependencies: chart.dependencies.map((sub) => withNewSchemas(sub, round)),
  };
}

function load(bytes: Uint8Array): Chart {
  return loadArchive(bytes);
}

function render(chart: Chart, cacheKey: string | undefined) {
  const started = performance.now();
  const user: Values = {};
  const processed = processDependencies(chart, user);
  const values = coalesceValues(processed, user);
  validateValues(processed, values);
  const combined = performance.now();
  const files = renderTemplates({
    chart: processed,
    values,
    release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
    capabilities: { kubeVersion: "v1.35.0", apiVersions: DEFAULT_API_VERSIONS },
    ...(cacheKey === undefined ? {} : { cacheKey }),
  });
  const rendered = performance.now();
  for (const name of files.keys()) if (name.endsWith("NOTES.txt")) files.delete(name);
  sortManifests(files);
  const sorted = performance.now();
  return { values: combined - started, engine: rendered - combined, manifests: sorted - rendered };
}

function printWithCpu(round: () => Readonly<Record<string, number>>): void {
  const before = cpuTime();
  print({ ...round(), cpu: cpuTime() - before });
}

function print(line: Readonly<Record<string, number>>): void {
  console.log(JSON.stringify(line));
}
