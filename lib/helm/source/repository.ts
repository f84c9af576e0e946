import type { ChartReference, FetchedChart, FetchOptions } from "../types.ts";
import type { ChartCache } from "./cache.ts";
import { cachedGet } from "./cached_get.ts";
import { checkDigest } from "./digest.ts";
import { ChartFetchError } from "./errors.ts";
import { basicAuthorization, publicUrl } from "./http.ts";
import { indexEntries, type IndexEntry } from "./repository_index.ts";
import { chooseVersion } from "./versions.ts";

/**
 * Fetches a chart from a Helm repository: the version is chosen by its index.yaml, the URLs of the entry are tried in
 * order, the digest is checked. Credentials go to the repository's host alone.
 *
 * @throws ChartFetchError
 */
export async function fetchFromRepository(
  reference: ChartReference,
  options: FetchOptions,
  cache: ChartCache,
): Promise<FetchedChart> {
  const { repo: name, version = "" } = reference;
  if (name === undefined || name === "") {
    throw new ChartFetchError(
      "InvalidReference",
      `Cannot fetch a chart from the Helm repository ${reference.url}: the chart's name is missing: set spec.chart.repo`,
    );
  }
  const base = new URL(reference.url.endsWith("/") ? reference.url : `${reference.url}/`);
  const what = `chart "${name}"${version === "" ? "" : ` ${version}`}`;
  const indexUrl = new URL("index.yaml", base);
  indexUrl.search = base.search;
  const access = { options, ...authorization(options), authorizedOrigin: base.origin };
  const index = await cachedGet({ url: indexUrl, what: `the index for ${what}`, ...access }, cache);
  const entries = indexEntries(new TextDecoder().decode(index.bytes), name, publicUrl(indexUrl));
  const entry = chooseVersion(entries, version, what, publicUrl(base));
  return await fetchEntry(entry, base, `chart "${name}" ${entry.version}`, access, cache);
}

type Access = { readonly options: FetchOptions; readonly authorization?: string; readonly authorizedOrigin: string };

async function fetchEntry(
  entry: IndexEntry,
  base: URL,
  what: string,
  access: Access,
  cache: ChartCache,
): Promise<FetchedChart> {
  const announced = entry.digest === undefined ? undefined : `sha256:${entry.digest.replace(/^sha256:/, "")}`;
  const kept = announced === undefined ? undefined : await cache.get(announced);
  const [first] = entry.urls;
  if (first === undefined) {
    throw new ChartFetchError(
      "InvalidIndex",
      `Cannot fetch ${what} from ${publicUrl(base)}: the index has no URL for it: publish the index again`,
    );
  }
  if (kept !== undefined && announced !== undefined) {
    return { bytes: kept, digest: announced, resolvedUrl: publicUrl(new URL(first, base)), version: entry.version };
  }
  let failure: unknown;
  for (const address of entry.urls) {
    try {
      const url = new URL(address, base);
      const got = await cachedGet({ url, what, ...access }, cache);
      if (announced !== undefined) checkDigest(got.bytes, announced, what, got.url);
      return { bytes: got.bytes, digest: got.digest, resolvedUrl: got.url, version: entry.version };
    } catch (error) {
      // Another address may do; the first failure is the one to tell.
      failure ??= error;
    }
  }
  throw failure;
}

function authorization(options: FetchOptions): { readonly authorization?: string } {
  const basic = basicAuthorization(options);
  return basic === undefined ? {} : { authorization: basic };
}
