/** The one error of this folder. */

/** Why something could not be framed or read. */
export type SseErrorReason =
  /** A field that must stay on one line has a line break or a NUL. */
  | "ControlCharacter"
  /** `retry` is no whole number of ms. */
  | "InvalidRetry"
  /** The response is no event stream. */
  | "NotAnEventStream"
  /** The connection broke or was refused. */
  | "Network";

/** A frame that cannot be written, or a stream that cannot be read. */
export class SseError extends Error {
  override readonly name = "SseError";

  constructor(readonly reason: SseErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
