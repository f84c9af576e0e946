/** An archive behind a URL. */
import { createHash } from "node:crypto";
import type { FetchedChart } from "../types.ts";
import { ChartFetchError } from "./errors.ts";
import { get, type HttpOptions, redacted } from "./http.ts";

/** What all kinds of sources share. */
export interface Source {
  readonly http: HttpOptions;
  readonly username?: string;
  readonly password?: string;
  /** Indexes that were read, with what makes asking again cheap. */
  readonly indexes: Map<string, { readonly etag: string; readonly index: unknown }>;
}

/** `sha256:<hex>` */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Fetches an archive and holds it against the digest that was promised. */
export async function fetchArchive(
  url: string,
  what: string,
  source: Source,
  promised: string | undefined,
): Promise<FetchedChart> {
  const answer = await get(url, source.http);
  if (answer.status !== 200) throw describeStatus(answer.status, what, url);
  const digest = digestOf(answer.body);
  checkDigest(digest, promised, what, url);
  return { bytes: answer.body, digest, resolvedUrl: redacted(url) };
}

/** @param promised With or without `sha256:`; nothing is checked where it is empty. */
export function checkDigest(digest: string, promised: string | undefined, what: string, url: string): void {
  if (!promised || digest === (promised.startsWith("sha256:") ? promised : `sha256:${promised}`)) return;
  throw new ChartFetchError(
    "DigestMismatch",
    `Cannot use ${what} from ${
      redacted(url)
    }: its digest is ${digest}, promised was ${promised}: the archive was changed ` +
      `or damaged; publish it again`,
  );
}

/** The error for an answer that is no success. */
export function describeStatus(status: number, what: string, url: string): ChartFetchError {
  const where = `Cannot fetch ${what} from ${redacted(url)}: ${status}`;
  if (status === 401 || status === 403) {
    return new ChartFetchError(
      "Unauthorized",
      `${where} ${status === 401 ? "Unauthorized" : "Forbidden"}: check spec.chart.credentials`,
    );
  }
  if (status === 404 || status === 410) {
    return new ChartFetchError(
      "NotFound",
      `${where} Not Found: check spec.chart.url, spec.chart.repo and spec.chart.version`,
    );
  }
  if (status >= 500 || status === 429) return new ChartFetchError("Network", `${where}: the server cannot answer now`);
  return new ChartFetchError("Refused", `${where}: the server refuses`);
}
