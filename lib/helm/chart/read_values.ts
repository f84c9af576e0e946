import { parseYaml, YamlError } from "../../yaml/mod.ts";
import type { Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { isTable, mergeTables } from "./tables.ts";

/**
 * Reads values.yaml or a values file: all its documents, merged in order.
 *
 * @param file Name of a user's values file, for messages; without one it is the chart's values.yaml.
 * @throws HelmChartError `InvalidValues`.
 */
export function readValues(text: string, file?: string): Values {
  const place = file === undefined ? "cannot load values.yaml" : `failed to parse ${file}`;
  let values: Values = {};
  for (const part of documentsOf(text, place)) {
    const document = readDocument(part, place);
    if (document === null) continue;
    if (!isTable(document)) {
      throw new HelmChartError(
        "InvalidValues",
        `${place}: cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${
          jsonKind(document)
        } into Go value of type map[string]interface {}`,
      );
    }
    values = mergeTables(values, document);
  }
  return values;
}

function readDocument(text: string, place: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new HelmChartError(
      "InvalidValues",
      `${place}: cannot unmarshal yaml document: error converting YAML to JSON: ${error.message}`,
      { cause: error },
    );
  }
}

/** What Go calls the JSON value that it cannot put into a map. */
export function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/**
 * The documents of a text as Helm cuts them before it parses: by lines, each of which ends with a newline then, the last
 * one too. A line of dashes that nothing comes before stays in its document, and counts among its lines.
 */
function* documentsOf(text: string, place: string): Iterable<string> {
  const unix = text.replaceAll("\r\n", "\n");
  const lines = unix === "" || unix.endsWith("\n") ? unix : `${unix}\n`;
  let start = 0;
  for (let at = nextDashes(lines, 0); at >= 0;) {
    const end = lines.indexOf("\n", at);
    const rest = lines.slice(at + 3, end).trim();
    if (rest !== "" && !rest.startsWith("#")) {
      throw new HelmChartError(
        "InvalidValues",
        `${place}: error reading yaml document: invalid Yaml document separator: ${rest}`,
      );
    }
    if (at > start) {
      yield lines.slice(start, at);
      start = end + 1;
    }
    at = nextDashes(lines, end + 1);
  }
  if (start < lines.length) yield lines.slice(start);
}

/** Where the next line that starts with `---` is, from the start of a line on; -1 where none is. */
function nextDashes(lines: string, from: number): number {
  if (lines.startsWith("---", from)) return from;
  const before = lines.indexOf("\n---", from);
  return before < 0 ? -1 : before + 1;
}
