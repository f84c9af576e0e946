import { parseYaml, YamlError } from "../../yaml/mod.ts";
import { isTable } from "../chart/mod.ts";
import { ChartFetchError } from "./errors.ts";

/** A version of a chart in a repository. */
export interface IndexEntry {
  readonly version: string;
  readonly urls: readonly string[];
  /** Hex of the archive's SHA-256; absent where the index has none. */
  readonly digest: string | undefined;
}

/**
 * The versions of one chart in an index.yaml. Only the chart's own lines are parsed where the index has Helm's layout:
 * an index of 20 MB costs little more than its text. Unknown fields and broken entries are passed over.
 *
 * @throws ChartFetchError `InvalidIndex`, or `NotFound` where the index does not have the chart.
 */
export function indexEntries(text: string, chart: string, url: string): IndexEntry[] {
  const list = ownLines(text, chart) ?? fromWhole(text, chart, url);
  if (!Array.isArray(list)) {
    throw new ChartFetchError(
      "NotFound",
      `Cannot find chart "${chart}" in ${url}: the repository has no chart of that name: correct spec.chart.repo`,
    );
  }
  return list.filter(isTable).flatMap((entry) => {
    const { version, urls, digest } = entry;
    if (typeof version !== "string" && typeof version !== "number") return [];
    const texts = Array.isArray(urls) ? urls.filter((item) => typeof item === "string") : [];
    return [{
      version: String(version),
      urls: texts,
      digest: typeof digest === "string" && digest !== "" ? digest : undefined,
    }];
  });
}

/** Parses the lines of one chart; undefined where the layout is not Helm's. */
function ownLines(text: string, chart: string): unknown {
  const entries = /^entries:[ \t]*\r?$/m.exec(text);
  if (entries === null) return undefined;
  const name = chart.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const heading = new RegExp(`^( +)${name}:[ \\t]*\\r?$`, "m").exec(text.slice(entries.index));
  const indent = heading?.[1]?.length;
  if (heading === null || indent === undefined) return undefined;
  const start = entries.index + heading.index;
  // The next key at the same level, or less indented, ends the chart's lines; list items may be at that level.
  const next = new RegExp(`^ {0,${indent}}[^ \\t\\r\\n#-]`, "mg");
  next.lastIndex = start + heading[0].length;
  const end = next.exec(text)?.index ?? text.length;
  try {
    const parsed = parseYaml(text.slice(start, end));
    return isTable(parsed) ? parsed[chart] : undefined;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function fromWhole(text: string, chart: string, url: string): unknown {
  let index: unknown;
  try {
    index = parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw invalidIndex(url, error.message, error);
  }
  if (!isTable(index) || !isTable(index["entries"])) throw invalidIndex(url, "it has no map of entries");
  return Object.hasOwn(index["entries"], chart) ? index["entries"][chart] : undefined;
}

function invalidIndex(url: string, what: string, cause?: unknown): ChartFetchError {
  return new ChartFetchError(
    "InvalidIndex",
    `Cannot read the index of the Helm repository at ${url}: ${what}: check that the URL is that of a Helm repository`,
    {
      cause,
    },
  );
}
