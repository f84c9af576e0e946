/** The chart that cases are templates of. */

/** Values that cases may use. */
const VALUES = `
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
sub: {own: 2}
global: {shared: g}
`;

const CHART = `
apiVersion: v2
name: demo
version: 1.0.0
appVersion: "2.1"
description: A chart
keywords: [k1, k2]
maintainers: [{name: Ada, email: a@b.c}]
annotations: {note: text, "n": "1"}
dependencies: [{name: sub, version: 0.1.0}]
`;

/** Templates that others call: some fail, at once or further down. */
const DEFINITIONS = `{{ define "shown" }}<{{ . }}>{{ end }}
{{- define "twice" }}{{ include "shown" (include "shown" .) }}{{ end }}
{{- define "fails" }}{{ fail "no" }}{{ end }}
{{- define "misses" }}
  {{ .a.b.c }}
{{ end }}
{{- define "requires" }}{{ required "needed" .x }}{{ end }}
{{- define "outer" }}{{ include "misses" . }}{{ end }}
{{- define "deep" }}{{ template "outer" . }}{{ end }}
{{- define "texts" }}{{ tpl "{{ .a.b.c }}" . }}{{ end }}
{{- define "unparsed" }}{{ tpl "{{ if }}" . }}{{ end }}
{{- define "calls" }}{{ include "texts" . | upper }}{{ end }}
{{- define "returns" }}{{ toYaml (dict "a" .) }}{{ end }}
{{- define "ends" }}{{ range until 3 }}{{ if eq . 1 }}{{ break }}{{ end }}{{ . }}{{ end }}{{ end }}`;

/** Names of the templates that others call. */
export const DEFINED: readonly string[] = Array.from(DEFINITIONS.matchAll(/define "(\w+)"/g), ([, name]) => name ?? "");

/** Files of the chart besides the templates of cases. */
export const FILES: Readonly<Record<string, string>> = {
  "Chart.yaml": CHART,
  "values.yaml": VALUES,
  "files/a.txt": "one\ntwo é\n",
  "files/b.yaml": "a: 1\nb: [x]",
  "templates/_shown.tpl": DEFINITIONS,
  "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
  "charts/sub/values.yaml": "own: 1\nmore: [x]\n",
  "charts/sub/templates/_s.tpl": '{{ define "sub.name" }}{{ .Chart.Name }}{{ end }}',
};

/** The template that shows what cases give. */
export const SHOWN = "templates/t.yaml";

/** The template of a case by its index. */
export function fileOf(index: number): string {
  return `templates/_c${index}.tpl`;
}

/** A case as a template: what is none becomes an action. */
export function templateOf(text: string): string {
  return text.startsWith("{{") ? text : `{{ ${text} }}`;
}

/** A template that shows some cases, each on the line of its index: whatever they print reaches the output. */
export function shownOf(indexes: readonly number[]): string {
  const lines: string[] = [];
  for (const index of indexes) lines[index] = `#${index}={{ include "demo/${fileOf(index)}" . | b64enc }};`;
  return Array.from(lines, (line) => line ?? "").join("\n");
}

/** What a rendered {@linkcode shownOf} shows, base64, by index. */
export function readShown(text: string): Map<number, string> {
  return new Map(
    Array.from(
      text.matchAll(/#(\d+)=([A-Za-z0-9+/=]*);/g),
      ([, index, shown]) => [Number(index), shown ?? ""] as const,
    ),
  );
}
