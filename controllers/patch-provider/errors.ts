/** What keeps a Patch from being applied. */

/**
 * Why a Patch is not applied: the reason of its condition `Ready`.
 *
 * | reason | goes away when |
 * |---|---|
 * | `Invalid` | the Patch is corrected |
 * | `SourceNotFound`, `SourceFieldMissing`, `TargetNotFound` | the object, its field or its kind comes |
 * | `Waiting` | `spec.when` becomes true |
 * | `TransformFailed` | the value or the transform changes |
 * | `Conflict`, `Cycle` | the other manager or Patch lets go |
 * | `Forbidden` | the rights are granted |
 * | `Rejected` | the value, or what the API server takes for valid, changes |
 */
export type PatchErrorReason =
  | "Invalid"
  | "SourceNotFound"
  | "SourceFieldMissing"
  | "TargetNotFound"
  | "Waiting"
  | "TransformFailed"
  | "Conflict"
  | "Cycle"
  | "Forbidden"
  | "Rejected";

/** A Patch that cannot be applied now. */
export class PatchError extends Error {
  /** `PatchError`. */
  override readonly name = "PatchError";

  /**
   * A Patch that cannot be applied now.
   *
   * @param message What was tried, on which object, and what to do; never a value.
   */
  constructor(readonly reason: PatchErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
