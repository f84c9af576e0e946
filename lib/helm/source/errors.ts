/**
 * Why a chart could not be fetched.
 *
 * - `InvalidReference`: the URL or version of the reference cannot be understood.
 * - `NotFound`: server or file says that there is nothing.
 * - `VersionNotFound`: the repository has the chart, but no version that fits.
 * - `Unauthorized`: credentials are missing or refused.
 * - `TLS`: the server's certificate was not accepted.
 * - `Network`: the server was not reached, or answered with an error of its own.
 * - `Timeout`: the server took too long.
 * - `TooLarge`: more bytes than allowed.
 * - `DigestMismatch`: the bytes are not those that the index or manifest names.
 * - `InvalidIndex`: index.yaml or the registry's answer is not what it should be.
 * - `InvalidArchive`: the registry's artifact is not a chart.
 * - `Aborted`: the caller's signal.
 */
export type ChartFetchErrorReason =
  | "InvalidReference"
  | "NotFound"
  | "VersionNotFound"
  | "Unauthorized"
  | "TLS"
  | "Network"
  | "Timeout"
  | "TooLarge"
  | "DigestMismatch"
  | "InvalidIndex"
  | "InvalidArchive"
  | "Aborted";

/** A chart that could not be fetched. The message names chart, URL and remedy. */
export class ChartFetchError extends Error {
  /** Why, for code that decides by it. */
  readonly reason: ChartFetchErrorReason;
  /** ms after which another try may succeed; absent where only a change helps. */
  readonly retryAfter: number | undefined;

  /** An error with a reason and the message to show. */
  constructor(
    reason: ChartFetchErrorReason,
    message: string,
    options: ErrorOptions & { readonly retryAfter?: number } = {},
  ) {
    super(message, options);
    this.name = "ChartFetchError";
    this.reason = reason;
    this.retryAfter = options.retryAfter;
  }
}

/** Whether another try may succeed without a change. */
export function canHeal(reason: ChartFetchErrorReason): boolean {
  return reason === "Network" || reason === "Timeout";
}
