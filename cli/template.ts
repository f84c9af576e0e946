/** `kco template`: what a chart renders to, as `helm template` prints it. */
import { Command } from "../lib/deps/commander.ts";
import { TemplateError, TemplateSet } from "../lib/gotemplate/mod.ts";
import { sprigFunctions } from "../lib/gotemplate/functions/mod.ts";
import {
  checkInstallable,
  collectValues,
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  processDependencies,
  render,
  type ValueOptions,
} from "../lib/helm/mod.ts";
import { type ChartSourceOptions, openChart } from "./chart_source.ts";
import { CliError } from "./errors.ts";
import { reportingHelmErrors } from "./helm_errors.ts";
import { outputOf, type OutputOptions, shownOnly, writeOutput } from "./template_output.ts";
import { checkKubeVersion } from "./kube_version.ts";
import { addValueOptions } from "./value_options.ts";

/** Options of `kco template`. */
export interface TemplateOptions extends ChartSourceOptions, ValueOptions, OutputOptions {
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions?: readonly string[];
  readonly isUpgrade?: boolean;
  readonly skipSchemaValidation?: boolean;
  /** Paths of templates, or patterns of such: nothing else is printed. */
  readonly showOnly?: readonly string[];
  /** Folder to write to instead of printing. */
  readonly outputDir?: string;
  /** Whether the folder to write to is one of the release's name below that. */
  readonly releaseName?: boolean;
}

/** Options that the command alone understands. */
interface CommandOptions extends TemplateOptions {
  readonly nameTemplate?: string;
  readonly generateName?: boolean;
  readonly dependencyUpdate?: boolean;
}

/** The sub-command. */
export function templateCommand(): Command {
  const many = (value: string, before: readonly string[] = []) => [...before, ...value.split(",")];
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
    .option("--name-template <template>", "Go template of the release's name")
    .option("-g, --generate-name", "a release name of the chart's and the time")
    .option("--kube-version <version>", "Kubernetes version that the chart sees", DEFAULT_KUBE_VERSION)
    .option("-a, --api-versions <versions>", "API versions that the chart sees besides the usual ones", many)
    .option("-s, --show-only <template>", "print the manifests of these templates only", many)
    .option("--output-dir <folder>", "write the manifests to files below this folder instead of printing them")
    .option("--release-name", "with --output-dir: a folder of the release's name below that")
    .option("--include-crds", "print the CRDs of crds/ too")
    .option("--no-hooks", "leave hooks out")
    .option("--skip-tests", "leave test hooks out")
    .option("--is-upgrade", "set .Release.IsUpgrade instead of .Release.IsInstall")
    .option("--dependency-update", "not done here: run `helm dependency update` first")
    .option("--skip-schema-validation", "do not hold the values against values.schema.json");
  return addValueOptions(command).action(
    reportingHelmErrors(async (first: string, second: string | undefined, options: CommandOptions) => {
      if (options.dependencyUpdate) {
        throw new CliError(
          "BadOptions",
          "--dependency-update is not done here: run `helm dependency update CHART` first",
        );
      }
      const [name, chart] = nameAndChart(first, second, options);
      await Deno.stdout.write(new TextEncoder().encode(await runTemplate(name, chart, options)));
    }),
  );
}

/** The release's name and the chart. @throws {CliError} `BadOptions` when there are two ways to the name. */
function nameAndChart(first: string, second: string | undefined, options: CommandOptions): [string, string] {
  const { nameTemplate, generateName } = options;
  if (second !== undefined) {
    const flag = generateName ? "--generate-name" : nameTemplate ? "--name-template" : undefined;
    if (flag !== undefined) throw new CliError("BadOptions", `cannot set ${flag} and also specify a name`);
    return [first, second];
  }
  // Of the other two Helm looks at the template alone: here a name is never missing, so none is generated.
  return [nameTemplate ? nameFrom(nameTemplate) : "release-name", first];
}

function nameFrom(template: string): string {
  const set = new TemplateSet({ functions: sprigFunctions() });
  try {
    set.parse("name-template", template);
    return set.execute("name-template", null);
  } catch (error) {
    if (error instanceof TemplateError) throw new CliError("BadOptions", error.message, { cause: error });
    throw error;
  }
}

/**
 * Renders a chart for a release.
 *
 * @returns The text that `helm template` prints.
 * @throws ChartFetchError, HelmChartError, RenderError
 */
export async function runTemplate(name: string, chartName: string, options: TemplateOptions): Promise<string> {
  const chart = await openChart(chartName, options);
  const values = collectValues(options);
  checkInstallable(chart);
  checkName(name);
  const kubeVersion = checkKubeVersion(options.kubeVersion);
  const isUpgrade = options.isUpgrade ?? false;
  const result = await render({
    chart,
    values,
    release: { name, namespace: options.namespace, revision: 1, isInstall: !isUpgrade, isUpgrade },
    capabilities: {
      kubeVersion,
      apiVersions: [...DEFAULT_API_VERSIONS, ...options.apiVersions ?? []],
    },
    skipSchemaValidation: options.skipSchemaValidation ?? false,
    skipCrds: true, // --include-crds prints their text as it is
  });
  const enabled = processDependencies(chart, values);
  if (options.outputDir !== undefined) {
    const folder = options.releaseName ? `${options.outputDir}/${name}` : options.outputDir;
    return await writeOutput({ crds: options.outputDir, others: folder }, enabled, result, options);
  }
  const output = outputOf(enabled, result, options);
  return options.showOnly === undefined ? output : shownOnly(output, options.showOnly);
}

function checkName(name: string): void {
  const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  const form = `^${label}(\\.${label})*$`;
  if (name.length <= 53 && new RegExp(form).test(name)) return;
  throw new CliError(
    "BadOptions",
    `release name check failed: release name ${JSON.stringify(name)}: ` +
      (name === ""
        ? "no name provided"
        : `invalid release name, must match regex ${form} and the length must not be longer than 53`),
  );
}
