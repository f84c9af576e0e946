import { resolve } from "node:path";
import { HelmChartError, loadChartDirectory } from "../chart/mod.ts";
import type { Chart } from "../types.ts";
import { chartFileFindings } from "./chart_file.ts";
import { crdFindings } from "./crds.ts";
import { dependencyFindings } from "./dependencies.ts";
import { templateFindings } from "./templates.ts";
import { kindOf, type LintedChart } from "./linted_chart.ts";
import type { LintFinding, LintOptions } from "./types.ts";
import { valuesFindings } from "./values_file.ts";

/**
 * Examines the chart in a directory by the rules of Helm 4's `lint`, in its order and its words. An unreadable chart is a
 * finding too, not an error.
 *
 * @throws HelmChartError `MissingChartYaml` when the directory holds no chart at all.
 */
export async function lintChart(directory: string, options: LintOptions = {}): Promise<LintFinding[]> {
  const folder = resolve(directory);
  const chartFile = await kindOf(`${folder}/Chart.yaml`);
  if (chartFile === undefined) {
    throw new HelmChartError(
      "MissingChartYaml",
      `unable to check Chart.yaml file in chart: stat ${
        directory.replace(/\/+$/, "")
      }/Chart.yaml: no such file or directory`,
    );
  }
  const linted: LintedChart = { folder, chart: await load(folder) };
  return [
    ...await chartFileFindings(folder, chartFile),
    ...await valuesFindings(folder, options),
    ...await templateFindings(linted, options),
    ...dependencyFindings(linted),
    ...await crdFindings(linted),
  ];
}

async function load(folder: string): Promise<Chart | HelmChartError> {
  try {
    // Lint has a complaint of its own about an unknown version.
    return await loadChartDirectory(folder, { anyApiVersion: true });
  } catch (error) {
    if (error instanceof HelmChartError) return error;
    throw error;
  }
}
