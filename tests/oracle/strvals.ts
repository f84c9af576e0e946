/** The grammar of `--set` and its kin, over values that a chart has already. */
import { join } from "node:path";
import {
  collectValues,
  DEFAULT_API_VERSIONS,
  DEFAULT_KUBE_VERSION,
  HelmChartError,
  loadChartFiles,
  render,
  RenderError,
  type SetKind,
} from "../../lib/helm/mod.ts";
import { judgeInGo, type Question } from "./go_judge.ts";
import type { Outcome } from "./judge.ts";
import type { Random } from "./random.ts";

/** An option and what it is given. */
interface SetOption {
  readonly kind: SetKind;
  readonly expression: string;
}

/** Options of one command line. */
export type SetCase = readonly SetOption[];

const KINDS: readonly SetKind[] = [
  "set",
  "set",
  "set",
  "set-string",
  "set-json",
  "set-json",
  "set-file",
  "set-literal",
];

const FILES = {
  "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n",
  "values.yaml": "l: [1, {x: y}, [2]]\nm: {k: v, n: {o: 1}}\ns: text\nn: null\n",
  "templates/t.yaml": '#0={{ printf "%s %#v" (toJson .Values) .Values | b64enc }};\n',
};

/** Files that `--set-file` finds where the judges run. */
const ON_DISK: Readonly<Record<string, string>> = {
  "f": "file's text\n",
  "empty": "",
  "f é,x": "a: 1\n",
  "dir/in": "in\r\n{}",
};

const NAMES = ["a", "b", "l", "m", "s", "n"];
const STEPS = [".k", ".x", ".n", ".a", "[0]", "[1]", "[2]", ".", "[0].x", "[1].k", "[0][1]"];
const ODD_STEPS = [
  "[-1]",
  "[+1]",
  "[01]",
  "[0x1]",
  "[1_0]",
  "[ 1]",
  "[]",
  "[a]",
  "[65537]",
  "[9223372036854775807]",
  "[9223372036854775808]",
  "[-9223372036854775809]",
  "[1",
  "[0]x",
  "[0]]",
  "\\.k",
  "\\[0]",
  "..",
  ".x".repeat(29),
  ".x".repeat(30),
  ".x".repeat(31),
  ".é",
  ".a b",
  ".__proto__",
  ".constructor",
  '."q"',
  "\\",
  ".\u{1f642}",
  "[\t0]",
];
const VALUES = [
  "",
  "x",
  "1",
  "0",
  "-0",
  "+0",
  "00",
  "-1",
  "+7",
  "007",
  "-007",
  "1.5",
  "1e3",
  "1_0",
  "0x1",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "-9223372036854775809",
  "true",
  "TRUE",
  "tRuE",
  "false",
  "fal\u017fe",
  "null",
  "NULL",
  "nil",
  "~",
  "{x,y}",
  "{}",
  "{1,true,null,a b}",
  "{x",
  "{x}y",
  "{{x},y}",
  "{a\\,b,c\\}}",
  "{,}",
  "}",
  "\\{x",
  "x\\,y",
  "x\\=y",
  "x=y",
  "x.y[0]",
  "\\\\",
  "\\",
  "\\n",
  " x ",
  "é",
  "\u{1f642}",
  '"q"',
  "'q'",
  "a\nb",
  "a\tb",
  "http://x:80/?a=b&c",
  "x y",
  "$a{{ .b }}",
];
const JSON_VALUES = [
  "",
  " ",
  "1",
  "-0",
  "01",
  "1.5",
  "1E5",
  "1e400",
  "12345678901234567890",
  "true",
  "tru",
  "null",
  "nul",
  "NaN",
  '"x"',
  '"a,b=c"',
  '"\\u00e9\\ud83d\\ude42"',
  '"\\ud800"',
  '"\\x"',
  '"a\tb"',
  '"<&>"',
  "'x'",
  "x",
  "[1,2]",
  "[1, [2], {}]",
  "[1,]",
  "[",
  '{"b":1}',
  '{"b":1,"b":{"c":null}}',
  '{"b":{"__proto__":1}}',
  "{a:1}",
  "{",
  "]",
  " 1 ",
  "\u00a01",
  "1 2",
  "1x",
  "[]{}",
  "\n[\n1\n]\n",
];
const PATHS = [
  "f",
  "empty",
  "f é\\,x",
  "dir/in",
  "./f",
  "missing",
  "",
  "dir",
  "dir/",
  "f/x",
  "{f,empty}",
  "{f,missing}",
];
const WHOLE = [
  '{"a":1}',
  ' {"m":{"k":null}} ',
  '{"l":[]}',
  "{}",
  '{"a":}',
  '{"a":1} x',
  "{",
  '{"m":"x","s":{"t":1}}',
  '{"a":{"b":[{"c":1.5}]}}',
];
const PIECES = [...NAMES, ..."==..,,[]{}\\ ", "[0]", "[1]", "1", "true", "null", "é", '"q"', "-1", "{x,y}", "\\,"];

/** The next case: mostly right, sometimes any pieces. */
export function nextSet(random: Random): SetCase {
  return random.several(1, random.chance(0.2) ? 3 : 1, () => option(random));
}

function option(random: Random): SetOption {
  const kind = random.pick(KINDS);
  if (kind === "set-json" && random.chance(0.1)) return { kind, expression: random.pick(WHOLE) };
  if (random.chance(0.2)) return { kind, expression: random.text(PIECES, 0, 8) };
  const step = () => random.chance(0.1) ? random.pick(ODD_STEPS) : random.pick(STEPS);
  const pair = () => {
    const path = random.pick(NAMES) + random.several(0, 3, step).join("");
    return random.chance(0.05) ? path : `${path}=${valueOf(random, kind)}`;
  };
  const separator = () => random.chance(0.9) ? "," : random.pick([", ", " ,", ",,", " ", "", "\t,\n"]);
  return {
    kind,
    expression: random.several(1, 3, pair).map((one) => one + separator()).join("")
      .replace(/[, ]$/, random.chance(0.1) ? "," : ""),
  };
}

function valueOf(random: Random, kind: SetKind): string {
  if (kind === "set-json") return random.pick(JSON_VALUES);
  if (kind === "set-file") return random.pick(PATHS);
  return random.chance(0.8) ? random.pick(VALUES) : random.text(VALUES, 2, 3);
}

function describe(one: SetCase): string {
  return one.map(({ kind, expression }) => `--${kind} ${JSON.stringify(expression)}`).join(" ");
}

/** A case as it is typed, and both sides' outcomes. */
export interface JudgedSet {
  readonly text: string;
  readonly ours: Outcome;
  readonly helms: Outcome;
}

/** Judges cases by Helm's SDK, in order. */
export async function judgeSets(cases: readonly SetCase[]): Promise<JudgedSet[]> {
  const folder = await Deno.makeTempDir({ prefix: "kco-oracle-" });
  const home = Deno.cwd();
  try {
    await Deno.mkdir(join(folder, "dir"));
    for (const [name, text] of Object.entries(ON_DISK)) await Deno.writeTextFile(join(folder, name), text);
    const helms = judgeInGo(FILES, cases.map(byKind), folder);
    Deno.chdir(folder);
    const ours: Outcome[] = [];
    for (const one of cases) ours.push(await setByUs(one));
    return (await helms).map((answer, index) => ({
      text: describe(cases[index] ?? []),
      ours: ours[index] ?? { error: "(none)" },
      helms: "error" in answer ? { error: answer.error.trim() } : shownIn(answer.output),
    }));
  } finally {
    Deno.chdir(home);
    await Deno.remove(folder, { recursive: true });
  }
}

function byKind(one: SetCase): Question {
  const question: Partial<Record<SetKind, string[]>> = {};
  for (const { kind, expression } of one) (question[kind] ??= []).push(expression);
  return question;
}

function shownIn(output: string): Outcome {
  return { value: /#0=([A-Za-z0-9+/=]*);/.exec(output)?.[1] ?? "" };
}

async function setByUs(one: SetCase): Promise<Outcome> {
  const question = byKind(one);
  try {
    const values = collectValues({
      set: question.set ?? [],
      setString: question["set-string"] ?? [],
      setJson: question["set-json"] ?? [],
      setFile: question["set-file"] ?? [],
      setLiteral: question["set-literal"] ?? [],
    });
    const files = Object.entries(FILES).map(([name, text]) => ({ name, data: new TextEncoder().encode(text) }));
    const result = await render({
      chart: loadChartFiles(files),
      values,
      release: { name: "rel", namespace: "default", revision: 1, isInstall: true, isUpgrade: false },
      capabilities: { kubeVersion: DEFAULT_KUBE_VERSION, apiVersions: DEFAULT_API_VERSIONS },
    });
    return shownIn(result.manifest);
  } catch (error) {
    if (error instanceof HelmChartError || error instanceof RenderError) return { error: error.message.trim() };
    return { error: `CRASH ${error instanceof Error ? error.message : String(error)}` };
  }
}
