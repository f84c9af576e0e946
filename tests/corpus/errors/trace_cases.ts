import type { ErrorCase } from "./case.ts";

/** What a chart's files are when its first template uses a helper of this text. */
const helper = (text: string, use = '{{ include "h" . }}'): ErrorCase => ({
  id: `trace: ${text} used by ${use}`,
  files: { "templates/_h.tpl": `{{ define "h" }}\n${text}\n{{ end }}`, "templates/t.yaml": `a: 1\nb: ${use}\n` },
});
const tpl = (text: string): ErrorCase => ({
  id: `tpl: ${text}`,
  values: `t: ${JSON.stringify(text)}\n`,
  files: { "templates/t.yaml": "a: {{ tpl .Values.t . }}\n" },
});
const deep = (name: string, files: Readonly<Record<string, string>>): ErrorCase => ({ id: `trace: ${name}`, files });
const SUB = "apiVersion: v2\nname: sub\nversion: 1.0.0\n";

/** Failures within `include`, `template` and `tpl`, and what Helm makes of the way there. */
export const traceCases: readonly ErrorCase[] = [
  helper("{{ .Values.none.x }}"),
  helper('{{ required "say it" .Values.none }}'),
  helper('{{ fail "no" }}', '{{ include "h" . | nindent 2 }}'),
  helper("{{ upper 3 }}", '{{ template "h" . }}'),
  helper("{{ .x.y }}", '{{ include "h" (dict "x" 1) }}'),
  helper('{{ include "none" . }}'),
  helper('{{ tpl "{{ .Values.none.x }}" . }}'),
  helper('{{ tpl "{{ fail `deep` }}" . }}'),
  helper("{{ range .Values.list }}{{ .x }}{{ end }}"),
  helper("{{ index .Values.list 9 }}", '{{ with .Values.map }}{{ include "h" $ }}{{ end }}'),
  helper('{{ fromYaml "a: [" | toYaml }}{{ fail (fromYaml "a: [").Error }}'),
  tpl("{{ .Values.none.x }}"),
  tpl("{{ if }}"),
  tpl("{{ nosuch }}"),
  tpl("{{ end }}"),
  tpl('{{ include "none" . }}'),
  tpl('{{ required "r" nil }}'),
  tpl('{{ tpl "{{ fail `x` }}" . }}'),
  tpl('{{ define "d" }}{{ fail "in d" }}{{ end }}{{ include "d" . }}'),
  tpl("x\ny\n{{ .Release.none.x }}"),
  tpl("{{ .Template.Name | fail }}"),
  deep("three helpers", {
    "templates/_h.tpl":
      '{{ define "a" }}{{ include "b" . }}{{ end }}\n{{ define "b" }}\n{{ include "c" . }}{{ end }}\n{{ define "c" }}{{ fail "end" }}{{ end }}',
    "templates/t.yaml": '{{ include "a" . }}',
  }),
  deep("a subchart's template", {
    "charts/sub/Chart.yaml": SUB,
    "charts/sub/templates/t.yaml": "{{ .Values.none.x }}",
  }),
  deep("a subchart's helper used above", {
    "charts/sub/Chart.yaml": SUB,
    "charts/sub/templates/_h.tpl": '{{ define "sub.h" }}{{ required "of sub" .Values.x }}{{ end }}',
    "templates/t.yaml": '{{ include "sub.h" . }}',
  }),
  deep("a helper that the parent took over", {
    "charts/sub/Chart.yaml": SUB,
    "charts/sub/templates/t.yaml": '{{ include "h" . }}',
    "charts/sub/templates/_h.tpl": '{{ define "h" }}of sub{{ end }}',
    "templates/_h.tpl": '{{ define "h" }}{{ fail "of the parent" }}{{ end }}',
  }),
  deep("NOTES.txt", { "templates/NOTES.txt": "Hello\n{{ .Values.none.x }}\n" }),
  deep("a hook", {
    "templates/h.yaml": 'metadata:\n  annotations: {"helm.sh/hook": pre-install}\n  name: {{ fail "hook" }}\n',
  }),
  deep("a text that cannot be parsed in a helper file", {
    "templates/_h.tpl": "{{ define `x` }}\n{{ if }}\n{{ end }}",
  }),
  deep("two definitions of one name in a file", {
    "templates/_h.tpl": '{{ define "x" }}1{{ end }}{{ define "x" }}2{{ end }}',
  }),
  {
    id: "--set several faults",
    set: ["a.b=1", "a=2,c[0]=x,c.d=1"],
    files: { "templates/t.yaml": "{{ fail (toJson .Values) }}" },
  },
  {
    id: "--set-string after --set",
    set: ["a={1,2}"],
    setString: ["a[0]=x,b=1e3"],
    files: { "templates/t.yaml": "{{ fail (toJson .Values) }}" },
  },
  {
    id: "--set-json over values",
    values: "m: {a: 1}\n",
    setJson: ['m={"b":[1,2.5,"x",null]}', "l[1]=3"],
    files: { "templates/t.yaml": "{{ fail (toJson .Values) }}" },
  },
];
