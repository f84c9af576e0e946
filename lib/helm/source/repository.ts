/** Charts from a Helm repository: an index.yaml and archives. */
import type { ChartReference, FetchedChart } from "../types.ts";
import { parseYaml } from "../../yaml/mod.ts";
import { describeStatus, fetchArchive, type Source } from "./archive.ts";
import { ChartFetchError } from "./errors.ts";
import { get, redacted } from "./http.ts";
import { chooseVersion } from "./versions.ts";

/** What is read of an index entry; unknown fields do not matter. */
interface IndexEntry {
  readonly version: string;
  readonly digest?: string;
  readonly urls: readonly string[];
}

/** Largest index.yaml, bytes. */
const MAX_INDEX = 128 * 1024 * 1024;

/** Fetches a chart from the repository at `reference.url`. */
export async function fetchFromRepository(reference: ChartReference, source: Source): Promise<FetchedChart> {
  const { repo } = reference;
  const base = reference.url.endsWith("/") ? reference.url : `${reference.url}/`;
  if (!repo) {
    throw new ChartFetchError(
      "InvalidReference",
      `Cannot fetch a chart from repository ${redacted(base)}: which chart is not said: set spec.chart.repo`,
    );
  }
  const entries = await readIndex(base, repo, source);
  const version = chooseVersion(entries.map((e) => e.version), reference.version);
  const entry = entries.find((e) => e.version === version);
  if (!entry) throw noVersion(reference, base, entries);
  return await fetchEntry(repo, entry, base, source);
}

async function readIndex(base: string, repo: string, source: Source): Promise<IndexEntry[]> {
  const url = new URL("index.yaml", base).href;
  const known = source.indexes.get(url);
  const answer = await get(url, {
    ...source.http,
    maxBytes: MAX_INDEX,
    headers: known ? { "If-None-Match": known.etag } : {},
  });
  if (answer.status === 304 && known) return entriesOf(known.index, repo, url);
  if (answer.status !== 200) throw describeStatus(answer.status, `chart "${repo}"`, url);
  const index = parseIndex(answer.body, repo, url);
  const etag = answer.headers.get("etag");
  if (etag !== null) source.indexes.set(url, { etag, index });
  return entriesOf(index, repo, url);
}

function parseIndex(body: Uint8Array, repo: string, url: string): unknown {
  try {
    return parseYaml(new TextDecoder().decode(body));
  } catch (error) {
    throw new ChartFetchError(
      "InvalidIndex",
      `Cannot find chart "${repo}": ${redacted(url)} is no index of a Helm repository: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function entriesOf(index: unknown, repo: string, url: string): IndexEntry[] {
  const entries = (index as { entries?: unknown } | null)?.entries;
  if (typeof entries !== "object" || entries === null) {
    throw new ChartFetchError(
      "InvalidIndex",
      `Cannot find chart "${repo}": ${redacted(url)} has no entries: is it a Helm repository?`,
    );
  }
  const list = Object.hasOwn(entries, repo) ? (entries as Record<string, unknown>)[repo] : undefined;
  if (!Array.isArray(list)) {
    throw new ChartFetchError("NotFound", `Cannot find chart "${repo}" in ${redacted(url)}: check spec.chart.repo`);
  }
  return list.filter(isEntry);
}

function isEntry(value: unknown): value is IndexEntry {
  const entry = value as Partial<IndexEntry> | null;
  return typeof entry?.version === "string" && Array.isArray(entry.urls) && entry.urls.length > 0;
}

function noVersion(reference: ChartReference, base: string, entries: readonly IndexEntry[]): ChartFetchError {
  const offered = entries.slice(0, 5).map((e) => e.version).join(", ");
  const wish = reference.version ? `version "${reference.version}"` : "a stable version";
  return new ChartFetchError(
    "VersionNotFound",
    `Cannot find ${wish} of chart "${reference.repo}" in ${redacted(base)}: it offers ${offered || "none"}` +
      `${entries.length > 5 ? ` and ${entries.length - 5} more` : ""}: check spec.chart.version`,
  );
}

/** An entry may name several URLs; the next is tried where one fails. */
async function fetchEntry(repo: string, entry: IndexEntry, base: string, source: Source): Promise<FetchedChart> {
  let failure: unknown;
  for (const location of entry.urls) {
    const url = new URL(location, base).href;
    // Credentials are for the repository's host, not for wherever its index points to.
    const { authorization: _kept, ...anonymous } = source.http;
    const http = new URL(url).host === new URL(base).host ? source.http : anonymous;
    try {
      const what = `chart "${repo}" ${entry.version}`;
      const fetched = await fetchArchive(url, what, { ...source, http }, entry.digest);
      return { ...fetched, version: entry.version };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
