import { formatGoFloat, parseYaml, setKey, YamlError } from "../../yaml/mod.ts";
import { isVersion } from "./compatible.ts";
import type { ChartMetadata } from "../types.ts";
import { HelmChartError } from "./errors.ts";

const TEXT_FIELDS = [
  "name",
  "home",
  "version",
  "description",
  "icon",
  "apiVersion",
  "condition",
  "tags",
  "appVersion",
  "kubeVersion",
  "type",
];
const DEPENDENCY_TEXT_FIELDS = ["name", "version", "repository", "condition", "alias"];
/** Fields that are lists, and their Go types. */
const LISTS = {
  keywords: "[]string",
  sources: "[]string",
  maintainers: "[]*v2.Maintainer",
  dependencies: "[]*v2.Dependency",
};
/** Fields that Helm clears of characters that do not print. */
const SANITIZED = new Set(
  TEXT_FIELDS.filter((field) => field !== "apiVersion" && field !== "version" && field !== "type"),
);

/**
 * Reads Chart.yaml (and requirements.yaml over it) as Helm does: fields that are text in Helm become text whatever
 * their YAML type (`version: 1.0` is `1`), unknown fields are kept.
 *
 * @throws HelmChartError `InvalidMetadata`.
 */
export function readMetadata(chartYaml: string, requirementsYaml: string | undefined): ChartMetadata {
  const fields = { ...readTable(chartYaml, "Chart.yaml") };
  if (fields["apiVersion"] === undefined || fields["apiVersion"] === "") fields["apiVersion"] = "v1";
  if (requirementsYaml !== undefined) Object.assign(fields, readTable(requirementsYaml, "requirements.yaml"));
  const metadata = typed(fields);
  for (const list of ["dependencies", "maintainers"]) {
    const items = fields[list];
    if (Array.isArray(items) && items.includes(null)) throw invalid(`${list} must not contain empty or null nodes`);
  }
  validate(metadata);
  return metadata;
}

/**
 * The fields of Chart.yaml with the types that Helm gives them, not validated: what lint judges one by one.
 *
 * @throws HelmChartError `InvalidMetadata` when it is no YAML, or a field of the wrong type.
 */
export function chartFields(chartYaml: string): ChartMetadata {
  return typed(readTable(chartYaml, "Chart.yaml"));
}

function readTable(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new HelmChartError(
      "InvalidMetadata",
      `cannot load ${file}: error converting YAML to JSON: ${error.message}`,
      { cause: error },
    );
  }
  if (value === null) return {};
  if (!isTable(value)) {
    throw wrongType(value, "Go value of type loader.chartBase", file);
  }
  return value;
}

function typed(fields: Record<string, unknown>): ChartMetadata {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== null) setKey(out, key, TEXT_FIELDS.includes(key) ? textOf(value, key) : value);
  }
  for (const [field, type] of Object.entries(LISTS)) {
    if (out[field] !== undefined && !Array.isArray(out[field])) throw wrongField(out[field], field, type);
  }
  const { annotations, deprecated } = out;
  if (annotations !== undefined && !isTable(annotations)) {
    throw wrongField(annotations, "annotations", "map[string]string");
  }
  if (deprecated !== undefined && typeof deprecated !== "boolean") throw wrongField(deprecated, "deprecated", "bool");
  for (const field of SANITIZED) if (typeof out[field] === "string") out[field] = sanitize(out[field]);
  for (const field of ["sources", "keywords"]) {
    if (Array.isArray(out[field])) out[field] = out[field].map((item) => sanitize(textOf(item, field)));
  }
  if (isTable(out["annotations"])) {
    out["annotations"] = mapValues(out["annotations"], (value) => textOf(value, "annotations"));
  }
  if (out["dependencies"] !== undefined) out["dependencies"] = dependencies(out["dependencies"]);
  return { ...out, name: String(out["name"] ?? ""), version: String(out["version"] ?? "") };
}

function dependencies(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.map((item) => {
    if (item === null) return {};
    if (!isTable(item)) throw wrongField(item, "dependencies", "v2.Dependency");
    return mapEntries(item, (key, field) => {
      if (field === null) return undefined;
      const place = `Go struct field Dependency.dependencies.${key} of type`;
      if (key === "tags" && !Array.isArray(field)) throw wrongType(field, `${place} []string`);
      if (key === "enabled" && typeof field !== "boolean") throw wrongType(field, `${place} bool`);
      if (DEPENDENCY_TEXT_FIELDS.includes(key) && typeof field === "object") throw wrongType(field, `${place} string`);
      if (key === "tags" && Array.isArray(field)) return field.map((tag) => sanitize(textOf(tag, "tags")));
      return DEPENDENCY_TEXT_FIELDS.includes(key) ? sanitize(textOf(field, key)) : field;
    });
  });
}

function validate(metadata: ChartMetadata): void {
  if (!metadata.apiVersion) throw invalid("chart.metadata.apiVersion is required");
  const { name, version, type } = metadata;
  if (name === "") throw invalid("chart.metadata.name is required");
  if (name === "." || name === "..") throw invalid(`chart.metadata.name "${name}" is not allowed`);
  if (name.includes("/")) throw invalid(`chart.metadata.name "${name}" is invalid`);
  if (version === "") throw invalid("chart.metadata.version is required");
  if (!isVersion(version)) throw invalid(`chart.metadata.version "${version}" is invalid`);
  if (type !== undefined && type !== "" && type !== "application" && type !== "library") {
    throw invalid("chart.metadata.type must be application or library");
  }
  const seen = new Set<string>();
  for (const dependency of metadata.dependencies ?? []) {
    if (dependency.alias && !/^[a-zA-Z0-9_-]+$/.test(dependency.alias)) {
      throw invalid(`dependency "${dependency.name}" has disallowed characters in the alias`);
    }
    const key = dependency.alias || dependency.name;
    if (seen.has(key)) throw invalid(`more than one dependency with name or alias "${key}"`);
    seen.add(key);
  }
}

/** A scalar that Helm reads into a text field: numbers and booleans take their YAML form. */
function textOf(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : formatGoFloat(value, 32);
  throw wrongField(value, field, "string");
}

function wrongField(value: unknown, field: string, type: string): HelmChartError {
  return wrongType(value, `Go struct field Metadata.${field} of type ${type}`);
}

function wrongType(value: unknown, where: string, file = "Chart.yaml"): HelmChartError {
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return new HelmChartError(
    "InvalidMetadata",
    `cannot load ${file}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into ${where}`,
  );
}

function sanitize(text: string): string {
  return text.replace(/\s/g, " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, "");
}

function invalid(message: string): HelmChartError {
  return new HelmChartError("InvalidMetadata", `validation: ${message}`);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(table: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  return mapEntries(table, (_key, value) => change(value));
}

function mapEntries(
  table: Record<string, unknown>,
  change: (key: string, value: unknown) => unknown,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const changed = change(key, value);
    if (changed !== undefined) setKey(out, key, changed);
  }
  return out;
}
