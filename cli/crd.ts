/** `kco crd CHART`: the CRD that a chart becomes, and what of its schema the CRD does not carry. */
import { stat } from "node:fs/promises";
import { buildCrd, schemaInputOf } from "../controllers/core-provider/crd/mod.ts";
import { Command } from "../lib/deps/commander.ts";
import { type Chart, loadArchive, loadChartDirectory } from "../lib/helm/mod.ts";
import { type CompiledSchema, compileSchema, type SchemaNote } from "../lib/schema/mod.ts";
import { emitYaml } from "../lib/yaml/mod.ts";

/** The sub-command. */
export function crdCommand(): Command {
  return new Command("crd")
    .description("Print the CRD of a chart; what its schema loses on the way goes to standard error")
    .argument("<chart>", "a packaged chart (.tgz) or a chart's directory")
    .option("--json", "print JSON instead of YAML")
    .action(printCrd);
}

async function printCrd(path: string, options: { readonly json?: boolean }): Promise<void> {
  const chart = await loadChart(path);
  const schema = compileSchema(schemaInputOf(chart));
  const crd = buildCrd({ chart: chart.metadata, schema });
  console.log(options.json ? JSON.stringify(crd, null, 2) : emitYaml(crd).trimEnd());
  for (const line of reportOf(schema)) console.error(line);
}

async function loadChart(path: string): Promise<Chart> {
  const directory = (await stat(path)).isDirectory();
  return directory ? loadChartDirectory(path) : loadArchive(await Deno.readFile(path));
}

const LISTS = [
  ["dropped", "not enforced by the API server, but before a release is touched"],
  ["relaxed", "weakened, since Helm judges values merged over values.yaml"],
  ["shifted", "schema defaults that differ from values.yaml, and which of the two applies"],
] as const;

/** What the CRD does not carry, a line each, in sections; one line where it carries everything. */
export function reportOf(schema: CompiledSchema): string[] {
  const origin = schema.origin === "inferred"
    ? ["# The chart has no values.schema.json: types are read off values.yaml"]
    : [];
  const sections = LISTS.flatMap(([name, meaning]) => section(`${name}: ${meaning}`, schema[name]));
  return [...origin, ...(sections.length === 0 ? ["# Every constraint is part of the CRD"] : sections)];
}

function section(title: string, notes: readonly SchemaNote[]): string[] {
  if (notes.length === 0) return [];
  return [`# ${title}`, ...notes.map(({ path, keyword, reason }) => `#   ${path || "."} (${keyword}): ${reason}`)];
}
