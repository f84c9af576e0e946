import type { Chart } from "../types.ts";

/** Names that Chart.yaml lists as dependencies and that charts/ does not have; Helm refuses to install such a chart. */
export function missingDependencies(chart: Chart): string[] {
  const vendored = new Set(chart.dependencies.map((sub) => sub.metadata.name));
  return (chart.metadata.dependencies ?? []).map(({ name }) => name).filter((name) => !vendored.has(name));
}
