/**
 * What can go wrong with a template.
 *
 * @module
 */

/** Why a template failed. `limit` is our own guard against hostile templates; Go has no such error. */
export type TemplateErrorReason = "parse" | "exec" | "limit";

/**
 * A template that cannot be parsed or executed. The message is Go's:
 * `template: NAME:LINE: …` for `parse`, `template: NAME:LINE:COLUMN: executing "NAME" at <NODE>: …` for `exec`.
 */
export class TemplateError extends Error {
  /** `TemplateError`. */
  override readonly name = "TemplateError";

  /** An error with Go's message. */
  constructor(readonly reason: TemplateErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
