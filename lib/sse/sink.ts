/** Where a client's bytes go: the seam between the hub and a transport. */

/** Why a connection ended. */
export type CloseReason =
  /** The client left, or its connection broke. */
  | "gone"
  /** It fell so far behind that what it needs next is no longer kept, or more than it may lag. */
  | "slow"
  /** It took nothing for too long: half open, or stopped. */
  | "stalled"
  /** It was open long enough; the client connects again, perhaps to another replica. */
  | "rotation"
  /** The server shuts down. */
  | "drain"
  /** Its right to listen ended. */
  | "expired";

/** One client's connection. */
export interface Sink {
  /**
   * Takes bytes, which many clients share: they must not be changed. Before {@linkcode close} it may be called once more while a
   * write is under way.
   *
   * @returns `undefined` where more can be written at once; otherwise a promise that resolves when it can. Rejects when the client is gone.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Ends the connection after what was written; with `abort`, without waiting for it. Called once. */
  close(abort: boolean): void;
}
