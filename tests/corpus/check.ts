/** Renders one case of a corpus, and compares with what Helm made of it. */
import { join } from "node:path";
import {
  checkInstallable,
  DEFAULT_API_VERSIONS,
  HelmChartError,
  loadArchive,
  readValues,
  type Renderer,
  RenderError,
} from "../../lib/helm/mod.ts";
import type { CorpusCase } from "./cases.ts";
import { compareOutputs, type Comparison } from "./compare.ts";
import { errorOf, inOneOrder } from "./message.ts";

/** What `helm template rel CHART --namespace ns --kube-version v1.35.0` is for the engine. */
const REQUEST = {
  release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
  capabilities: { kubeVersion: "v1.35.0", apiVersions: DEFAULT_API_VERSIONS },
  limits: { timeout: 120_000 },
};

/** What our engine makes of a case. */
type Outcome = { readonly output: string } | { readonly message: string };

/**
 * Compares a case. What stands in its way is a difference too, never an exception: a file of the corpus that cannot be
 * read, or an error of ours that is none of Helm's.
 */
export async function checkCase(renderer: Renderer, directory: string, one: CorpusCase): Promise<Comparison> {
  let golden: string;
  let ours: Outcome;
  try {
    golden = await Deno.readTextFile(join(directory, one.golden));
    ours = await outcomeOf(renderer, directory, one);
  } catch (error) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    return failing("(no result)", text, undefined);
  }
  if (one.error !== true) {
    if ("output" in ours) return compareOutputs(ours.output, golden, one.unstable);
    return failing("(error)", ours.message, golden);
  }
  if ("output" in ours) return failing("(error expected)", ours.output, golden);
  const [own, helms] = [inOneOrder(errorOf(ours.message)), inOneOrder(errorOf(golden))];
  return own === helms || one.unstable.includes("*") ? failing() : failing("(error)", own, helms);
}

async function outcomeOf(renderer: Renderer, directory: string, one: CorpusCase): Promise<Outcome> {
  const archive = await Deno.readFile(join(directory, one.chart));
  const values = one.values === undefined ? "" : await Deno.readTextFile(join(directory, one.values));
  try {
    const chart = loadArchive(archive);
    const given = readValues(values, one.values ?? "values");
    checkInstallable(chart);
    const { manifest, hookManifest } = await renderer.render({ ...REQUEST, chart, values: given });
    return { output: `${manifest.trim()}\n${hookManifest ?? ""}` };
  } catch (error) {
    if (error instanceof RenderError || error instanceof HelmChartError) return { message: error.message };
    throw error;
  }
}

/** A comparison of no documents: with one difference, or with none. */
function failing(document?: string, ours?: string, helms?: string): Comparison {
  const differences = document === undefined ? [] : [{ document, ours, helms }];
  return { compared: 0, identical: 0, unstable: 0, differences };
}
