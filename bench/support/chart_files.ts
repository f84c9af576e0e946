/** Packed charts that benchmarks are told of by name or by path. None of them is part of the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where a corpus of charts lies beside a checkout. */
const USUAL_DIRECTORY = join(import.meta.dirname ?? ".", "../../../shared/corpus/charts");

/**
 * A packed chart by its path, or by its name in one of the folders or in the corpus beside the checkout: the newest one.
 * Undefined, and a word on it to standard error, where there is none.
 */
export function chartFile(benchmark: string, chart: string, folders: readonly string[]): string | undefined {
  const isPath = chart.endsWith(".tgz");
  const places = [...folders, USUAL_DIRECTORY];
  const file = isPath ? chart : places.map((folder) => newest(chart, folder)).find((found) => found !== undefined);
  if (file !== undefined && existsSync(file)) return file;
  const place = isPath ? "there is no such file" : `it is not in ${places.join(", ")}`;
  console.error(`${benchmark}: skipped "${chart}": ${place}: name a file with --chart, or its folder with --charts`);
  return undefined;
}

function newest(chart: string, folder: string): string | undefined {
  const names = existsSync(folder) ? [...Deno.readDirSync(folder)].map(({ name }) => name) : [];
  const [found] = names
    .filter((name) =>
      name === `${chart}.tgz` || (name.startsWith(`${chart}-`) && isVersion(name.slice(chart.length + 1)))
    )
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return found === undefined ? undefined : join(folder, found);
}

function isVersion(rest: string): boolean {
  return /^\d[^-]*\.tgz$/.test(rest);
}
