import { HelmChartError, missingDependencies } from "../chart/mod.ts";
import { type LintedChart, ownType } from "./linted_chart.ts";
import { finding, type LintFinding } from "./types.ts";

/** The rules for subcharts: what is vendored must be declared, once, and what is declared vendored. */
export function dependencyFindings({ folder, chart }: LintedChart): LintFinding[] {
  if (chart instanceof HelmChartError) return finding("ERROR", "", `unable to load chart\n\t${ownType(chart.message)}`);
  const declared = chart.metadata.dependencies ?? [];
  const names = new Set(declared.map(({ name }) => name));
  const undeclared = chart.dependencies.map(({ metadata }) => metadata.name).filter((name) => !names.has(name));
  const keys = declared.map(({ name, alias }) => alias || name);
  const repeated = keys.filter((key, index) => keys.indexOf(key) < index);
  return [
    ...finding("ERROR", folder, listed("chart metadata is missing these dependencies", undeclared)),
    ...finding("ERROR", folder, listed("multiple dependencies with name or alias", repeated)),
    ...finding("WARNING", folder, listed("chart directory is missing these dependencies", missingDependencies(chart))),
  ];
}

function listed(what: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `${what}: ${names.join(",")}`;
}
