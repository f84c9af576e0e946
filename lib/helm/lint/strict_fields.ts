import { parseYaml } from "../../yaml/mod.ts";
import { isTable } from "../chart/mod.ts";

const FIELDS = new Set([
  "name",
  "home",
  "sources",
  "version",
  "description",
  "keywords",
  "maintainers",
  "icon",
  "apiVersion",
  "condition",
  "tags",
  "appVersion",
  "deprecated",
  "annotations",
  "kubeVersion",
  "dependencies",
  "type",
]);
const MAINTAINER_FIELDS = new Set(["name", "email", "url"]);
const DEPENDENCY_FIELDS = new Set([
  "name",
  "version",
  "repository",
  "condition",
  "tags",
  "enabled",
  "import-values",
  "alias",
]);

/** What a strict reader has against Chart.yaml: a key twice at its top, or a field that Helm does not know. */
export function strictComplaint(text: string): string | undefined {
  const repeated = repeatedKeys(text);
  if (repeated.length > 0) {
    const lines = repeated.map(({ key, line }) => `  line ${line}: key "${key}" already set in map`);
    return `error converting YAML to JSON: yaml: unmarshal errors:\n${lines.join("\n")}`;
  }
  const unknown = unknownField(parseYaml(text));
  return unknown === undefined
    ? undefined
    : `error unmarshaling JSON: while decoding JSON: json: unknown field "${unknown}"`;
}

function repeatedKeys(text: string): { readonly key: string; readonly line: number }[] {
  const seen = new Set<string>();
  return text.split("\n").flatMap((line, index) => {
    const key = /^([A-Za-z][\w-]*)[ \t]*:(?:\s|$)/.exec(line)?.[1];
    if (key === undefined) return [];
    if (seen.has(key)) return [{ key, line: index + 1 }];
    seen.add(key);
    return [];
  });
}

/** Go reads a map's fields by name, whatever their case, in the order of the JSON text, which is that of the sorted keys. */
function unknownField(value: unknown): string | undefined {
  if (!isTable(value)) return undefined;
  for (const key of Object.keys(value).sort()) {
    if (!isKnown(FIELDS, key)) return key;
    const inner = key === "maintainers" ? MAINTAINER_FIELDS : key === "dependencies" ? DEPENDENCY_FIELDS : undefined;
    const items = value[key];
    if (inner === undefined || !Array.isArray(items)) continue;
    const found = items.filter(isTable).flatMap((item) => Object.keys(item).sort()).find((name) =>
      !isKnown(inner, name)
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function isKnown(fields: ReadonlySet<string>, key: string): boolean {
  if (fields.has(key)) return true;
  const lower = key.toLowerCase();
  return [...fields].some((field) => field.toLowerCase() === lower);
}
