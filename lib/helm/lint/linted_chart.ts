import { stat } from "node:fs/promises";
import type { HelmChartError } from "../chart/mod.ts";
import type { Chart } from "../types.ts";

/** What lint looks at. */
export interface LintedChart {
  /** The chart's folder, absolute. */
  readonly folder: string;
  /** The chart, or why Helm refuses to load it. */
  readonly chart: Chart | HelmChartError;
}

/** What stands at a path; undefined where nothing does. */
export async function kindOf(path: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
      return undefined;
    }
    throw error;
  }
}

/** A message in the words of Helm's older loader, which lint uses: it has another type in mind for a Chart.yaml that is no map. */
export function ownType(message: string): string {
  return message.replace(/\bloader\.chartBase$/, "v2.Metadata");
}
