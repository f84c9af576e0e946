/**
 * Go's `text/template` in TypeScript: the language, its value model and `fmt`. Usable without Helm.
 *
 * @module
 */
export * from "./bytes.ts";
export * from "./errors.ts";
export type { Limits } from "./exec/budget.ts";
export type { MissingKey } from "./exec/field.ts";
export { type FloatForm, formatFloat } from "./fmt/float.ts";
export { quote, unquote } from "./fmt/quote.ts";
export { sprint, sprintln, valueText } from "./fmt/print.ts";
export { sprintf } from "./fmt/sprintf.ts";
export * from "./go_type.ts";
export { NamedMap } from "./named_map.ts";
export * from "./signature.ts";
export { forgetTemplates, TemplateSet, type TemplateSetOptions } from "./template_set.ts";
export * from "./value.ts";
