import { readFile } from "node:fs/promises";
import { parseYaml } from "../../yaml/mod.ts";
import { HelmChartError, isCompatibleRange, isTable } from "../chart/mod.ts";
import { chartFields } from "../chart/metadata.ts";
import { isVersion } from "../chart/compatible.ts";
import type { ChartMetadata } from "../types.ts";
import { finding, type LintFinding } from "./types.ts";
import { ownType } from "./linted_chart.ts";
import { strictComplaint } from "./strict_fields.ts";
import { isEmail, isRequestUrl, isUrl } from "./web_address.ts";

const FILE = "Chart.yaml";

/** The rules for Chart.yaml. */
export async function chartFileFindings(folder: string, kind: "file" | "directory"): Promise<LintFinding[]> {
  if (kind === "directory") {
    return [
      ...finding("ERROR", FILE, "should be a file, not a directory"),
      ...finding("ERROR", FILE, `unable to parse YAML\n\tread ${folder}/${FILE}: is a directory`),
    ];
  }
  const text = await readFile(`${folder}/${FILE}`, "utf8");
  let fields: ChartMetadata;
  try {
    fields = chartFields(text);
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    return finding(
      "ERROR",
      FILE,
      `unable to parse YAML\n\t${ownType(error.message).replace(/^cannot load Chart\.yaml: /, "")}`,
    );
  }
  const strict = strictComplaint(text);
  return [
    ...finding("WARNING", FILE, strict && `failed to strictly parse chart metadata file\n\t${strict}`),
    ...fieldFindings(fields, parseYaml(text)),
  ];
}

/** @param raw The same fields, of the types that they are written in. */
function fieldFindings(fields: ChartMetadata, raw: unknown): LintFinding[] {
  const table = isTable(raw) ? raw : {};
  return [
    ...finding("ERROR", FILE, nameComplaint(fields.name)),
    ...finding("ERROR", FILE, apiVersionComplaint(fields.apiVersion ?? "")),
    ...finding("ERROR", FILE, typeComplaint(table, "version")),
    ...finding("ERROR", FILE, versionComplaint(fields.version)),
    ...finding("ERROR", FILE, typeComplaint(table, "appVersion")),
    ...finding("ERROR", FILE, maintainerComplaint(fields["maintainers"])),
    ...finding("ERROR", FILE, sourceComplaint(fields["sources"])),
    ...finding("INFO", FILE, fields["icon"] ? undefined : "icon is recommended"),
    ...finding("ERROR", FILE, iconComplaint(fields["icon"])),
    ...finding("ERROR", FILE, onlyV2(fields, "type", "chart type is not valid", "It is")),
    ...finding(
      "ERROR",
      FILE,
      onlyV2(fields, "dependencies", "dependencies are not valid in the Chart file", "They are"),
    ),
    ...finding("WARNING", FILE, strictVersionComplaint(fields.version)),
  ];
}

function nameComplaint(name: string): string | undefined {
  if (name === "") return "name is required";
  const base = name.replace(/\/+$/, "").split("/").at(-1) || "/";
  return base === name ? undefined : `chart name ${JSON.stringify(name)} is invalid`;
}

function apiVersionComplaint(version: string): string | undefined {
  const either = 'The value must be either "v1" or "v2"';
  if (version === "") return `apiVersion is required. ${either}`;
  return version === "v1" || version === "v2" ? undefined : `apiVersion '${version}' is not valid. ${either}`;
}

/** Unlike a template, lint wants versions to be text: `1.10` without quotes is `1.1`. */
function typeComplaint(table: Readonly<Record<string, unknown>>, field: string): string | undefined {
  if (!Object.hasOwn(table, field) || typeof table[field] === "string") return undefined;
  return `${field} should be of type string but it's of type ${goType(table[field])}`;
}

function goType(value: unknown): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  return typeof value === "number" ? "float64" : "bool";
}

function versionComplaint(version: string): string | undefined {
  if (version === "") return "version is required";
  if (!isVersion(version)) return `version '${version}' is not a valid SemVer`;
  return isCompatibleRange(">0.0.0-0", version)
    ? undefined
    : `version ${JSON.stringify(version)} is less than or equal to "0.0.0-0"`;
}

function strictVersionComplaint(version: string): string | undefined {
  const number = "(?:0|[1-9]\\d*)";
  const label = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
  const strict = new RegExp(
    `^${number}\\.${number}\\.${number}(?:-${label}(?:\\.${label})*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
  );
  return strict.test(version) ? undefined : `version '${version}' is not a valid SemVerV2`;
}

function maintainerComplaint(maintainers: unknown): string | undefined {
  for (const maintainer of Array.isArray(maintainers) ? maintainers : []) {
    if (!isTable(maintainer)) return "a maintainer entry is empty";
    const text = (field: string) => String(maintainer[field] ?? "");
    const [name, email, url] = [text("name"), text("email"), text("url")];
    if (name === "") return "each maintainer requires a name";
    if (email !== "" && !isEmail(email)) return `invalid email '${email}' for maintainer '${name}'`;
    if (url !== "" && !isUrl(url)) return `invalid url '${url}' for maintainer '${name}'`;
  }
  return undefined;
}

function sourceComplaint(sources: unknown): string | undefined {
  const wrong = (Array.isArray(sources) ? sources : []).map(String).find((source) => !isRequestUrl(source));
  return wrong === undefined ? undefined : `invalid source URL '${wrong}'`;
}

function iconComplaint(icon: unknown): string | undefined {
  return !icon || isRequestUrl(String(icon)) ? undefined : `invalid icon URL '${icon}'`;
}

function onlyV2(fields: ChartMetadata, field: string, what: string, subject: string): string | undefined {
  const value = fields[field];
  const isGiven = Array.isArray(value) ? value.length > 0 : Boolean(value);
  if (!isGiven || fields.apiVersion === "v2") return undefined;
  return `${what} ${field === "type" ? "in" : "with"} apiVersion '${
    fields.apiVersion ?? ""
  }'. ${subject} valid in apiVersion 'v2'`;
}
