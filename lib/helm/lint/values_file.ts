import { readFile } from "node:fs/promises";
import { parseYaml, YamlError } from "../../yaml/mod.ts";
import { coalesceTables, deepCopy, isTable } from "../chart/mod.ts";
import { schemaComplaint, SchemaError } from "../schema/mod.ts";
import type { Values } from "../types.ts";
import { kindOf } from "./linted_chart.ts";
import { finding, type LintFinding, type LintOptions } from "./types.ts";

const FILE = "values.yaml";

/** The rules for values.yaml: lint holds the chart's own values alone against its schema, and no subchart's. */
export async function valuesFindings(folder: string, options: LintOptions): Promise<LintFinding[]> {
  const path = `${folder}/${FILE}`;
  const kind = await kindOf(path);
  if (kind === undefined) return finding("INFO", FILE, "file does not exist");
  if (kind === "directory") return finding("ERROR", FILE, `unable to parse YAML: read ${path}: is a directory`);
  const values = readOwnValues(await readFile(path, "utf8"));
  if (typeof values === "string") return finding("ERROR", FILE, `unable to parse YAML: ${values}`);
  if (options.skipSchemaValidation || await kindOf(`${folder}/values.schema.json`) !== "file") return [];
  const schemaText = await readFile(`${folder}/values.schema.json`, "utf8");
  if (schemaText === "") return [];
  const given = coalesceTables({}, deepCopy(options.values ?? {}), false);
  return finding("ERROR", FILE, complaintOf(schemaText, coalesceTables(given, values, false)));
}

/** The values, or what is wrong with them. */
function readOwnValues(text: string): Values | string {
  try {
    const value = parseYaml(text);
    if (value === null) return {};
    if (isTable(value)) return value;
    const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    return `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type common.Values`;
  } catch (error) {
    if (error instanceof YamlError) return `error converting YAML to JSON: ${error.message}`;
    throw error;
  }
}

function complaintOf(schemaText: string, values: Values): string | undefined {
  try {
    const text = schemaComplaint(schemaText, values);
    return text === "" ? undefined : `${text}\n`;
  } catch (error) {
    if (error instanceof SchemaError) return error.message;
    throw error;
  }
}
