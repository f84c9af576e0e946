/** The compiler's plain input from a loaded chart. */
import { type Chart, processDependencies, type Values } from "../../../lib/helm/mod.ts";
import type { SchemaInput, SubchartInput } from "../../../lib/schema/mod.ts";

/**
 * A chart as the schema compiler takes it: its subcharts below the names that its dependencies give them. A subchart
 * that two dependencies name (by alias) appears twice; one that none names is always enabled, as in Helm.
 */
export function schemaInputOf(chart: Chart): SchemaInput {
  const { schemaText } = chart;
  return {
    values: valuesOf(chart),
    ...(schemaText === undefined ? {} : { schemaText }),
    subcharts: subchartsOf(chart),
  };
}

/** values.yaml, and what `import-values` brings up from the subcharts that are on by default: Helm judges both as the chart's own. */
function valuesOf(chart: Chart): Values {
  const declared = chart.metadata.dependencies ?? [];
  if (!declared.some((use) => (use["import-values"] ?? []).length > 0)) return chart.values;
  // The subcharts' own values come along below their names; the compiler merges those by itself.
  const below = new Set(declared.map(({ name, alias }) => alias || name));
  const all = Object.entries(processDependencies(chart, {}).values);
  return Object.fromEntries(all.filter(([key]) => Object.hasOwn(chart.values, key) || !below.has(key)));
}

function subchartsOf(chart: Chart): SubchartInput[] {
  const declared = chart.metadata.dependencies ?? [];
  return chart.dependencies.flatMap((subchart) => {
    const input = schemaInputOf(subchart);
    const uses = declared.filter(({ name }) => name === subchart.metadata.name);
    if (uses.length === 0) return [{ name: subchart.metadata.name, ...input }];
    return uses.map((use): SubchartInput => ({
      ...input,
      name: use.alias === undefined || use.alias === "" ? use.name : use.alias,
      ...(use.condition === undefined || use.condition === "" ? {} : { condition: use.condition }),
      ...(use.tags === undefined || use.tags.length === 0 ? {} : { tags: use.tags }),
    }));
  });
}
