/** `kco template`: what a chart renders to, as `helm template` prints it. */
import { Command } from "../lib/deps/commander.ts";
import {
  type Chart,
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  HelmChartError,
  manifestText,
  missingDependencies,
  render,
  type RenderResult,
} from "../lib/helm/mod.ts";
import { type ChartSourceOptions, openChart } from "./chart_source.ts";
import { addValueOptions, collectValues, type ValueOptions } from "./value_options.ts";

/** Options of `kco template`. */
export interface TemplateOptions extends ChartSourceOptions, ValueOptions {
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions?: readonly string[];
  readonly includeCrds?: boolean;
  readonly hooks: boolean;
  readonly skipTests?: boolean;
  readonly isUpgrade?: boolean;
  readonly skipSchemaValidation?: boolean;
}

/** The sub-command. */
export function templateCommand(): Command {
  const command = new Command("template")
    .description("Render a chart and print its manifests, as `helm template` does")
    .argument(
      "<name-or-chart>",
      "release name if a chart follows, else the chart: a directory, .tgz file, URL or oci://…",
    )
    .argument("[chart]")
    .option("--repo <url>", "Helm repository that has the chart")
    .option("--version <range>", "version of the chart")
    .option("-n, --namespace <name>", "namespace of the release", "default")
    .option("--kube-version <version>", "Kubernetes version that the chart sees", DEFAULT_KUBE_VERSION)
    .option("-a, --api-versions <versions...>", "API versions that the chart sees besides the usual ones")
    .option("--include-crds", "print the CRDs of crds/ too")
    .option("--no-hooks", "leave hooks out")
    .option("--skip-tests", "leave test hooks out")
    .option("--is-upgrade", "set .Release.IsUpgrade instead of .Release.IsInstall")
    .option("--skip-schema-validation", "do not hold the values against values.schema.json");
  return addValueOptions(command).action(
    async (first: string, second: string | undefined, options: TemplateOptions) => {
      const [name, chart] = second === undefined ? ["release-name", first] : [first, second];
      await Deno.stdout.write(new TextEncoder().encode(await runTemplate(name, chart, options)));
    },
  );
}

/**
 * Renders a chart for a release.
 *
 * @returns The text that `helm template` prints.
 * @throws ChartFetchError, HelmChartError, RenderError
 */
export async function runTemplate(name: string, chartName: string, options: TemplateOptions): Promise<string> {
  const chart = await openChart(chartName, options);
  checkInstallable(chart);
  const isUpgrade = options.isUpgrade ?? false;
  const result = await render({
    chart,
    values: await collectValues(options),
    release: { name, namespace: options.namespace, revision: 1, isInstall: !isUpgrade, isUpgrade },
    capabilities: {
      kubeVersion: options.kubeVersion,
      apiVersions: [...DEFAULT_API_VERSIONS, ...options.apiVersions ?? []],
    },
    skipSchemaValidation: options.skipSchemaValidation ?? false,
  });
  return outputOf(result, options);
}

function outputOf(result: RenderResult, options: TemplateOptions): string {
  const crds = options.includeCrds ? manifestText(result.crds) : "";
  const manifest = `${(crds + result.manifest).trim()}\n`;
  if (!options.hooks) return manifest;
  if (!options.skipTests) return manifest + (result.hookManifest ?? "");
  return manifest + manifestText(result.hooks.filter(({ events }) => !events.includes("test")));
}

function checkInstallable(chart: Chart): void {
  const { type } = chart.metadata;
  if (type === "library") throw new HelmChartError("InvalidMetadata", "library charts are not installable");
  const missing = missingDependencies(chart);
  if (missing.length === 0) return;
  throw new HelmChartError(
    "InvalidMetadata",
    "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch " +
      `missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.join(", ")}`,
  );
}
