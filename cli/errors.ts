/** Why a command does not do what it was asked to. */
export type CliErrorReason =
  /** Options that do not go together. */
  | "BadOptions"
  /** A chart on this machine cannot be read or packed. */
  | "UnreadableChart"
  /** A file or folder of an option cannot be read. */
  | "UnreadableFile"
  /** The server lacks a kind that is to be applied. */
  | "KindNotServed"
  /** The server took what it should have refused. */
  | "NotRefused"
  /** An object did not get ready in time. */
  | "NotReady";

/** A command that failed; `message` says why, and what to do. */
export class CliError extends Error {
  override readonly name = "CliError";

  constructor(readonly reason: CliErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
