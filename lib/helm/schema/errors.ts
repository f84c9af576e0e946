/**
 * A values.schema.json that cannot be used: no JSON, no schema, or one that refers to what is not there.
 *
 * The message is Helm's, the one of {@link https://pkg.go.dev/github.com/santhosh-tekuri/jsonschema/v6 | its validator}.
 */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  constructor(
    readonly reason: "syntax" | "metaschema" | "reference" | "unsupported",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
