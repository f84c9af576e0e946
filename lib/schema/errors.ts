/** What is wrong with a chart's schema. */
export type SchemaErrorReason =
  | "NotJson"
  | "NotASchema"
  | "UnknownDraft"
  | "InvalidKeyword"
  | "InvalidPattern"
  | "UnresolvableReference"
  | "TooLarge";

/** A values.schema.json that Helm would not compile either. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";

  /** @param pointer Where in the schema document, as a JSON pointer with `#` in front: `#/properties/port/type`. */
  constructor(readonly reason: SchemaErrorReason, readonly pointer: string, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
