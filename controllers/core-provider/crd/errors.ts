/** Why a chart cannot be named as a Kubernetes kind. */
export type CrdErrorReason = "InvalidName" | "InvalidVersion";

/** A chart whose name or version gives no valid kind, plural or API version. */
export class CrdError extends Error {
  override readonly name = "CrdError";

  constructor(readonly reason: CrdErrorReason, message: string) {
    super(message);
  }
}
