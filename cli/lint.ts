/** `kco lint`: what is wrong with a chart, or could be better, as `helm lint` says it. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "../lib/deps/commander.ts";
import {
  collectValues,
  HelmChartError,
  lintChart,
  type LintFinding,
  type LintOptions,
  type ValueOptions,
} from "../lib/helm/mod.ts";
import { expandArchive } from "./charts/mod.ts";
import { reportingHelmErrors } from "./helm_errors.ts";
import { checkKubeVersion } from "./kube_version.ts";
import { addValueOptions } from "./value_options.ts";

/** Options of `kco lint`. */
export interface LintCommandOptions extends ValueOptions {
  readonly namespace: string;
  readonly kubeVersion?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly withSubcharts?: boolean;
  readonly skipSchemaValidation?: boolean;
}

/** What a run of lint prints, and how it ends. */
export interface LintReport {
  /** Standard output. */
  readonly output: string;
  /** The last line, which Helm prints on standard error when a chart failed. */
  readonly summary: string;
  readonly failed: boolean;
}

/** The sub-command. Exits with 1 when a chart has errors. */
export function lintCommand(): Command {
  const command = new Command("lint")
    .description("Examine charts for possible issues, as `helm lint` does")
    .argument("<charts...>", "directories or .tgz files")
    .option("-n, --namespace <name>", "namespace to render with", "default")
    .option("--kube-version <version>", "Kubernetes version that the charts see and deprecations are judged by")
    .option("--strict", "fail on warnings too")
    .option("--quiet", "print only warnings and errors")
    .option("--with-subcharts", "lint the charts below charts/ too")
    .option("--skip-schema-validation", "do not hold the values against values.schema.json");
  return addValueOptions(command).action(reportingHelmErrors(async (charts: string[], options: LintCommandOptions) => {
    const { output, summary, failed } = await runLint(charts, options);
    await Deno.stdout.write(new TextEncoder().encode(failed || summary === "" ? output : `${output}${summary}\n`));
    if (!failed) return;
    console.error(`Error: ${summary}`);
    Deno.exitCode = 1;
  }));
}

/** Examines charts one after the other. @throws HelmChartError when the values cannot be read. */
export async function runLint(charts: readonly string[], options: LintCommandOptions): Promise<LintReport> {
  const settings = await settingsOf(options);
  const paths = options.withSubcharts ? await withSubcharts(charts) : charts;
  let [output, failures, complaints] = ["", 0, 0];
  for (const path of paths) {
    const findings = await examine(path, settings);
    const isBad = typeof findings === "string" || findings.some(({ severity }) => severity !== "INFO");
    if (isBad) complaints++;
    if (isFailure(findings, options.strict ?? false)) failures++;
    if (!options.quiet || isBad) output += `==> Linting ${path}\n${findingsText(findings, options.quiet ?? false)}\n`;
  }
  const summary = `${paths.length} chart(s) linted, ${failures} chart(s) failed`;
  const isSilent = options.quiet === true && complaints === 0;
  return { output, summary: isSilent ? "" : summary, failed: failures > 0 };
}

async function settingsOf(options: LintCommandOptions): Promise<LintOptions> {
  return {
    values: collectValues(options),
    namespace: options.namespace,
    ...(options.kubeVersion === undefined ? {} : { kubeVersion: checkKubeVersion(options.kubeVersion) }),
    skipSchemaValidation: options.skipSchemaValidation ?? false,
  };
}

/** The findings, or why there is nothing to examine. */
async function examine(path: string, settings: LintOptions): Promise<readonly LintFinding[] | string> {
  try {
    return isArchive(path) ? await examineArchive(path, settings) : await lintChart(path, settings);
  } catch (error) {
    if (error instanceof HelmChartError) return error.message;
    throw error;
  }
}

async function examineArchive(path: string, settings: LintOptions): Promise<readonly LintFinding[]> {
  const folder = await mkdtemp(join(tmpdir(), "kco-lint-"));
  try {
    return await lintChart(await expandArchive(await readArchive(path), folder), settings);
  } catch (error) {
    if (!(error instanceof HelmChartError) || error.reason === "UnreadableFile") throw error;
    throw new HelmChartError(error.reason, `unable to extract tarball: ${error.message}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readArchive(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new HelmChartError("UnreadableFile", `unable to open tarball: open ${path}: no such file or directory`);
  }
}

function isArchive(path: string): boolean {
  return path.endsWith(".tgz") || path.endsWith(".tar.gz");
}

function isFailure(findings: readonly LintFinding[] | string, strict: boolean): boolean {
  if (typeof findings === "string") return true;
  return findings.some(({ severity }) => severity === "ERROR" || (strict && severity === "WARNING"));
}

function findingsText(findings: readonly LintFinding[] | string, quiet: boolean): string {
  if (typeof findings === "string") return `Error ${findings}\n`;
  return findings
    .filter(({ severity }) => !quiet || severity !== "INFO")
    .map(({ severity, path, message }) => `[${severity}] ${path}: ${message}\n`)
    .join("");
}

/** The charts, then those below their charts/ folders: directories with a Chart.yaml, and archives. */
async function withSubcharts(charts: readonly string[]): Promise<string[]> {
  const below = await Promise.all(charts.map((chart) => isArchive(chart) ? [] : chartsBelow(join(chart, "charts"))));
  return [...charts, ...below.flat()];
}

async function chartsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...await chartsBelow(path));
    else if (entry.name === "Chart.yaml") found.push(folder);
    else if (isArchive(path)) found.push(path);
  }
  return found;
}
