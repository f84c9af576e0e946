/**
 * The built-in kinds: their schemas, what `kubectl get` prints of them, and the rules that the real server has for them.
 *
 * Columns leave out the name, which comes first in every table; only events list it, at another place.
 */
export { builtinKinds } from "./catalog.ts";
export { builtinComponents } from "./documents.ts";
export { ageOf, humanDuration } from "./duration.ts";
export { typeName as builtinTypeName } from "./kinds.ts";
export { builtinSchema } from "./structural.ts";
