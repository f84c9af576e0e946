/** Small charts made in a test, and a server for them. */
import { type ChartServer, packFiles, serveCharts } from "../../../cli/charts/mod.ts";
import { emitYaml } from "../../../lib/yaml/mod.ts";

/** A chart as a test writes it. */
export interface TestChart {
  readonly name: string;
  readonly version: string;
  readonly values?: Record<string, unknown>;
  /** values.schema.json; none where absent. */
  readonly schema?: unknown;
  /** By file name below templates/. */
  readonly templates?: Readonly<Record<string, string>>;
}

/** The archive of a chart. */
export function archive(chart: TestChart): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder();
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const { name, version, values = {}, schema, templates = {} } = chart;
  files.set("Chart.yaml", text.encode(emitYaml({ apiVersion: "v2", name, version })));
  files.set("values.yaml", text.encode(emitYaml(values)));
  if (schema !== undefined) files.set("values.schema.json", text.encode(JSON.stringify(schema)));
  for (const [path, template] of Object.entries(templates)) files.set(`templates/${path}`, text.encode(template));
  return packFiles(name, files);
}

/** Serves charts as a Helm repository and an OCI registry. */
export async function serve(charts: readonly TestChart[]): Promise<ChartServer> {
  return serveCharts(
    await Promise.all(charts.map(async (chart) => {
      return {
        metadata: { apiVersion: "v2", name: chart.name, version: chart.version },
        archive: await archive(chart),
      };
    })),
  );
}

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-config
  labels: {app: {{ .Chart.Name }}}
data:
  greeting: {{ .Values.greeting | quote }}
  replicas: {{ .Values.replicas | quote }}
  global: {{ toJson .Values.global | quote }}
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {app: {{ .Chart.Name }}}
  ports:
  - {name: http, port: 80}
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ .Chart.Name }}, release: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app: {{ .Chart.Name }}, release: {{ .Release.Name }}}
    spec:
      containers:
      - {name: web, image: nginx}
`;
const HOOK = `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-hook
  annotations:
    helm.sh/hook: post-install,post-upgrade
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: hook, image: busybox}
`;

/** A chart with a ConfigMap, a Service, a Deployment and a hook; each test gives it a name of its own. */
export function webChart(name: string, version = "1.0.0", more: Partial<TestChart> = {}): TestChart {
  return {
    name,
    version,
    values: { greeting: "hello", replicas: 1 },
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      required: ["owner"],
      properties: {
        owner: { type: "string", minLength: 1 },
        greeting: { type: "string", maxLength: 20 },
        replicas: { type: "integer", minimum: 0, maximum: 5 },
      },
      additionalProperties: false,
    },
    templates: { "config.yaml": CONFIG, "service.yaml": SERVICE, "deployment.yaml": DEPLOYMENT, "hook.yaml": HOOK },
    ...more,
  };
}

/** A chart with one ConfigMap, for what needs no more. */
export function tinyChart(name: string, version = "1.0.0", more: Partial<TestChart> = {}): TestChart {
  return {
    name,
    version,
    values: { greeting: "hello", replicas: 1 },
    schema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: { greeting: { type: "string" }, replicas: { type: "integer" } },
    },
    templates: { "config.yaml": CONFIG },
    ...more,
  };
}
