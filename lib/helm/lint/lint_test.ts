import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HelmChartError } from "../chart/mod.ts";
import { lintChart } from "./lint_chart.ts";
import type { LintOptions } from "./types.ts";

const CHART = "apiVersion: v2\nname: demo\nversion: 1.0.0\nicon: https://example.org/icon.png\n";
const MAP = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const GOOD = { "Chart.yaml": CHART, "values.yaml": "a: 1\n", "templates/a.yaml": MAP("good") };

/** The findings of a chart of these files, as Helm prints them; the chart's folder is `.`. */
async function lint(files: Readonly<Record<string, string>>, options: LintOptions = {}): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "kco-lint-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const findings = await lintChart(folder, options);
    return findings.map(({ severity, path, message }) => `[${severity}] ${path === folder ? "." : path}: ${message}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What Helm 4.2 says, by what is different from a good chart. */
const CASES: readonly (readonly [what: string, files: Readonly<Record<string, string>>, says: readonly string[]])[] = [
  ["a good chart", {}, []],
  ["no icon, a number as version", { "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.1\n" }, [
    "[ERROR] Chart.yaml: version should be of type string but it's of type float64",
    "[INFO] Chart.yaml: icon is recommended",
    "[WARNING] Chart.yaml: version '1.1' is not a valid SemVerV2",
  ]],
  ["a field that Helm does not know", { "Chart.yaml": `${CHART}foo: bar\n` }, [
    "[WARNING] Chart.yaml: failed to strictly parse chart metadata file\n\t" +
    'error unmarshaling JSON: while decoding JSON: json: unknown field "foo"',
  ]],
  ["a maintainer without a mail address", { "Chart.yaml": `${CHART}maintainers: [{name: x, email: joe}]\n` }, [
    "[ERROR] Chart.yaml: invalid email 'joe' for maintainer 'x'",
  ]],
  ["a dependency that is not vendored", { "Chart.yaml": `${CHART}dependencies: [{name: x, version: 1.0.0}]\n` }, [
    "[WARNING] .: chart directory is missing these dependencies: x",
  ]],
  ["a vendored chart that is not declared", { "charts/sub/Chart.yaml": CHART }, [
    "[ERROR] .: chart metadata is missing these dependencies: demo",
  ]],
  ["values that the schema refuses", { "values.schema.json": '{"required":["b"]}' }, [
    "[ERROR] values.yaml: - at '': missing property 'b'\n",
    "[ERROR] templates/: values don't meet the specifications of the schema(s) in the following chart(s):\n" +
    "demo:\n- at '': missing property 'b'\n",
  ]],
  ["names, by the rules of their kinds", {
    "templates/a.yaml": `${MAP("Bad_Name")}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}\n`,
  }, [
    '[WARNING] templates/a.yaml: object name does not conform to Kubernetes naming requirements: "Bad_Name": metadata.name: ' +
    `Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ` +
    "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    '[WARNING] templates/a.yaml: object name does not conform to Kubernetes naming requirements: "a.b": metadata.name: ' +
    'Invalid value: "a.b": must not contain dots',
  ]],
  ["a deprecated kind", { "templates/a.yaml": "apiVersion: v1\nkind: EndpointsList\nmetadata: {name: x}\n" }, [
    "[WARNING] templates/a.yaml: v1 EndpointsList is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSliceList",
  ]],
  ["a workload without a selector", { "templates/a.yaml": MAP("x").replace("ConfigMap", "DaemonSet") }, [
    '[ERROR] templates/a.yaml: a DaemonSet must contain matchLabels or matchExpressions, and "x" does not',
  ]],
  ["an indented start, an unknown extension", { "templates/a.yaml": " a: b\n", "templates/b.json": "{}" }, [
    '[WARNING] templates/a.yaml: document starts with an illegal indent: " a: b", which may cause parsing problems',
    '[WARNING] templates/a.yaml: object name does not conform to Kubernetes naming requirements: "": metadata.name: Invalid ' +
    "value: \"\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must " +
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    "[ERROR] templates/b.json: file extension '.json' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt",
  ]],
  ["what is no YAML, which ends the matter", { "templates/a.yaml": "a: b: c\n", "templates/b.json": "{}" }, [
    "[ERROR] templates/a.yaml: unable to parse YAML: error converting YAML to JSON: yaml: mapping values are not allowed in " +
    "this context",
  ]],
  ["demands, which lint does not make", {
    "templates/a.yaml": `${MAP('x{{ required "it" .Values.none }}{{ fail "no" }}')}`,
  }, []],
  ["a template that cannot be parsed", { "templates/a.yaml": "{{ if }}" }, [
    "[ERROR] templates/: parse error at (demo/templates/a.yaml:1): missing value for if",
  ]],
  ["something else in crds/", { "crds/a.yaml": MAP("x") }, [
    "[ERROR] crds/a.yaml: apiVersion is not in 'apiextensions.k8s.io'",
    "[ERROR] crds/a.yaml: object kind is not 'CustomResourceDefinition'",
  ]],
  ["what Helm refuses to load", { "Chart.yaml": "- a\n" }, [
    "[ERROR] Chart.yaml: unable to parse YAML\n\terror unmarshaling JSON: while decoding JSON: json: cannot unmarshal array " +
    "into Go value of type v2.Metadata",
    "[ERROR] templates/: cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array " +
    "into Go value of type v2.Metadata",
    "[ERROR] : unable to load chart\n\tcannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot " +
    "unmarshal array into Go value of type v2.Metadata",
  ]],
];

for (const [what, files, says] of CASES) {
  Deno.test(`lintChart() says what Helm says of ${what}`, async () => {
    assert.deepEqual(await lint({ ...GOOD, ...files }), says);
  });
}

Deno.test("lintChart() judges deprecations by the Kubernetes version that it is given", async () => {
  const files = { ...GOOD, "templates/a.yaml": "apiVersion: v1\nkind: Endpoints\nmetadata: {name: x}\n" };
  assert.deepEqual(await lint(files, { kubeVersion: "v1.32.0" }), []);
  assert.equal((await lint(files, { kubeVersion: "v1.33.0" })).length, 1);
});

Deno.test("lintChart() says that values.yaml and templates/ are missing", async () => {
  assert.deepEqual(await lint({ "Chart.yaml": CHART }), [
    "[INFO] values.yaml: file does not exist",
    "[WARNING] templates/: directory does not exist",
  ]);
});

Deno.test("lintChart() refuses a folder without a chart", async () => {
  await assert.rejects(
    lint({ "values.yaml": "" }),
    (error) => error instanceof HelmChartError && error.reason === "MissingChartYaml",
  );
});
