/** Values of a command line, combined as Helm combines them. */
import { readFileSync } from "node:fs";
import { quote } from "../../gotemplate/mod.ts";
import type { Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { readValues } from "./read_values.ts";
import { type SetKind, setValues } from "./set_values.ts";
import { isTable, mergeTables } from "./tables.ts";

/** `--values`, `--set` and their kind: each as often as it was given. */
export interface ValueOptions {
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setJson?: readonly string[];
  readonly setFile?: readonly string[];
  readonly setLiteral?: readonly string[];
}

/**
 * The user's values: files from left to right, then `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
 *
 * @throws HelmChartError `InvalidValues`
 */
export function collectValues(options: ValueOptions): Values {
  let values: Values = {};
  for (const file of options.values ?? []) {
    values = mergeTables(values, readValues(readText(file), file));
  }
  for (const expression of options.setJson ?? []) values = withJson(values, expression);
  const sets: readonly [SetKind, readonly string[] | undefined][] = [
    ["set", options.set],
    ["set-string", options.setString],
    ["set-file", options.setFile],
    ["set-literal", options.setLiteral],
  ];
  for (const [kind, expressions] of sets) {
    for (const expression of expressions ?? []) {
      if (kind === "set-file") setValues(values, expression, kind, readText);
      else setValues(values, expression, kind);
    }
  }
  return values;
}

/** What the system calls the faults of a file. */
const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  EACCES: "permission denied",
};

const STDIN = 0;

// deno-lint-ignore no-control-regex -- the control characters are what is looked for
const CONTROL = /[\x00-\x1f\x7f]/;

/** A file's text; `-` is standard input. */
function readText(file: string): string {
  if (file.trim() === "-") return readFileSync(STDIN, "utf8");
  // Helm reads a name as a URL first.
  if (CONTROL.test(file)) {
    const message = `parse ${quote(file)}: net/url: invalid control character in URL`;
    throw new HelmChartError("UnreadableFile", message);
  }
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const fault = FILE_FAULTS[code];
    if (code !== "EISDIR" && fault === undefined) throw error;
    const message = fault === undefined ? `read ${file}: is a directory` : `open ${file}: ${fault}`;
    throw new HelmChartError("UnreadableFile", message, { cause: error });
  }
}

/** `--set-json` takes a whole map too. */
function withJson(values: Values, expression: string): Values {
  if (!expression.trim().startsWith("{")) {
    setValues(values, expression, "set-json");
    return values;
  }
  try {
    const table: unknown = JSON.parse(expression);
    if (isTable(table)) return mergeTables(values, table);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new HelmChartError("InvalidValues", `failed parsing --set-json data JSON: ${expression}`);
}
