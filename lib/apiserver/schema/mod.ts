/** The schema engine: pruning, defaulting and validation by structural schemas, with CEL rules. */
import type { SchemaEngine } from "../resource.ts";
import { applyDefaults, extendDefaults } from "./defaults.ts";
import { prune } from "./prune.ts";
import { checkStructural } from "./structural.ts";
import { validate } from "./validate.ts";

export { kubernetesEnvironment } from "./cel/library.ts";
export { toCel } from "./cel/values.ts";
export * from "./field_error.ts";
export { labelValueErrors, nameErrors, qualifiedNameErrors } from "./names.ts";
export { OBJECT_META } from "./object_meta.ts";
export { canonicalQuantity, formatQuantity, parseQuantity } from "./quantity.ts";
export type { Quantity } from "./quantity.ts";
export { applyDefaults, checkStructural, extendDefaults, prune, validate };

/** The engine as the server uses it. Everything computed for a schema is kept as long as the schema lives. */
export const schemaEngine: SchemaEngine = { prune, applyDefaults, validate, checkStructural };

/**
 * What strict field validation says of a request: `strict decoding error: unknown field "spec.x", unknown field "spec.y"`.
 *
 * @param unknown Paths that `prune` returned; at least one.
 */
export function strictDecodingError(unknown: readonly string[]): string {
  return `strict decoding error: ${unknown.map((path) => `unknown field "${path}"`).join(", ")}`;
}
