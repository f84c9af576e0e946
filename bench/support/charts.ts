/** The chart that compositions are measured with. */
import type { TestChart } from "../../tests/e2e/support/charts.ts";

const OBJECTS = `{{- range list "one" "two" }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $.Release.Name }}-{{ . }}
data:
  greeting: {{ $.Values.greeting | quote }}
---
{{- end }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Release.Name }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {release: {{ .Release.Name }}}
  ports:
  - {name: http, port: 80}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {release: {{ .Release.Name }}}
  template:
    metadata:
      labels: {release: {{ .Release.Name }}}
    spec:
      serviceAccountName: {{ .Release.Name }}
      containers:
      - {name: web, image: nginx}
`;

/** Two ConfigMaps, a ServiceAccount, a Service and a Deployment. */
export function fiveObjects(name: string): TestChart {
  return {
    name,
    version: "1.0.0",
    values: { greeting: "hello", replicas: 1 },
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: {
        greeting: { type: "string", minLength: 1 },
        replicas: { type: "integer", minimum: 0, default: 1 },
      },
    },
    templates: { "objects.yaml": OBJECTS },
  };
}
