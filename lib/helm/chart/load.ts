import { parseYaml, YamlError } from "../../yaml/mod.ts";
import type { Chart, ChartFile } from "../types.ts";
import { archiveFiles, UnpackBudget } from "./archive.ts";
import { HelmChartError } from "./errors.ts";
import { readMetadata } from "./metadata.ts";
import { jsonKind, readValues } from "./read_values.ts";
import { isTable } from "./tables.ts";

const DECODER = new TextDecoder();

/** Charts inside charts inside charts: deeper than any real one, before the stack ends. */
const MAX_NESTING = 50;

/** Options of {@linkcode loadChartFiles}. */
export interface LoadOptions {
  /** Take a chart whose `apiVersion` is neither `v1` nor `v2`, as Helm takes such a subchart. Default false. */
  readonly anyApiVersion?: boolean;
}

/**
 * Loads a packed chart (`.tgz`) with its vendored subcharts.
 *
 * @throws HelmChartError when Helm would refuse the archive or the chart.
 */
export function loadArchive(archive: Uint8Array): Chart {
  const budget = new UnpackBudget();
  const files = archiveFiles(archive, budget);
  if (textOf(files, "Chart.yaml") === undefined) {
    throw new HelmChartError("MissingChartYaml", "unable to detect chart version, no Chart.yaml found");
  }
  return chartFromFiles(files, 0, budget);
}

/**
 * Makes a chart of files, paths relative to its root.
 *
 * @throws HelmChartError when Helm would refuse the chart.
 */
export function loadChartFiles(files: readonly ChartFile[], options: LoadOptions = {}): Chart {
  return chartFromFiles(files, options.anyApiVersion ? 1 : 0, new UnpackBudget());
}

function chartFromFiles(files: readonly ChartFile[], depth: number, budget: UnpackBudget): Chart {
  const chartYaml = textOf(files, "Chart.yaml");
  if (chartYaml === undefined) throw new HelmChartError("MissingChartYaml", "Chart.yaml file is missing");
  const metadata = readMetadata(chartYaml, textOf(files, "requirements.yaml"));
  if (depth === 0 && metadata.apiVersion !== "v1" && metadata.apiVersion !== "v2") {
    throw new HelmChartError("InvalidMetadata", "unsupported chart version");
  }
  const valuesText = textOf(files, "values.yaml");
  const schemaText = textOf(files, "values.schema.json");
  const lockText = textOf(files, "Chart.lock") ?? textOf(files, "requirements.lock");
  return {
    metadata,
    values: valuesText === undefined ? {} : readValues(valuesText),
    ...(valuesText === undefined ? {} : { valuesText }),
    ...(schemaText === undefined ? {} : { schemaText }),
    ...(lockText === undefined ? {} : { lock: readLock(lockText) }),
    templates: files.filter((file) => file.name.startsWith("templates/")),
    files: files.filter((file) => isPlainFile(file.name, metadata.apiVersion)),
    crds: files.filter((file) => file.name.startsWith("crds/")),
    dependencies: subcharts(files, metadata.name, depth + 1, budget),
  };
}

/** What `.Files` sees besides crds/: not the files that Helm has read, unless they are of a version 1 chart. */
function isPlainFile(name: string, apiVersion: string | undefined): boolean {
  if (name.startsWith("templates/") || name.startsWith("crds/")) return false;
  if (name.startsWith("charts/")) return name.endsWith(".prov");
  if (name === "requirements.yaml" || name === "requirements.lock") return apiVersion === "v1";
  return !["Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json"].includes(name);
}

function subcharts(files: readonly ChartFile[], parent: string, depth: number, budget: UnpackBudget): Chart[] {
  const groups = new Map<string, ChartFile[]>();
  for (const file of files) {
    if (!file.name.startsWith("charts/") || file.name.endsWith(".prov")) continue;
    const name = file.name.slice("charts/".length);
    const folder = name.split("/", 1)[0] ?? "";
    const group = groups.get(folder) ?? [];
    group.push({ name, data: file.data });
    groups.set(folder, group);
  }
  if (groups.size > 0 && depth > MAX_NESTING) {
    throw new HelmChartError("TooLarge", `chart "${parent}" holds subcharts nested deeper than ${MAX_NESTING}`);
  }
  return [...groups].filter(([folder]) => !/^[_.]/.test(folder)).map(([folder, group]) =>
    subchart(folder, group, parent, depth, budget)
  );
}

function subchart(
  folder: string,
  group: readonly ChartFile[],
  parent: string,
  depth: number,
  budget: UnpackBudget,
): Chart {
  try {
    if (!folder.endsWith(".tgz")) {
      const inner = group.filter((file) => file.name.includes("/"));
      return chartFromFiles(
        inner.map((file) => ({ ...file, name: file.name.slice(folder.length + 1) })),
        depth,
        budget,
      );
    }
    const [archive] = group;
    if (archive === undefined || archive.name !== folder) {
      throw new HelmChartError("InvalidArchive", `expected ${folder}, got ${archive?.name}`);
    }
    // Here Helm does not look at the file before it unpacks it.
    if (archive.data[0] !== 0x1f || archive.data[1] !== 0x8b) {
      throw new HelmChartError("NotAnArchive", archive.data.length < 10 ? "unexpected EOF" : "gzip: invalid header");
    }
    return chartFromFiles(archiveFiles(archive.data, budget), depth, budget);
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    throw new HelmChartError(error.reason, `error unpacking subchart ${folder} in ${parent}: ${error.message}`, {
      cause: error,
    });
  }
}

function readLock(text: string): unknown {
  try {
    const lock = parseYaml(text);
    if (lock === null || isTable(lock)) return lock;
    throw new HelmChartError(
      "InvalidMetadata",
      "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal " +
        `${jsonKind(lock)} into Go value of type v2.Lock`,
    );
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new HelmChartError(
      "InvalidMetadata",
      `cannot load Chart.lock: error converting YAML to JSON: ${error.message}`,
      { cause: error },
    );
  }
}

function textOf(files: readonly ChartFile[], name: string): string | undefined {
  const file = files.findLast((candidate) => candidate.name === name);
  return file === undefined ? undefined : DECODER.decode(file.data);
}
