import type { Chart } from "../types.ts";
import { HelmChartError } from "./errors.ts";

/** Names that Chart.yaml lists as dependencies and that charts/ does not have; Helm refuses to install such a chart. */
export function missingDependencies(chart: Chart): string[] {
  const vendored = new Set(chart.dependencies.map((sub) => sub.metadata.name));
  return (chart.metadata.dependencies ?? []).map(({ name }) => name).filter((name) => !vendored.has(name));
}

/**
 * Checks that a chart can be a release.
 *
 * @throws HelmChartError `InvalidMetadata` for a library chart, and for one without its dependencies.
 */
export function checkInstallable(chart: Chart): void {
  if (chart.metadata.type === "library") {
    throw new HelmChartError("InvalidMetadata", "library charts are not installable");
  }
  const missing = missingDependencies(chart);
  if (missing.length === 0) return;
  throw new HelmChartError(
    "InvalidMetadata",
    "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch " +
      `missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`,
  );
}
