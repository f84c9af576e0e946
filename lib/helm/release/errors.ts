/**
 * Why a release record was refused.
 *
 * - `Unreadable`: stored data is not a record.
 * - `TooLarge`: the record does not fit into a Secret.
 */
export type ReleaseRecordErrorReason = "Unreadable" | "TooLarge";

/** A release record that cannot be read or stored. */
export class ReleaseRecordError extends Error {
  /** Why, for code that decides by it. */
  readonly reason: ReleaseRecordErrorReason;

  /** An error with a reason and the message to show. */
  constructor(reason: ReleaseRecordErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReleaseRecordError";
    this.reason = reason;
  }
}
