import type { ChartCache } from "./cache.ts";
import { digestOf } from "./digest.ts";
import { type Get, get, type Got } from "./http.ts";

/** An answer and its digest. */
export interface CachedAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly digest: string;
  readonly url: string;
}

/**
 * Fetches a URL unless the server says that what the cache has of it is still good. The server is always asked: it
 * decides whether these credentials may have it.
 *
 * @throws ChartFetchError
 */
export async function cachedGet(request: Get, cache: ChartCache): Promise<CachedAnswer> {
  const key = request.url.href;
  const known = cache.validator(key);
  const kept = known === undefined ? undefined : await cache.get(known.digest);
  const conditions = kept === undefined || known === undefined ? {} : conditionsOf(known);
  const got = await get({
    ...request,
    headers: { ...request.headers, ...conditions },
    accept: [304, ...request.accept ?? []],
  });
  if (got.status === 304 && kept !== undefined && known !== undefined) {
    return { bytes: kept, digest: known.digest, url: got.url };
  }
  const digest = digestOf(got.bytes);
  await cache.put(digest, got.bytes);
  keepValidator(key, got, digest, cache);
  return { bytes: got.bytes, digest, url: got.url };
}

function conditionsOf({ etag, lastModified }: { etag?: string; lastModified?: string }): Record<string, string> {
  if (etag !== undefined) return { "if-none-match": etag };
  return lastModified === undefined ? {} : { "if-modified-since": lastModified };
}

function keepValidator(url: string, { headers }: Got, digest: string, cache: ChartCache): void {
  const [etag, lastModified] = [headers.get("etag"), headers.get("last-modified")];
  if (etag === null && lastModified === null) return;
  cache.setValidator(url, {
    digest,
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  });
}
