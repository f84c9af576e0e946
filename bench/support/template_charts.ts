/** Charts that grow, to see what a part of one costs. */
import { packFiles } from "../../cli/charts/mod.ts";

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "sub.name" . }}
  labels: {{- include "sub.labels" . | nindent 4 }}
data:
  size: {{ .Values.size | quote }}
  {{- range $key, $value := .Values.settings }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
`;
const HELPERS = `{{- define "sub.name" -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 63 }}{{- end }}
{{- define "sub.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
`;

/** A chart of so many subcharts, each with two objects and some values. */
export function chartWithSubcharts(count: number): Promise<Uint8Array<ArrayBuffer>> {
  const files: Record<string, string> = { "Chart.yaml": chartYaml("parent") };
  for (let index = 0; index < count; index++) {
    const folder = `charts/sub${index}`;
    files[`${folder}/Chart.yaml`] = chartYaml(`sub${index}`);
    files[`${folder}/values.yaml`] = `size: ${index}\nsettings: {a: one, b: two, c: three}\n`;
    files[`${folder}/templates/_helpers.tpl`] = HELPERS;
    files[`${folder}/templates/first.yaml`] = CONFIG_MAP;
    files[`${folder}/templates/second.yaml`] = `${CONFIG_MAP}  second: "yes"\n`;
  }
  return pack("parent", files);
}

/** A chart that calls `tpl` so often, each time with another text. */
export function chartWithTpl(count: number): Promise<Uint8Array<ArrayBuffer>> {
  return pack("texts", {
    "Chart.yaml": chartYaml("texts"),
    "values.yaml": "greeting: hello\n",
    "templates/texts.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: texts
data:
{{- range until ${count} }}
  key{{ . }}: {{ tpl (printf "{{ .Values.greeting | upper }} %d {{ .Release.Name }}" .) $ | quote }}
{{- end }}
`,
  });
}

function chartYaml(name: string): string {
  return `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`;
}

function pack(name: string, files: Readonly<Record<string, string>>): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder();
  return packFiles(name, new Map(Object.entries(files).map(([path, data]) => [path, text.encode(data)])));
}
