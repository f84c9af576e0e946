import { HelmChartError } from "../chart/mod.ts";
import type { Chart, ChartFile } from "../types.ts";
import { lintedDocuments } from "./documents.ts";
import { kindOf, type LintedChart, ownType } from "./linted_chart.ts";
import { finding, type LintFinding } from "./types.ts";

const FOLDER = "crds/";

/** The rules for crds/: YAML without templates, and CustomResourceDefinitions alone, those of subcharts included. */
export async function crdFindings({ folder, chart }: LintedChart): Promise<LintFinding[]> {
  const kind = await kindOf(`${folder}/crds`);
  if (kind === undefined) return [];
  if (kind === "file") return finding("ERROR", FOLDER, "not a directory");
  if (chart instanceof HelmChartError) return finding("ERROR", FOLDER, ownType(chart.message));
  const findings: LintFinding[] = [];
  for (const { name, data } of crdsOf(chart)) {
    for (const document of lintedDocuments(new TextDecoder().decode(data))) {
      if (document === undefined) continue;
      if ("complaint" in document) {
        return [...findings, ...finding("ERROR", name, `unable to parse YAML: ${document.complaint}`)];
      }
      if (!document.apiVersion.startsWith("apiextensions.k8s.io")) {
        findings.push(...finding("ERROR", name, "apiVersion is not in 'apiextensions.k8s.io'"));
      }
      if (document.kind !== "CustomResourceDefinition") {
        findings.push(...finding("ERROR", name, "object kind is not 'CustomResourceDefinition'"));
      }
    }
  }
  return findings;
}

function crdsOf(chart: Chart): ChartFile[] {
  const own = chart.crds.filter(({ name }) => /\.(?:ya?ml|json)$/i.test(name));
  return [...own, ...chart.dependencies.flatMap(crdsOf)];
}
