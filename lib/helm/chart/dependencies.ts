import { setKey } from "../../yaml/mod.ts";
import type { Chart, ChartDependency, Values } from "../types.ts";
import { coalesceTables, coalesceValues, mergeChartValues } from "./coalesce.ts";
import { isCompatibleRange } from "./compatible.ts";
import { deepCopy, hasKey, isTable, scalarAt, tableAt } from "./tables.ts";

/**
 * Applies what Chart.yaml says about subcharts, as Helm does before it renders: aliases, version ranges, tags, then
 * conditions, then `import-values`. A vendored chart that no entry asks for is kept. The chart is not changed.
 *
 * @throws HelmChartError `ValuesConflict`.
 */
export function processDependencies(chart: Chart, values: Values): Chart {
  return importValues(enabledOnly(chart, values, ""));
}

function enabledOnly(chart: Chart, values: Values, path: string): Chart {
  const declared = chart.metadata.dependencies;
  if (declared === undefined) return chart;
  const all: Chart = { ...chart, dependencies: selected(chart, declared) };
  const coalesced = coalesceValues(all, values);
  const judged = declared.map((entry): ChartDependency => {
    const named = { ...entry, name: entry.alias || entry.name };
    return { ...named, enabled: byCondition(named, coalesced, path) ?? byTags(named, coalesced) };
  });
  const disabled = new Set(judged.filter((entry) => !entry.enabled).map((entry) => entry.name));
  return {
    ...chart,
    metadata: { ...chart.metadata, dependencies: judged.filter((entry) => !disabled.has(entry.name)) },
    dependencies: all.dependencies
      .filter((sub) => !disabled.has(sub.metadata.name))
      .map((sub) => enabledOnly(sub, coalesced, `${path}${sub.metadata.name}.`)),
  };
}

/** Vendored charts that nobody declared, then one copy a declaration, under its alias. */
function selected(chart: Chart, declared: readonly ChartDependency[]): Chart[] {
  const matches = (sub: Chart, entry: ChartDependency) =>
    sub.metadata.name === entry.name && isCompatibleRange(entry.version ?? "", sub.metadata.version);
  const undeclared = chart.dependencies.filter((sub) => !declared.some((entry) => matches(sub, entry)));
  const asked = declared.flatMap((entry) => {
    const found = chart.dependencies.find((sub) => matches(sub, entry));
    if (found === undefined) return [];
    return [entry.alias ? { ...found, metadata: { ...found.metadata, name: entry.alias } } : found];
  });
  return [...undeclared, ...asked];
}

/** The first condition path that holds a boolean decides; undefined where none does. */
function byCondition(entry: ChartDependency, values: Values, path: string): boolean | undefined {
  for (const condition of (entry.condition ?? "").trim().split(",")) {
    if (condition === "") continue;
    const { value } = scalarAt(values, path + condition);
    if (typeof value === "boolean") return value;
  }
  return undefined;
}

/** Disabled when a tag is off and none is on. */
function byTags(entry: ChartDependency, values: Values): boolean {
  const tags = tableAt(values, "tags");
  if (tags === undefined) return true;
  const states = (entry.tags ?? []).map((tag) => hasKey(tags, tag) ? tags[tag] : undefined);
  return states.includes(true) || !states.includes(false);
}

function importValues(chart: Chart): Chart {
  const processed: Chart = { ...chart, dependencies: chart.dependencies.map(importValues) };
  const declared = processed.metadata.dependencies;
  if (declared === undefined) return processed;
  const merged = mergeChartValues(processed, {});
  let imported: Values = {};
  const dependencies = declared.map((entry): ChartDependency => {
    const pairs = (entry["import-values"] ?? []).map(importPair).filter((pair) => pair !== undefined);
    for (const { child, parent } of pairs) {
      const table = tableAt(merged, `${entry.name}.${child}`);
      if (table !== undefined) imported = coalesceTables(imported, pathToTable(parent, table), true);
    }
    return entry["import-values"] === undefined ? entry : { ...entry, "import-values": pairs };
  });
  return {
    ...processed,
    metadata: { ...processed.metadata, dependencies },
    values: coalesceTables(deepCopy(merged), imported, true),
  };
}

function importPair(entry: unknown): { readonly child: string; readonly parent: string } | undefined {
  if (typeof entry === "string") return { child: `exports.${entry}`, parent: "." };
  return isTable(entry) ? { child: String(entry["child"]), parent: String(entry["parent"]) } : undefined;
}

function pathToTable(path: string, table: Values): Values {
  if (path === ".") return table;
  return path.split(".").reduceRight<Values>((inner, part) => {
    const outer: Values = {};
    setKey(outer, part, inner);
    return outer;
  }, table);
}
