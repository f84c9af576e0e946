import { decodeUtf8, fromJson, GoMap, int, types, type Value } from "../../gotemplate/mod.ts";
import type { Chart, ChartDependency, ReleaseInfo, Values } from "../types.ts";
import type { CapabilitiesObject } from "./capabilities.ts";
import { ChartFiles } from "./chart_files.ts";
import { valuesMap } from "./values_map.ts";

/** A template file and what it sees as `.`. */
export interface ScopedTemplate {
  /** Path from the root chart: `parent/charts/child/templates/x.yaml`. */
  readonly path: string;
  readonly text: string;
  readonly scope: GoMap;
  readonly basePath: string;
}

/** What all charts of a release see alike. */
export interface CommonScope {
  readonly release: ReleaseInfo;
  readonly capabilities: CapabilitiesObject;
}

/**
 * The templates of a chart and its subcharts with their scopes, in Helm's order: deepest path first, then backwards by
 * name. A subchart's `.Values` is the very table in its parent's, so that changes are seen by both.
 */
export function scopedTemplates(chart: Chart, values: Values, common: CommonScope): ScopedTemplate[] {
  const templates: ScopedTemplate[] = [];
  const table = fromJson(values);
  collect(
    chart,
    { path: chart.metadata.name, values: table instanceof GoMap ? table : new GoMap(), isRoot: true },
    common,
    templates,
  );
  return templates.sort((a, b) => slashes(b.path) - slashes(a.path) || (a.path < b.path ? 1 : -1));
}

interface Place {
  readonly path: string;
  readonly values: GoMap;
  readonly isRoot: boolean;
}

function collect(chart: Chart, place: Place, common: CommonScope, templates: ScopedTemplate[]): GoMap {
  const subcharts = new GoMap();
  const scope = new GoMap<Value>([
    ["Chart", chartMap(chart, place.isRoot)],
    ["Files", ChartFiles.of([...chart.files, ...chart.crds])],
    ["Release", releaseMap(common.release)],
    ["Capabilities", common.capabilities],
    ["Values", valuesMap(place.values)],
    ["Subcharts", subcharts],
  ]);
  for (const sub of chart.dependencies) {
    const { name } = sub.metadata;
    const own = place.values.get(name);
    const values = own instanceof GoMap ? own : new GoMap();
    subcharts.set(
      name,
      collect(sub, { path: `${place.path}/charts/${name}`, values, isRoot: false }, common, templates),
    );
  }
  const isLibrary = chart.metadata.type?.toLowerCase() === "library";
  for (const file of chart.templates) {
    if (isLibrary && !isPartial(file.name)) continue;
    const text = decodeUtf8(file.data);
    templates.push({
      path: `${place.path}/${file.name}`,
      text,
      scope: valuesMap(scope),
      basePath: `${place.path}/templates`,
    });
  }
  return scope;
}

/** Whether a file only defines templates for others: its base name begins with `_`. */
export function isPartial(path: string): boolean {
  return path.slice(path.lastIndexOf("/") + 1).startsWith("_");
}

function releaseMap(release: ReleaseInfo): GoMap {
  return new GoMap<Value>([
    ["Name", release.name],
    ["Namespace", release.namespace],
    ["IsUpgrade", release.isUpgrade],
    ["IsInstall", release.isInstall],
    ["Revision", int(release.revision)],
    ["Service", "Helm"],
  ]);
}

/** Text fields of Chart.yaml and their names in `.Chart`. */
const TEXT_FIELDS = {
  Name: "name",
  Home: "home",
  Version: "version",
  Description: "description",
  Icon: "icon",
  APIVersion: "apiVersion",
  Condition: "condition",
  Tags: "tags",
  AppVersion: "appVersion",
  KubeVersion: "kubeVersion",
  Type: "type",
} as const;

/** `.Chart`: in Helm 4 a map that has every field of Chart.yaml, empty ones too, and nothing else. */
function chartMap(chart: Chart, isRoot: boolean): GoMap {
  const { metadata } = chart;
  const map = new GoMap();
  for (const [name, key] of Object.entries(TEXT_FIELDS)) map.set(name, textOf(metadata[key]));
  map.set("Sources", textList(metadata["sources"]));
  map.set("Keywords", textList(metadata["keywords"]));
  map.set("Maintainers", listOf(metadata["maintainers"]).map(maintainerMap));
  map.set("Deprecated", metadata["deprecated"] === true);
  map.set("Annotations", stringMap(metadata["annotations"]));
  map.set("Dependencies", (metadata.dependencies ?? []).map(dependencyMap));
  map.set("IsRoot", isRoot);
  return map;
}

function maintainerMap(value: unknown): GoMap {
  const fields = typeof value === "object" && value !== null ? value : {};
  return new GoMap<Value>([
    ["Name", textOf("name" in fields ? fields.name : "")],
    ["Email", textOf("email" in fields ? fields.email : "")],
    ["URL", textOf("url" in fields ? fields.url : "")],
  ]);
}

function dependencyMap(dependency: ChartDependency): GoMap {
  const imports = (dependency["import-values"] ?? []).map((pair) => typeof pair === "string" ? pair : stringMap(pair));
  return new GoMap<Value>([
    ["Name", dependency.name],
    ["Version", textOf(dependency.version)],
    ["Repository", textOf(dependency.repository)],
    ["Condition", textOf(dependency.condition)],
    ["Tags", textList(dependency.tags)],
    ["Enabled", dependency.enabled === true],
    ["ImportValues", imports],
    ["Alias", textOf(dependency.alias)],
  ]);
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textList(value: unknown): Value[] {
  return listOf(value).map(textOf);
}

function stringMap(value: unknown): GoMap {
  if (typeof value !== "object" || value === null) return new GoMap(null, types.stringMap, true);
  return new GoMap(Object.entries(value).map(([key, item]) => [key, textOf(item)] as const), types.stringMap);
}

function slashes(path: string): number {
  return path.split("/").length;
}
