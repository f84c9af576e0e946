/** What `kco template` prints or writes. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type Chart,
  HelmChartError,
  type Hook,
  manifestText,
  pathMatcher,
  type RenderResult,
  splitManifest,
} from "../lib/helm/mod.ts";

/** Which parts of a rendered chart are wanted. */
export interface OutputOptions {
  readonly includeCrds?: boolean;
  /** False leaves hooks out. */
  readonly hooks: boolean;
  readonly skipTests?: boolean;
}

/** A text and the file that it came from. */
type Part = { readonly source: string; readonly text: string };

/** The wanted parts in Helm's order: the chart's CRD files, its objects, its hooks. */
interface Parts {
  readonly crds: readonly Part[];
  readonly manifest: string;
  readonly hooks: readonly Hook[];
  /** Helm's text of the hooks. */
  readonly hookManifest: string;
}

/** @param chart The chart with the subcharts that are enabled. */
function partsOf(chart: Chart, result: RenderResult, options: OutputOptions): Parts {
  const hooks = options.hooks
    ? result.hooks.filter(({ events }) => !options.skipTests || !events.includes("test"))
    : [];
  const isWhole = hooks.length === result.hooks.length && result.hookManifest !== undefined;
  return {
    crds: options.includeCrds ? crdFiles(chart, chart.metadata.name) : [],
    manifest: result.manifest,
    hooks,
    hookManifest: isWhole ? result.hookManifest ?? "" : manifestText(inOrderOf(result.hookManifest ?? "", hooks)),
  };
}

/** Hooks in the order in which they stand in a text. */
function inOrderOf(text: string, hooks: readonly Hook[]): Hook[] {
  const at = (hook: Hook) => text.indexOf(manifestText([hook]));
  return hooks.toSorted((a, b) => at(a) - at(b));
}

/** The text that `helm template` prints. */
export function outputOf(chart: Chart, result: RenderResult, options: OutputOptions): string {
  const { crds, manifest, hookManifest } = partsOf(chart, result, options);
  return `${(manifestText(crds) + manifest).trim()}\n${hookManifest}`;
}

/**
 * The documents of a text that come from certain templates.
 *
 * @param wanted Paths below the chart, or patterns of such.
 * @throws HelmChartError `UnreadableFile` when a path names no template that gave something.
 */
export function shownOnly(text: string, wanted: readonly string[]): string {
  const documents = splitManifest(text).map((document) => ({
    document,
    name: /# Source: [^/]+\/(.+)/.exec(document)?.[1],
  }));
  return wanted.map((path) => {
    const matches = pathMatcher(path) ?? (() => false);
    const found = documents.filter(({ name }) => name !== undefined && matches(name));
    if (found.length === 0) throw new HelmChartError("UnreadableFile", `could not find template ${path} in chart`);
    return found.map(({ document }) => `---\n${document}\n`).join("");
  }).join("");
}

/**
 * Writes each template's documents to a file below a folder; the CRDs of crds/ may go to another, as Helm has it.
 *
 * @returns What `helm template --output-dir` prints.
 */
export async function writeOutput(
  folders: { readonly crds: string; readonly others: string },
  chart: Chart,
  result: RenderResult,
  options: OutputOptions,
): Promise<string> {
  const { crds, hooks } = partsOf(chart, result, options);
  const written = new Set<string>();
  let log = "";
  async function write(folder: string, { source, text }: Part, appends: boolean): Promise<void> {
    const path = `${folder}/${source}`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, manifestText([{ source, text }]), { flag: appends ? "a" : "w" });
    written.add(source);
    log += `wrote ${path}\n`;
  }
  for (const part of crds) await write(folders.crds, part, false);
  for (const part of result.documents) await write(folders.others, part, written.has(part.source));
  // A hook's file may be there from before: then the hook comes behind it, as in Helm.
  for (const hook of inOrderOf(result.hookManifest ?? "", hooks)) {
    await write(folders.others, hook, await exists(`${folders.others}/${hook.source}`));
  }
  return `${log}\n`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

function crdFiles(chart: Chart, path: string): Part[] {
  const decoder = new TextDecoder();
  const own = chart.crds
    .filter(({ name }) => /\.(?:yaml|yml|json)$/i.test(name))
    .map(({ name, data }) => ({ source: `${path}/${name}`, text: decoder.decode(data) }));
  return [...own, ...chart.dependencies.flatMap((sub) => crdFiles(sub, `${path}/charts/${sub.metadata.name}`))];
}
