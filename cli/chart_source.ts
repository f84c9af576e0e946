/** The chart that a command line names. */
import { stat } from "node:fs/promises";
import { type Chart, type ChartReference, fetchChart, loadArchive, loadChartDirectory } from "../lib/helm/mod.ts";
import { CliError } from "./errors.ts";

/** Options that say where a chart comes from. */
export interface ChartSourceOptions {
  /** URL of a Helm repository; the chart's name is looked up there. */
  readonly repo?: string;
  readonly version?: string;
}

/**
 * Loads a chart: a directory, a packed chart, a URL (`https://….tgz`, `oci://…`), or a name in a Helm repository.
 *
 * @throws ChartFetchError, HelmChartError
 */
export async function openChart(chart: string, { repo, version }: ChartSourceOptions): Promise<Chart> {
  if (repo === undefined && !/^(?:oci|https?|file):\/\//.test(chart)) return await openLocal(chart);
  const reference: ChartReference = {
    ...(repo === undefined ? { url: chart } : { url: repo, repo: chart }),
    ...(version === undefined ? {} : { version }),
  };
  return loadArchive((await fetchChart(reference)).bytes);
}

async function openLocal(path: string): Promise<Chart> {
  const found = await stat(path).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const message = `path "${path}" not found: name a directory, a .tgz file, a URL or oci://…, or a chart of --repo`;
    throw new CliError("UnreadableChart", message, { cause: error });
  });
  return found.isDirectory() ? await loadChartDirectory(path) : loadArchive(await Deno.readFile(path));
}
