/**
 * Charts and their values: loading, dependencies, coalescing, schemas, `--set` expressions.
 *
 * @module
 */
export { archiveFiles, MAX_CHART_SIZE, MAX_FILE_SIZE } from "./archive.ts";
export { coalesceTables, coalesceValues, mergeChartValues } from "./coalesce.ts";
export { isCompatibleRange } from "./compatible.ts";
export { processDependencies } from "./dependencies.ts";
export { HelmChartError, type HelmChartErrorReason } from "./errors.ts";
export { loadArchive, loadChartFiles, type LoadOptions } from "./load.ts";
export { loadChartDirectory } from "./load_directory.ts";
export { deepCopy, hasKey, isTable, mergeTables } from "./tables.ts";
export { validateValues } from "./schema.ts";
export { type SetKind, setValues } from "./set_values.ts";
export { checkInstallable, missingDependencies } from "./missing.ts";
export { pathMatcher } from "./path_match.ts";
export { readValues } from "./read_values.ts";
export { collectValues, type ValueOptions } from "./value_options.ts";
