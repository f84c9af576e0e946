import { coalesceValues, HelmChartError, processDependencies, validateValues } from "../chart/mod.ts";
import { quote } from "../../gotemplate/mod.ts";
import { DEFAULT_API_VERSIONS, DEFAULT_KUBE_VERSION } from "../render/default_api_versions.ts";
import { RenderError } from "../render/errors.ts";
import { renderTemplates } from "../render/templates.ts";
import type { Chart, Values } from "../types.ts";
import { lintedDocuments } from "./documents.ts";
import { kindOf, type LintedChart, ownType } from "./linted_chart.ts";
import { deprecationComplaint, listComplaint, nameComplaint, selectorComplaint } from "./object_rules.ts";
import { finding, type LintFinding, type LintOptions } from "./types.ts";

const FOLDER = "templates/";
const EXTENSIONS = new Set([".yaml", ".yml", ".tpl", ".txt"]);

/** The rules for templates/: they render, and what the chart's own ones give looks like objects. */
export async function templateFindings({ folder, chart }: LintedChart, options: LintOptions): Promise<LintFinding[]> {
  const kind = await kindOf(`${folder}/templates`);
  if (kind === undefined) return finding("WARNING", FOLDER, "directory does not exist");
  if (kind === "file") return finding("ERROR", FOLDER, "not a directory");
  if (chart instanceof HelmChartError) return finding("ERROR", FOLDER, ownType(chart.message));
  const rendered = render(chart, options);
  if (rendered === undefined) return [];
  if (typeof rendered === "string") return finding("ERROR", FOLDER, rendered);
  const findings: LintFinding[] = [];
  for (const { name } of chart.templates) {
    const text = rendered.get(`${chart.metadata.name}/${name}`) ?? "";
    const ofFile = [...finding("ERROR", name, extensionComplaint(name)), ...fileFindings(name, text, options)];
    findings.push(...ofFile);
    // Lint gives up at the first document that is no YAML.
    if (ofFile.some(({ severity, message }) => severity === "ERROR" && message.startsWith(UNREADABLE))) break;
  }
  return findings;
}

const UNREADABLE = "unable to parse YAML: ";

/** The output of all templates, what is wrong, or nothing where Helm's lint says nothing. */
function render(chart: Chart, options: LintOptions): ReadonlyMap<string, string> | string | undefined {
  const user = options.values ?? {};
  let processed: Chart;
  let values: Values;
  try {
    processed = processDependencies(chart, user);
    values = coalesceValues(processed, user);
  } catch (error) {
    // Helm's lint takes values that do not fit the subcharts for somebody else's business.
    if (error instanceof HelmChartError) return undefined;
    throw error;
  }
  try {
    if (options.skipSchemaValidation !== true) validateValues(processed, values);
    return renderTemplates({
      chart: processed,
      values,
      release: {
        name: "test-release",
        namespace: options.namespace ?? "default",
        revision: 0,
        isInstall: false,
        isUpgrade: false,
      },
      capabilities: { kubeVersion: options.kubeVersion ?? DEFAULT_KUBE_VERSION, apiVersions: DEFAULT_API_VERSIONS },
      lint: true,
    });
  } catch (error) {
    if (error instanceof HelmChartError || error instanceof RenderError) return error.message;
    throw error;
  }
}

function extensionComplaint(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf("/") + 1);
  const extension = base.includes(".") ? base.slice(base.lastIndexOf(".")) : "";
  if (EXTENSIONS.has(extension)) return undefined;
  return `file extension '${extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt`;
}

function fileFindings(name: string, text: string, { kubeVersion }: LintOptions): LintFinding[] {
  if (!/\.ya?ml$/i.test(name) || text.trim() === "") return [];
  const findings = finding("WARNING", name, indentComplaint(text));
  for (const document of lintedDocuments(text)) {
    if (document === undefined) continue;
    if ("complaint" in document) return [...findings, ...finding("ERROR", name, UNREADABLE + document.complaint)];
    findings.push(
      ...finding("WARNING", name, nameComplaint(document)),
      ...finding("WARNING", name, deprecationComplaint(document, kubeVersion ?? DEFAULT_KUBE_VERSION)),
      ...finding("ERROR", name, selectorComplaint(document, text)),
      ...finding("ERROR", name, listComplaint(document, text)),
    );
  }
  return findings;
}

/** A text whose first line is indented is read in surprising ways. */
function indentComplaint(text: string): string | undefined {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== "") ?? "";
  if (!first.startsWith(" ") && !first.startsWith("\t")) return undefined;
  return `document starts with an illegal indent: ${quote(first)}, which may cause parsing problems`;
}
