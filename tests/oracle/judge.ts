/** What we make of a case, and how outcomes are compared. */
import {
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  HelmChartError,
  loadChartFiles,
  render,
  RenderError,
} from "../../lib/helm/mod.ts";
import { decodeUtf8 } from "../../lib/gotemplate/mod.ts";
import { fileOf, FILES, readShown, SHOWN, shownOf, templateOf } from "./case_chart.ts";

/** An output in base64, or an error's message. */
export type Outcome = { readonly value: string } | { readonly error: string };

const ENCODER = new TextEncoder();

/** A text as a Go string literal. */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** What we make of a case at its place among others. */
export async function judgeByUs(text: string, index: number): Promise<Outcome> {
  const files = { ...FILES, [fileOf(index)]: templateOf(text), [SHOWN]: shownOf([index]) };
  const chart = loadChartFiles(
    Object.entries(files).map(([name, content]) => ({ name, data: ENCODER.encode(content) })),
  );
  try {
    const result = await render({
      chart,
      values: {},
      release: { name: "rel", namespace: "default", revision: 1, isInstall: true, isUpgrade: false },
      capabilities: { kubeVersion: DEFAULT_KUBE_VERSION, apiVersions: DEFAULT_API_VERSIONS },
    });
    const value = readShown(result.manifest).get(index);
    return value === undefined ? { error: "(no output)" } : { value };
  } catch (error) {
    if (error instanceof RenderError || error instanceof HelmChartError) return { error: error.message.trim() };
    const trace = error instanceof Error ? error.stack ?? error.message : String(error);
    return { error: `CRASH ${trace}` };
  }
}

/** Addresses of Go's memory differ from run to run. */
const ADDRESS = /0x[0-9a-f]{7,12}(?![0-9a-f])/g;

/** What is shown of an outcome. */
export function shown(outcome: Outcome): string {
  if ("error" in outcome) return `error: ${outcome.error.replace(ADDRESS, "0xADDRESS")}`;
  const bytes = Uint8Array.fromBase64(outcome.value);
  const text = decodeUtf8(bytes);
  // What is not UTF-8 shows as the surrogates that stand for its bytes.
  return JSON.stringify(text.replace(ADDRESS, "0xADDRESS"));
}
