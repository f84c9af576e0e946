/** The error of this folder outside of requests; those are refused with a `Problem`. */

/** Why the server did not start. */
export type EventSseErrorReason =
  /** It would listen beyond this machine without access control. */
  | "Unprotected"
  /** An option or an environment variable that cannot be read. */
  | "InvalidOption";

/** A server that did not start. */
export class EventSseError extends Error {
  override readonly name = "EventSseError";

  constructor(readonly reason: EventSseErrorReason, message: string) {
    super(message);
  }
}
