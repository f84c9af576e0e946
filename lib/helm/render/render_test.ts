import assert from "node:assert/strict";
import { testChart } from "../chart/archive_testing.ts";
import type { Chart, RenderRequest, RenderResult, Values } from "../types.ts";
import { RenderError, type RenderErrorReason } from "./errors.ts";
import { render } from "./render.ts";

const BASE = {
  values: {},
  release: { name: "rel", namespace: "ns", revision: 1, isInstall: true, isUpgrade: false },
  capabilities: { kubeVersion: "v1.33.4-gke.1", apiVersions: ["v1", "apps/v1"] },
} satisfies Omit<RenderRequest, "chart">;

function rendered(chart: Chart, more: Partial<RenderRequest> = {}): Promise<RenderResult> {
  return render({ ...BASE, ...more, chart });
}

/** The text that one template prints. */
async function printed(
  text: string,
  more: Partial<RenderRequest> = {},
  files: Record<string, string> = {},
): Promise<string> {
  const result = await rendered(testChart({ ...files, "templates/NOTES.txt": text }), more);
  return result.notes;
}

const TEXTS: readonly [string, string, Values][] = [
  ["{{ .Values.a }} {{ .Values.b.c }}", "1 x", { a: 1, b: { c: "x" } }],
  ["{{ .Values.missing }}|{{ .Values.missing | default 5 }}", "|5", {}],
  [
    "{{ .Release.Name }}/{{ .Release.Namespace }} {{ .Release.Revision }} {{ .Release.IsInstall }} {{ .Release.Service }}",
    "rel/ns 1 true Helm",
    {},
  ],
  ["{{ .Chart.Name }}-{{ .Chart.Version }} {{ .Chart.AppVersion }} {{ .Chart.IsRoot }}", "demo-1.0.0  true", {}],
  ["{{ .Template.Name }} {{ .Template.BasePath }}", "demo/templates/NOTES.txt demo/templates", {}],
  ["{{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }}", "v1.33.4 33", {}],
  ["{{ print .Capabilities.KubeVersion }}", "{v1.33.4-gke.1 v1.33.4 1 33}", {}],
  ["{{ .Values.AsMap | toJson }} {{ .Values.YAML }}", '{"a":{"b":1}} a:\n  b: 1\n', { a: { b: 1 } }],
  ['{{ .Values.PathValue "a.b" }} {{ (.Values.Table "a").b }}', "1 1", { a: { b: 1 } }],
  [
    "{{ typeOf .Values }} {{ typeOf $ }} {{ typeOf .Values.AsMap }}",
    "common.Values common.Values map[string]interface {}",
    {},
  ],
  ['{{ (set .Values "x" 1).x }} {{ .Values.x }} {{ typeOf (deepCopy .Values) }}', "1 1 common.Values", {}],
  ["<{{ (.Files.Glob `f/z`).AsConfig }}>", "<>", {}],
  ['{{ .Capabilities.APIVersions.Has "apps/v1" }} {{ .Capabilities.APIVersions.Has "x/v1" }}', "true false", {}],
  ['{{ tpl "{{ .Values.a }}{{ define \\"t\\" }}T{{ end }}{{ include \\"t\\" . }}" . }}', "1T", { a: 1 }],
  ['{{ define "d" }}[{{ . }}]{{ end }}{{ include "d" "x" | upper }}', "[X]", {}],
  ['{{ $_ := set .Values "a" 2 }}{{ .Values.a }}', "2", { a: 1 }],
  ['{{ lookup "v1" "Secret" "ns" "x" }}', "map[]", {}],
  [
    '{{ .Files.Get "f/a.txt" }} {{ range $p, $_ := .Files.Glob "f/*.txt" }}{{ $p }} {{ end }}',
    "A f/a.txt f/b.txt ",
    {},
  ],
  [
    '{{ (.Files.Glob "f/*.txt").AsConfig }} {{ (.Files.Glob "f/a*").AsSecrets }} {{ .Files.Lines "f/b.txt" }}',
    "a.txt: A\nb.txt: |-\n  B\n  C a.txt: QQ== [B C]",
    {},
  ],
];
for (const [text, expected, values] of TEXTS) {
  Deno.test(`render() prints ${expected.split("\n")[0]} for ${text}`, async () => {
    const files = { "f/a.txt": "A", "f/b.txt": "B\nC", "f/z": "\u007f" };
    assert.equal(await printed(text, { values }, files), expected);
  });
}

const FAILURES: readonly [string, RenderErrorReason, string][] = [
  ["{{ foo }}", "Parse", 'parse error at (demo/templates/NOTES.txt:1): function "foo" not defined'],
  ["{{ if }}", "Parse", "parse error at (demo/templates/NOTES.txt:1): missing value for if"],
  ['{{ fail "boom" }}', "Execution", "execution error at (demo/templates/NOTES.txt:1:3): boom"],
  ['{{ required "need it" .Values.x }}', "Execution", "execution error at (demo/templates/NOTES.txt:1:3): need it"],
  [
    "{{ .Values.a.b.c }}",
    "Execution",
    'demo/templates/NOTES.txt:1:10\n  executing "demo/templates/NOTES.txt" at <.Values.a.b.c>:\n    nil pointer evaluating interface {}.b',
  ],
  [
    '{{ define "t" }}{{ .a.b }}{{ end }}{{ include "t" . }}',
    "Execution",
    'demo/templates/NOTES.txt:1:38\n  executing "demo/templates/NOTES.txt" at <include "t" .>:\n    error calling include:\n' +
    'demo/templates/NOTES.txt:1:21\n  executing "t" at <.a.b>:\n    nil pointer evaluating interface {}.b',
  ],
];
for (const [text, reason, message] of FAILURES) {
  Deno.test(`render() reports ${text} as Helm does`, async () => {
    await assert.rejects(printed(text), { name: "RenderError", reason, message });
  });
}

Deno.test("render() ends templates that include themselves or print without end", async () => {
  const reasonOf = async (text: string) => {
    try {
      return await printed(text, { limits: { maxOutput: 100_000 } });
    } catch (error) {
      if (error instanceof RenderError) return error.reason;
      throw error;
    }
  };
  assert.equal(await reasonOf('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'), "Execution");
  assert.equal(await reasonOf('{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}'), "TooDeep");
  assert.equal(await reasonOf('{{ range until 100000 }}{{ "xxxxxxxxxx" }}{{ end }}'), "OutputTooLarge");
});

Deno.test("render() sorts documents by kind, keeps hooks apart and drops unknown ones", async () => {
  const object = (kind: string, name: string, hook = "") => `kind: ${kind}\nmetadata:\n  name: ${name}\n${hook}`;
  const hook = (events: string, weight: string) =>
    `  annotations:\n    helm.sh/hook: ${events}\n    helm.sh/hook-weight: "${weight}"\n`;
  const result = await rendered(testChart({
    "templates/all.yaml": [
      object("Zebra", "z"),
      object("Deployment", "d"),
      object("Job", "late", hook("pre-install, post-upgrade", "5")),
      object("Job", "soon", hook("pre-install", "-1")),
      object("Job", "never", hook("no-such-event", "0")),
      object("ConfigMap", "c"),
      "# only a comment",
    ].join("\n---\n"),
    "templates/_partial.yaml": '{{ define "x" }}{{ end }}: not: yaml',
  }));
  assert.deepEqual(result.documents.map(({ object }) => object["kind"]), ["ConfigMap", "Deployment", "Zebra"]);
  assert.deepEqual(result.hooks.map(({ name, events, weight }) => [name, events, weight]), [
    ["soon", ["pre-install"], -1],
    ["late", ["pre-install", "post-upgrade"], 5],
  ]);
  assert.match(result.manifest, /^---\n# Source: demo\/templates\/all\.yaml\n/);
});

Deno.test("render() reads the CRDs of crds/, broken ones too, unless they are not wanted", async () => {
  const chart = testChart({ "crds/a.yaml": "kind: A\n---\nkind: B\n", "templates/x.yaml": "kind: X\n" });
  assert.deepEqual((await rendered(chart)).crds.map(({ object }) => object["kind"]), ["A", "B"]);
  assert.deepEqual((await rendered(chart, { skipCrds: true })).crds, []);
  const broken = testChart({ "crds/a.yaml": "a: [" });
  await assert.rejects(rendered(broken), { reason: "InvalidManifest" });
  assert.equal((await rendered(broken, { skipCrds: true })).manifest, "");
});

Deno.test("render() shows a subchart its own values, which are its parent's table", async () => {
  const chart = testChart({
    "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
    "charts/sub/values.yaml": "a: 1\n",
    "charts/sub/templates/_x.tpl": '{{ define "who" }}sub{{ end }}',
    "charts/sub/templates/x.yaml":
      'v: {{ .Values.a }}\nwho: {{ include "who" . }}\n{{ $_ := set .Values "changed" true }}',
    "templates/_x.tpl": '{{ define "who" }}parent{{ end }}',
    "templates/y.yaml": "changed: {{ .Values.sub.changed }}\nname: {{ .Subcharts.sub.Chart.Name }}\n",
  });
  const objects = (await rendered(chart, { values: { sub: { a: 2 } } })).documents.map(({ object }) => object);
  assert.deepEqual(objects, [{ v: 2, who: "parent" }, { changed: true, name: "sub" }]);
});

Deno.test("render() answers lookups, renders again from fresh values and repeats random output", async () => {
  const asked: string[] = [];
  const chart = testChart({
    "templates/x.yaml": [
      '{{ $_ := set .Values "n" (add .Values.n 1) }}',
      "count: {{ .Values.n }}",
      "first: {{ randAlphaNum 8 | quote }}",
      '{{ $a := lookup "v1" "Secret" "ns" "a" }}{{ $b := lookup "v1" "Secret" "ns" $a.next }}',
      "found: {{ $b.replicas }} {{ typeOf $b.replicas }}",
    ].join("\n"),
  });
  const request: Partial<RenderRequest> = {
    values: { n: 1 },
    seed: "s",
    lookup: (_version, _kind, _namespace, name) => {
      asked.push(name);
      return Promise.resolve(name === "a" ? { next: "b" } : { replicas: 3 });
    },
  };
  const [one, two] = [await rendered(chart, request), await rendered(chart, request)];
  assert.equal(one.manifest, two.manifest);
  assert.deepEqual(asked, ["a", "b", "a", "b"]);
  assert.equal(one.documents[0]?.object["count"], 2);
  assert.equal(one.documents[0]?.object["found"], "3 int64");
  assert.deepEqual(one.lookups.map(({ name }) => name), ["a", "b"]);
});

Deno.test("render() fails with Lookup when the cluster does, and with Values when the chart wants another Kubernetes", async () => {
  const lookup = () => Promise.reject(new Error("no route"));
  await assert.rejects(printed('{{ lookup "v1" "Secret" "" "" }}', { lookup }), { reason: "Lookup" });
  const chart = testChart({ "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\nkubeVersion: '>=1.40'\n" });
  await assert.rejects(rendered(chart), { reason: "Values", message: /incompatible with Kubernetes v1\.33\.4-gke\.1/ });
});

Deno.test("render() says that values of a subchart that are no map break the dependencies, where Chart.yaml has some", async () => {
  const files = { "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n" };
  const declared = "apiVersion: v2\nname: demo\nversion: 1.0.0\ndependencies: [{name: sub, version: 1.x.x}]\n";
  const message = "type mismatch on sub: %!t(string=word)";
  for (
    const [chart, expected] of [
      [testChart({ ...files, "Chart.yaml": declared }), `chart dependencies processing failed: ${message}`],
      [testChart(files), message],
    ] as const
  ) {
    await assert.rejects(rendered(chart, { values: { sub: "word" } }), { reason: "Values", message: expected });
  }
});

Deno.test("render() does not let values or templates reach the prototypes of the host", async () => {
  const text =
    "{{ .Values.constructor }}{{ .Values.__proto__ }}{{ .Values.toString }}{{ hasKey .Values `constructor` }}";
  assert.equal(await printed(text), "false");
  const nasty = '`${globalThis.pwned = 1}` \');globalThis.pwned=1;(\' \u2028 */ {{ "\\");globalThis.pwned=1;//" }}';
  await printed(nasty);
  assert.equal("pwned" in globalThis, false);
});
