/** The one error of this folder. */

/**
 * Why a Registration cannot work as it is written.
 *
 * * `InvalidRule`: a pattern that is no RE2.
 * * `InvalidLayout`: a template that does not parse.
 * * `InvalidSettings`: a sink that does not exist, a duration that is none.
 */
export type RegistrationErrorReason = "InvalidRule" | "InvalidLayout" | "InvalidSettings";

/** A Registration that its user has to mend. */
export class RegistrationError extends Error {
  override readonly name = "RegistrationError";
  constructor(readonly reason: RegistrationErrorReason, message: string, options: ErrorOptions = {}) {
    super(message, options);
  }
}
