import type { Values } from "../types.ts";

/** How bad a finding is. An error means that the chart does not work. */
export type LintSeverity = "INFO" | "WARNING" | "ERROR";

/** Something that lint has to say about a chart. */
export interface LintFinding {
  readonly severity: LintSeverity;
  /** File or folder of the chart; the chart's own folder, absolute, where it is about the chart as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Options of {@linkcode lintChart}. */
export interface LintOptions {
  /** The user's values. Default none. */
  readonly values?: Values;
  /** Namespace to render with. Default `default`. */
  readonly namespace?: string;
  /** Kubernetes version that templates see and that deprecations are judged by. Default that of Helm's own libraries. */
  readonly kubeVersion?: string;
  /** Do not hold the values against values.schema.json. Default false. */
  readonly skipSchemaValidation?: boolean;
}

/** A rule's finding, or nothing. */
export function finding(severity: LintSeverity, path: string, message: string | undefined): LintFinding[] {
  return message === undefined ? [] : [{ severity, path, message }];
}
