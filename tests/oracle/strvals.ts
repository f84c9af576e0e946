/** The grammar of `--set` and its kin: one run of Helm an expression. */
import { join } from "node:path";
import { type SetKind, setValues } from "../../lib/helm/mod.ts";
import { HelmChartError, loadChartFiles, render, RenderError } from "../../lib/helm/mod.ts";
import { DEFAULT_API_VERSIONS, DEFAULT_KUBE_VERSION } from "../../lib/helm/mod.ts";
import { helm } from "../../tools/oracle.ts";
import type { Outcome } from "./judge.ts";
import type { Random } from "./random.ts";

/** An option and what it is given. */
export interface SetCase {
  readonly kind: SetKind;
  readonly expression: string;
}

const FILES = {
  "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n",
  "values.yaml": "l: [1, {x: y}]\nm: {k: v}\ns: text\n",
  "templates/t.yaml": "#0={{ toJson .Values | b64enc }};\n",
};
const PIECES = [
  "a",
  "b",
  "l",
  "m",
  "s",
  "k",
  "=",
  "=",
  ".",
  ",",
  "[0]",
  "[1]",
  "[2]",
  "[",
  "]",
  "{",
  "}",
  "{x,y}",
  "1",
  "true",
  "null",
  "\\,",
  "\\.",
  " ",
  '"q"',
  "-1",
  "0",
  "x y",
  "é",
  "\\",
];
const JSON_PIECES = ["1", "true", "null", '"x"', "[1,2]", '{"b":1}', "{", "]", "1.5", '"a,b"', "x"];

/** The next case: mostly right, sometimes any pieces. */
export function nextSet(random: Random): SetCase {
  const kind = random.pick<SetKind>(["set", "set", "set-string", "set-json", "set-literal"]);
  if (random.chance(0.25)) {
    const expression = random.text(PIECES, 1, 7);
    // A whole map is no expression: the command line takes it apart.
    return { kind, expression: kind === "set-json" ? expression.replace(/^[\s{]+/, "") : expression };
  }
  const path = () =>
    random.pick(["a", "b", "l", "m", "s"]) +
    random.several(0, 2, () => random.pick([".k", ".x", "[0]", "[1]", "[2]"])).join("");
  const value = () =>
    kind === "set-json" ? random.pick(JSON_PIECES) : random.text(PIECES.filter((piece) => piece !== "="), 0, 3);
  return { kind, expression: random.several(1, 3, () => `${path()}=${value()}`).join(",") };
}

function outcomeOf(output: string): Outcome {
  return { value: /#0=([A-Za-z0-9+/=]*);/.exec(output)?.[1] ?? "" };
}

/** What Helm makes of a case. */
export async function setByHelm({ kind, expression }: SetCase): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "kco-oracle-" });
  try {
    await Deno.mkdir(join(folder, "demo/templates"), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) await Deno.writeTextFile(join(folder, "demo", name), text);
    const run = await helm(["template", "rel", "demo", `--${kind}`, expression], { cwd: folder });
    return run.code === 0 ? outcomeOf(run.stdout) : { error: run.stderr.replace(/^Error: /, "").trim() };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What we make of a case. */
export async function setByUs({ kind, expression }: SetCase): Promise<Outcome> {
  try {
    const values = {};
    setValues(values, expression, kind);
    const files = Object.entries(FILES).map(([name, text]) => ({ name, data: new TextEncoder().encode(text) }));
    const result = await render({
      chart: loadChartFiles(files),
      values,
      release: { name: "rel", namespace: "default", revision: 1, isInstall: true, isUpgrade: false },
      capabilities: { kubeVersion: DEFAULT_KUBE_VERSION, apiVersions: DEFAULT_API_VERSIONS },
    });
    return outcomeOf(result.manifest);
  } catch (error) {
    if (error instanceof HelmChartError || error instanceof RenderError) return { error: error.message.trim() };
    throw error;
  }
}
