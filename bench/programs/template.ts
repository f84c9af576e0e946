/**
 * Measures our Helm engine on one packed chart: reading the archive, combining the values, the engine, sorting the manifests.
 *
 * Arguments: chart, rounds. It prints the times of each round in ms, first without anything compiled (`load` …), then with the
 * chart at hand and its templates compiled (`warmValues` …). `first` is the very first render of the process.
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

const [path = "", count = "10"] = Deno.args;
const archive = await Deno.readFile(path);
const rounds = Number(count);
/** ms of CPU. */
const WARM_UP = 3_000;

const first = performance.now();
render(load(archive), undefined);
print({ first: performance.now() - first });

warmUp(cold);
for (let round = 0; round < rounds; round++) print(cold());

const chart = load(archive);
const warm = () => render(chart, "chart");
warmUp(warm);
for (let round = 0; round < rounds; round++) {
  const { values, engine, manifests } = warm();
  print({ warmValues: values, warmEngine: engine, warmManifests: manifests });
}
print({ done: 1 });
await Deno.stdin.readable.pipeTo(new WritableStream()); // until the benchmark has looked at our memory

/** Until V8 has made up its mind about our code, which takes CPU time: on a busy machine that is not the clock's. */
function warmUp(round: () => void): void {
  for (const until = cpuTime() + WARM_UP; cpuTime() < until;) round();
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
  return { load: loaded - started, ...render(chart, undefined) };
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

function print(line: Readonly<Record<string, number>>): void {
  console.log(JSON.stringify(line));
}
