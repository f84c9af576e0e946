/**
 * What `helm lint` has to say about a chart.
 *
 * @module
 */
export { lintChart } from "./lint_chart.ts";
export type { LintFinding, LintOptions, LintSeverity } from "./types.ts";
