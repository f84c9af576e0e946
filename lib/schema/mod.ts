/** values.schema.json → structural schema of a CRD. */
export { compileSchema } from "./compile.ts";
export { SchemaError, type SchemaErrorReason } from "./errors.ts";
export * from "./types.ts";
