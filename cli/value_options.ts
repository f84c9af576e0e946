/** Values of a command line, combined as Helm combines them. */
import { readFileSync } from "node:fs";
import type { Command } from "../lib/deps/commander.ts";
import {
  HelmChartError,
  isTable,
  mergeTables,
  readValues,
  type SetKind,
  setValues,
  type Values,
} from "../lib/helm/mod.ts";

/** The options of `addValueOptions`, as parsed. */
export interface ValueOptions {
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setJson?: readonly string[];
  readonly setFile?: readonly string[];
  readonly setLiteral?: readonly string[];
}

/** Adds Helm's options for values to a command. */
export function addValueOptions(command: Command): Command {
  const many = (value: string, before: readonly string[] = []) => [...before, value];
  const files = (value: string, before: readonly string[] = []) => [...before, ...value.split(",")];
  return command
    .option("-f, --values <files>", "values files, separated by commas; may be given more than once", files)
    .option("--set <expression>", "values on the command line: a=1,b.c=x", many)
    .option("--set-string <expression>", "the same, every value is text", many)
    .option("--set-json <expression>", 'values as JSON: a={"b":1}', many)
    .option("--set-file <expression>", "values read from files: a=path", many)
    .option("--set-literal <expression>", "one value, taken as it is", many);
}

/**
 * The user's values: files from left to right, then `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
 *
 * @throws HelmChartError `InvalidValues`
 */
export async function collectValues(options: ValueOptions): Promise<Values> {
  let values: Values = {};
  for (const file of options.values ?? []) {
    values = mergeTables(values, readValues(await readText(file), file));
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
      if (kind === "set-file") setValues(values, expression, kind, (path) => readFileSync(path, "utf8"));
      else setValues(values, expression, kind);
    }
  }
  return values;
}

async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new HelmChartError("UnreadableFile", `open ${file}: no such file or directory`, { cause: error });
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
