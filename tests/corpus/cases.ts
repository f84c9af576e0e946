/** The cases of a chart corpus: `cases.json` and what it points to. */
import { join } from "node:path";

/** One chart with one set of values, and what Helm makes of them. */
export interface CorpusCase {
  readonly id: string;
  /** Archive, relative to the corpus. */
  readonly chart: string;
  readonly name: string;
  /** Values file, relative to the corpus; absent for the chart's defaults. */
  readonly values?: string;
  /** Documents that differ from run to run: `<# Source path>#<ordinal>`, or `*` for all. */
  readonly unstable: readonly string[];
  /** What Helm prints; with `error` the message on standard error. */
  readonly golden: string;
  readonly error?: boolean;
}

/** Reads the cases, those of one chart where a name is given. */
export async function readCases(directory: string, chart: string | undefined): Promise<CorpusCase[]> {
  // The corpus is test data of a known layout; the comparison notices where it is not.
  const all = JSON.parse(await Deno.readTextFile(join(directory, "cases.json"))) as CorpusCase[];
  return all.filter(({ name, id }) => chart === undefined || name === chart || id === chart);
}
