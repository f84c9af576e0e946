/** Why an operation on a release failed. */
export type ReleaseErrorReason =
  /** An object of the chart exists and belongs to somebody else. */
  | "OwnershipConflict"
  /** Another manager owns a field and forcing was not asked for. */
  | "ApplyConflict"
  /** The API server refused an object of the chart. */
  | "ApplyFailed"
  /** Kinds that the server does not serve. */
  | "MissingKinds"
  /** A hook failed or did not finish in time. */
  | "HookFailed"
  /** The Secret with the chart server's password is not there. */
  | "MissingCredentials"
  /** The release record is unreadable or too large. */
  | "InvalidRecord"
  /** Another operation on the release is under way. */
  | "Pending";

/** A kind that a chart uses and the server does not serve. */
export interface MissingKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** An operation on a release failed; `message` says on which object, and what to do. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  constructor(
    readonly reason: ReleaseErrorReason,
    message: string,
    options?: ErrorOptions,
    /** For `MissingKinds`. */
    readonly missing: readonly MissingKind[] = [],
  ) {
    super(message, options);
  }
}
