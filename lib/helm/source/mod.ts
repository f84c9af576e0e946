/** Where charts come from: a URL, a Helm repository, an OCI registry, a file. */
import type { ChartReference, FetchedChart, FetchOptions } from "../types.ts";
import { digestOf, fetchArchive, type Source } from "./archive.ts";
import { ChartFetchError } from "./errors.ts";
import { basicAuthorization } from "./http.ts";
import { fetchFromRegistry } from "./oci.ts";
import { fetchFromRepository } from "./repository.ts";

export { ChartFetchError, type ChartFetchReason } from "./errors.ts";
export { chooseVersion } from "./versions.ts";

const MAX_BYTES = 100 * 1024 * 1024;

/** Indexes of the process; few, and each replaced by its newer self. */
const indexes: Source["indexes"] = new Map();

/**
 * Fetches a chart's archive.
 *
 * @throws {ChartFetchError} The message names the chart, the URL without credentials, and what to do.
 */
export async function fetchChart(reference: ChartReference, options: FetchOptions = {}): Promise<FetchedChart> {
  const source = sourceOf(options);
  const { url } = reference;
  if (url.startsWith("oci://")) return await fetchFromRegistry(reference, source);
  if (url.startsWith("file:")) return await readFile(url);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ChartFetchError(
      "InvalidReference",
      `Cannot read chart URL "${url}": use oci://…, the https URL of a .tgz, or the https URL of a Helm repository`,
    );
  }
  const path = new URL(url).pathname;
  if (path.endsWith(".tgz") || path.endsWith(".tar.gz")) return await fetchArchive(url, "the chart", source, undefined);
  return await fetchFromRepository(reference, source);
}

function sourceOf(options: FetchOptions): Source {
  const authorization = basicAuthorization(options.username, options.password);
  return {
    indexes,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    http: {
      maxBytes: options.maxBytes ?? MAX_BYTES,
      ...(authorization === undefined ? {} : { authorization }),
      ...(options.insecureSkipVerifyTLS ? { insecureSkipVerifyTLS: true } : {}),
      ...(options.caCert === undefined ? {} : { caCert: options.caCert }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  };
}

async function readFile(url: string): Promise<FetchedChart> {
  try {
    const bytes = await Deno.readFile(new URL(url));
    return { bytes, digest: digestOf(bytes), resolvedUrl: url };
  } catch (error) {
    throw new ChartFetchError("NotFound", `Cannot read the chart at ${url}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
