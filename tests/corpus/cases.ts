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
  /** What Helm prints, relative to the corpus; with `error` what it prints on standard error. */
  readonly golden: string;
  readonly error?: boolean;
}

/** A corpus that cannot be run: the message names the file and what is wrong with it. */
export class CorpusError extends Error {
  override readonly name = "CorpusError";
}

/**
 * Reads the cases, those of one chart (by name) or the one of an id where that is given.
 *
 * @throws CorpusError when there is no list of cases, it is not one, or no case has that name.
 */
export async function readCases(directory: string, chart: string | undefined): Promise<CorpusCase[]> {
  const path = join(directory, "cases.json");
  const all = parseCases(path, await readText(path));
  const wanted = all.filter(({ name, id }) => chart === undefined || name === chart || id === chart);
  if (wanted.length === 0) throw new CorpusError(`${path}: no case ${chart === undefined ? "at all" : `of ${chart}`}`);
  return wanted;
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new CorpusError(`${path}: a corpus has such a file`);
    throw error;
  }
}

function parseCases(path: string, text: string): CorpusCase[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CorpusError(`${path}: no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!Array.isArray(parsed)) throw new CorpusError(`${path}: a list of cases is needed`);
  return parsed.map((one: unknown, at) => checkCase(`${path}: case ${at}`, one));
}

function checkCase(place: string, one: unknown): CorpusCase {
  const fields: Readonly<Record<string, unknown>> = { ...(typeof one === "object" ? one : {}) };
  const { id, chart, values, unstable = [], golden, error = false } = fields;
  const name = fields["name"] ?? id;
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  if (!isText(id) || !isText(chart) || !isText(golden) || !isText(name)) {
    throw new CorpusError(`${place}: id, chart and golden are needed, each a text`);
  }
  if (values !== undefined && values !== null && !isText(values)) {
    throw new CorpusError(`${place} (${id}): values is the path of a file`);
  }
  if (!Array.isArray(unstable) || !unstable.every(isText)) {
    throw new CorpusError(`${place} (${id}): unstable is a list of documents`);
  }
  return { id, chart, name, unstable, golden, error: error === true, ...(isText(values) ? { values } : {}) };
}
