/** Why a definition cannot become a kind, as far as this controller finds out itself. */
export type DefinitionErrorReason =
  /** `spec.chart.url` is not set. */
  | "NoChart"
  /** A CRD of the chart's name has another kind. */
  | "KindConflict";

/** A definition that cannot become a kind; `message` says what to do. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";

  constructor(readonly reason: DefinitionErrorReason, message: string) {
    super(message);
  }
}
