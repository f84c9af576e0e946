/**
 * What a Patch does to a value on its way from one object to another: field paths, transforms in both dialects, merging. Pure: no
 * cluster, no clock but the one that bounds a run.
 *
 * @module
 */
export { deleteValue, expandWildcards, getValue, MAX_NEW_INDEX, setValue } from "./access.ts";
export { FieldPathError, type FieldPathReason, TransformError, type TransformReason } from "./errors.ts";
export {
  field,
  fieldOrIndex,
  type FieldPath,
  formatFieldPath,
  hasWildcard,
  index,
  type Segment,
  wildcard,
} from "./field_path.ts";
export { compileJq, type JqLimits } from "./jq/mod.ts";
export { isArray, isObject, type Json, type JsonObject, sameJson } from "./json.ts";
export { compilePath, type Locator } from "./locator.ts";
export { type MergeOptions, mergeValue } from "./merge.ts";
export { parseFieldPath } from "./parse_field_path.ts";
export { compileTemplatePipeline, type TemplateLimits } from "./template_pipeline.ts";
export {
  compileTransform,
  jqProgramOf,
  type Transform,
  type TransformLimits,
  type TransformSource,
} from "./transform.ts";
