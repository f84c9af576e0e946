/** `kco lint`: what is wrong with a chart, or could be better. */
import { Command } from "../lib/deps/commander.ts";
import {
  type Chart,
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  HelmChartError,
  type ManifestDocument,
  missingDependencies,
  render,
  RenderError,
} from "../lib/helm/mod.ts";
import { openChart } from "./chart_source.ts";
import { addValueOptions, collectValues, type ValueOptions } from "./value_options.ts";

/** Options of `kco lint`. */
export interface LintOptions extends ValueOptions {
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly strict?: boolean;
}

/** How bad a finding is. An error means that the chart does not work. */
export type LintSeverity = "INFO" | "WARNING" | "ERROR";

/** Something that lint has to say about a chart. */
export interface LintFinding {
  readonly severity: LintSeverity;
  /** File or folder of the chart. */
  readonly path: string;
  readonly message: string;
}

/** The sub-command. Exits with 1 when a chart has errors. */
export function lintCommand(): Command {
  const command = new Command("lint")
    .description("Examine charts for possible issues")
    .argument("<charts...>", "directories, .tgz files, URLs or oci://…")
    .option("-n, --namespace <name>", "namespace to render with", "default")
    .option("--kube-version <version>", "Kubernetes version that the charts see", DEFAULT_KUBE_VERSION)
    .option("--strict", "fail on warnings too");
  return addValueOptions(command).action(async (charts: string[], options: LintOptions) => {
    let failed = 0;
    for (const chart of charts) {
      const findings = await runLint(chart, options);
      console.log(`==> Linting ${chart}`);
      for (const { severity, path, message } of findings) console.log(`[${severity}] ${path}: ${message}`);
      console.log("");
      if (findings.some(({ severity }) => severity === "ERROR" || (options.strict && severity === "WARNING"))) failed++;
    }
    console.log(`${charts.length} chart(s) linted, ${failed} chart(s) failed`);
    if (failed > 0) Deno.exitCode = 1;
  });
}

/** Everything that is to be said about a chart; an unreadable chart is a finding too. */
export async function runLint(chartName: string, options: LintOptions): Promise<LintFinding[]> {
  let chart: Chart;
  try {
    chart = await openChart(chartName, {});
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    return [{ severity: "ERROR", path: "Chart.yaml", message: error.message }];
  }
  return [...metadataFindings(chart), ...await templateFindings(chart, options)];
}

function metadataFindings(chart: Chart): LintFinding[] {
  const findings: LintFinding[] = [];
  const say = (severity: LintSeverity, path: string, message: string) => findings.push({ severity, path, message });
  if (!chart.metadata["icon"]) say("INFO", "Chart.yaml", "icon is recommended");
  if (chart.metadata.apiVersion === "v1" && chart.metadata.type) {
    say("ERROR", "Chart.yaml", "chart type is not valid in apiVersion 'v1'. It is valid in apiVersion 'v2'");
  }
  if (chart.valuesText === undefined) say("INFO", "values.yaml", "file does not exist");
  if (chart.templates.length === 0) say("WARNING", "templates/", "directory does not exist");
  for (const name of missingDependencies(chart)) {
    say("WARNING", ".", `chart directory is missing these dependencies: ${name}`);
  }
  return findings;
}

async function templateFindings(chart: Chart, options: LintOptions): Promise<LintFinding[]> {
  try {
    const { documents, hooks } = await render({
      chart,
      values: await collectValues(options),
      release: { name: "test-release", namespace: options.namespace, revision: 1, isInstall: true, isUpgrade: false },
      capabilities: { kubeVersion: options.kubeVersion, apiVersions: DEFAULT_API_VERSIONS },
    });
    return [...documents, ...hooks].flatMap(objectFindings);
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    // A chart may insist on values that nobody gave: Helm lets that pass.
    const isDemand = /^execution error at /.test(error.message);
    return [{ severity: isDemand ? "WARNING" : "ERROR", path: "templates/", message: error.message }];
  }
}

function objectFindings({ source, object }: ManifestDocument): LintFinding[] {
  const { apiVersion, kind, metadata } = object;
  const path = source.slice(source.indexOf("/") + 1);
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    return [{ severity: "ERROR", path, message: "the object has no apiVersion or no kind" }];
  }
  const name = typeof metadata === "object" && metadata !== null && "name" in metadata ? metadata.name : undefined;
  const isName = typeof name === "string" && /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/i.test(name) && name.length <= 253;
  return isName || kind.endsWith("List") || name === undefined ? [] : [{
    severity: "ERROR",
    path,
    message: `object name does not conform to Kubernetes naming requirements: "${name}"`,
  }];
}
