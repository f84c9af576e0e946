/** The one error of this folder. */

/** Why something could not be framed. */
export type SseErrorReason =
  /** A field that must stay on one line has a line break or a NUL. */
  | "ControlCharacter"
  /** `retry` is no whole number of ms. */
  | "InvalidRetry";

/** A frame that cannot be written. */
export class SseError extends Error {
  override readonly name = "SseError";

  constructor(readonly reason: SseErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
