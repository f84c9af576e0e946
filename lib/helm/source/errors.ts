/** Why a chart could not be had. */
export type ChartFetchReason =
  /** The URL is none that a chart can come from. */
  | "InvalidReference"
  /** 404, or an unknown repository in a registry. */
  | "NotFound"
  /** The index or the registry has the chart, but no version that fits. */
  | "VersionNotFound"
  /** 401 or 403. */
  | "Unauthorized"
  /** The server's certificate was not accepted. */
  | "TLS"
  /** No connection, a timeout, or an answer 5xx that did not go away. */
  | "Network"
  /** Another answer that is no success. */
  | "Refused"
  /** More bytes than allowed. */
  | "TooLarge"
  /** The archive is not the one that index or manifest promised. */
  | "DigestMismatch"
  /** index.yaml, or an answer of the registry, cannot be read. */
  | "InvalidIndex";

/** A chart could not be fetched; the message names the chart, the URL and the remedy. */
export class ChartFetchError extends Error {
  override readonly name = "ChartFetchError";
  constructor(readonly reason: ChartFetchReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
