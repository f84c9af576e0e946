/** Why a definition cannot become a CRD. */
export type DefinitionReason =
  /** A schema says something that a structural schema cannot. */
  | "UnsupportedSchema"
  /** A field is named that the schema does not have. */
  | "UnknownField"
  /** A name that Kubernetes does not accept. */
  | "InvalidName";

/** An operator is not well defined. Thrown when it is defined, so that a test or the first start shows it. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
  readonly reason: DefinitionReason;

  constructor(reason: DefinitionReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
