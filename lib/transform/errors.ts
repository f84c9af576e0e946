/**
 * What can go wrong with a transform and with a field path.
 *
 * @module
 */

/**
 * Why a field path failed.
 *
 * | reason | meaning |
 * |---|---|
 * | `Empty` | there is no path |
 * | `Syntax` | the text is not a path |
 * | `NotFound` | a field or an element on the way is missing |
 * | `NotAnObject`, `NotAnArray` | a value on the way is of another kind |
 * | `IndexTooLarge` | writing would grow an array beyond the bound |
 * | `Wildcard` | the path names many places where one is needed |
 * | `NotWritable` | a JSONPath that names no concrete place was to be written |
 */
export type FieldPathReason =
  | "Empty"
  | "Syntax"
  | "NotFound"
  | "NotAnObject"
  | "NotAnArray"
  | "IndexTooLarge"
  | "Wildcard"
  | "NotWritable";

/** A field path that cannot be parsed, or does not fit the object. */
export class FieldPathError extends Error {
  /** `FieldPathError`. */
  override readonly name = "FieldPathError";

  /**
   * A failure of a path.
   *
   * @param position Where in the text a `Syntax` error is, in UTF-16 units from 0.
   */
  constructor(readonly reason: FieldPathReason, message: string, readonly position?: number, options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * Why a transform failed: `Invalid` when it cannot be compiled (no value can help), `Failed` when it does not fit the value,
 * `NoValue` when it gives nothing where a value is needed, `Limit` when it takes too long or makes too much.
 */
export type TransformReason = "Invalid" | "Failed" | "NoValue" | "Limit";

/** A transform that cannot be compiled or applied. */
export class TransformError extends Error {
  /** `TransformError`. */
  override readonly name = "TransformError";

  /**
   * A failure of a transform.
   *
   * @param message Which transform, what went wrong, and what to do; not the value itself, because it may come from a Secret.
   */
  constructor(readonly reason: TransformReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
