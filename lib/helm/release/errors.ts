/**
 * Why a release record was refused.
 *
 * - `Unreadable`: stored data is not a record.
 * - `TooLarge`: the record does not fit into a Secret.
 */
export type ReleaseRecordErrorReason = "Unreadable" | "TooLarge";

/** A release record that cannot be read or stored. */
export class ReleaseRecordError extends Error {
  readonly reason: ReleaseRecordErrorReason;

  constructor(reason: ReleaseRecordErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReleaseRecordError";
    this.reason = reason;
  }
}
