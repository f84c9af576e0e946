/** What Helm and what we make of an expression. */
import { dirname, join } from "node:path";
import {
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  HelmChartError,
  loadChartFiles,
  render,
  RenderError,
} from "../../lib/helm/mod.ts";
import { helm } from "../../tools/oracle.ts";

/** An output or an error's message. */
export type Outcome = { readonly value: string } | { readonly error: string };

const ENCODER = new TextEncoder();
const FILE = "demo/templates/t.yaml";
const CHART = "apiVersion: v2\nname: demo\nversion: 1.0.0\n";

/** The values that expressions may use. */
export const VALUES = `
str: text
empty: ""
num: 3
big: 1000000
flt: 1.5
neg: -7
on: true
nothing: null
list: [c, a, b]
nums: [3, 1, 2]
mixed: [1, a, true, null, 1.5, {k: v}]
none: []
map: {b: 1, a: two, c: {d: deep, e: [1, 2]}}
empties: {a: "", b: 0, c: false, d: [], e: {}}
`;

/** A text as a Go string literal. */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** Files of the chart besides its templates. */
const FILES: Readonly<Record<string, string>> = {
  "Chart.yaml": CHART,
  "values.yaml": VALUES,
  "files/a.txt": "one\ntwo é\n",
  "files/b.yaml": "a: 1\nb: [x]",
  "templates/_shown.tpl": '{{ define "shown" }}<{{ . }}>{{ end }}',
};

/**
 * One line of the template: the expression's text reaches the output whatever is in it.
 *
 * @param expression An expression, or a template text that begins with an action.
 */
function lineOf(expression: string, index: number): string {
  const text = expression.startsWith("{{") ? expression : `{{ ${expression} }}`;
  return `{{- define "e${index}" }}${text}{{ end }}#${index}={{ include "e${index}" . | b64enc }};`;
}

function templateOf(expressions: readonly string[], indexes: readonly number[]): string {
  const lines: string[] = expressions.map(() => "");
  for (const index of indexes) lines[index] = lineOf(expressions[index] ?? "", index);
  return lines.join("\n");
}

/** Reads `#INDEX=BASE64;` marks. */
function readOutputs(text: string, outcomes: (Outcome | undefined)[]): void {
  for (const [, index, encoded] of text.matchAll(/#(\d+)=([A-Za-z0-9+/=]*);/g)) {
    outcomes[Number(index)] = { value: encoded ?? "" };
  }
}

/**
 * What Helm makes of expressions: one run for all, and one more for each that fails, since Helm stops at it.
 *
 * @returns An outcome each, in order.
 */
export async function judgeByHelm(expressions: readonly string[]): Promise<Outcome[]> {
  const folder = await Deno.makeTempDir({ prefix: "kco-oracle-" });
  const outcomes: (Outcome | undefined)[] = expressions.map(() => undefined);
  const fine = new Set(expressions.keys());
  try {
    for (const [name, text] of Object.entries(FILES)) {
      await Deno.mkdir(dirname(join(folder, "demo", name)), { recursive: true });
      await Deno.writeTextFile(join(folder, "demo", name), text);
    }
    let from = 0;
    for (;;) {
      // What stands before the last failure is known to be fine: it runs again only in the last run, for its output.
      const indexes = [...fine].filter((index) => index >= from);
      await Deno.writeTextFile(join(folder, "demo/templates/t.yaml"), templateOf(expressions, indexes));
      const run = await helm(["template", "rel", "demo"], { cwd: folder });
      if (run.code === 0) {
        readOutputs(run.stdout, outcomes);
        if (from === 0) break;
        from = 0;
        continue;
      }
      const error = run.stderr.replace(/^level=.*\n/gm, "").replace(/^Error: /, "").replace(/\n+Use --debug.*\n*$/, "")
        .trim();
      const failed = Number(/templates\/t\.yaml:(\d+)/.exec(error)?.[1]) - 1;
      if (!fine.delete(failed)) throw new Error(`Helm's error names no expression: ${error.slice(0, 500)}`);
      outcomes[failed] = { error };
      // A parse error says nothing about the expressions before it.
      from = error.startsWith("parse error") ? from : failed + 1;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return outcomes.map((outcome) => outcome ?? { error: "(no output)" });
}

/** What we make of an expression at its place among others. */
export async function judgeByUs(expression: string, index: number): Promise<Outcome> {
  const text = "\n".repeat(index) + lineOf(expression, index);
  const chart = loadChartFiles([
    ...Object.entries(FILES).map(([name, content]) => ({ name, data: ENCODER.encode(content) })),
    { name: FILE.slice("demo/".length), data: ENCODER.encode(text) },
  ]);
  try {
    const result = await render({
      chart,
      values: {},
      release: { name: "rel", namespace: "default", revision: 1, isInstall: true, isUpgrade: false },
      capabilities: { kubeVersion: DEFAULT_KUBE_VERSION, apiVersions: DEFAULT_API_VERSIONS },
    });
    const outcomes: (Outcome | undefined)[] = [];
    readOutputs(result.manifest, outcomes);
    return outcomes[index] ?? { error: "(no output)" };
  } catch (error) {
    if (error instanceof RenderError || error instanceof HelmChartError) return { error: error.message.trim() };
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    return { error: `CRASH ${text}` };
  }
}

/** Addresses of Go's memory differ from run to run. */
const ADDRESS = /0x[0-9a-f]{9,12}(?![0-9a-f])/g;

/** What is shown of an outcome. */
export function shown(outcome: Outcome): string {
  if ("error" in outcome) return `error: ${outcome.error.replace(ADDRESS, "0xADDRESS")}`;
  const text = new TextDecoder().decode(Uint8Array.fromBase64(outcome.value));
  return JSON.stringify(text.replace(ADDRESS, "0xADDRESS"));
}
