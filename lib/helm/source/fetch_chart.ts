import type { ChartReference, FetchedChart, FetchOptions } from "../types.ts";
import { type ChartCache, createChartCache } from "./cache.ts";
import { cachedGet } from "./cached_get.ts";
import { ChartFetchError } from "./errors.ts";
import { basicAuthorization } from "./http.ts";
import { fetchFromRegistry } from "./oci.ts";
import { fetchFromRepository } from "./repository.ts";

/** Charts that were fetched without a cache of the caller's. Servers are still asked each time. */
const shared = createChartCache();

/**
 * Fetches a chart's archive: from an OCI registry (`oci://…`), a `.tgz` URL, or a Helm repository.
 *
 * @param cache Where archives and indexes are kept. Default: one in memory for the process.
 * @throws ChartFetchError with a message that names chart, URL and remedy.
 */
export async function fetchChart(
  reference: ChartReference,
  options: FetchOptions = {},
  cache: ChartCache = shared,
): Promise<FetchedChart> {
  if (reference.url.startsWith("oci://")) return await fetchFromRegistry(reference, options, cache);
  if (!URL.canParse(reference.url) || !/^(?:https?|file):/.test(reference.url)) {
    throw new ChartFetchError(
      "InvalidReference",
      `Cannot fetch a chart from "${reference.url}": expected an oci://, http://, https:// or file:// URL`,
    );
  }
  const url = new URL(reference.url);
  if (!/\.(?:tgz|tar\.gz)$/.test(url.pathname)) return await fetchFromRepository(reference, options, cache);
  const authorization = basicAuthorization(options);
  const what = `chart archive "${url.pathname.slice(url.pathname.lastIndexOf("/") + 1)}"`;
  const got = await cachedGet({ url, options, what, ...(authorization === undefined ? {} : { authorization }) }, cache);
  return { bytes: got.bytes, digest: got.digest, resolvedUrl: got.url };
}
