/** Names and CRDs of charts. */
export * from "./crd.ts";
export { CrdError, type CrdErrorReason } from "./errors.ts";
export { pluralize } from "./inflect.ts";
export * from "./names.ts";
export { schemaInputOf } from "./schema_input.ts";
export { STATUS_SCHEMA } from "./status_schema.ts";
export type * from "./types.ts";
