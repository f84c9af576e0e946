import assert from "node:assert/strict";
import { packChart, packEntries, testChart } from "./archive_testing.ts";
import { HelmChartError, type HelmChartErrorReason } from "./errors.ts";
import { loadArchive } from "./load.ts";

const CHART = "apiVersion: v2\nname: demo\nversion: 1.0.0\n";

Deno.test("loadArchive() reads metadata, values, templates, files, crds and vendored subcharts", () => {
  const chart = loadArchive(packChart({
    "values.yaml": "a: 1\n",
    "values.schema.json": "{}",
    "templates/x.yaml": "x",
    "crds/c.yaml": "c",
    "README.md": "read",
    "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
    "charts/sub/values.yaml": "b: 2\n",
    "charts/_ignored/Chart.yaml": "broken: [",
  }));
  assert.equal(chart.metadata.name, "demo");
  assert.deepEqual(chart.values, { a: 1 });
  assert.equal(chart.schemaText, "{}");
  assert.deepEqual(chart.templates.map((file) => file.name), ["templates/x.yaml"]);
  assert.deepEqual(chart.files.map((file) => file.name), ["README.md"]);
  assert.deepEqual(chart.crds.map((file) => file.name), ["crds/c.yaml"]);
  assert.deepEqual(chart.dependencies.map((sub) => [sub.metadata.name, sub.values]), [["sub", { b: 2 }]]);
});

Deno.test("loadArchive() gives text fields of Chart.yaml the text that Helm gives them", () => {
  const chart = testChart({ "Chart.yaml": "name: demo\nversion: 1.0\nappVersion: 1.10\ndescription: true\n" });
  const { version, appVersion, description, apiVersion } = chart.metadata;
  assert.deepEqual({ version, appVersion, description, apiVersion }, {
    version: "1",
    appVersion: "1.1",
    description: "true",
    apiVersion: "v1",
  });
});

const REFUSED: readonly [string, HelmChartErrorReason, Record<string, string>][] = [
  ["has no Chart.yaml", "MissingChartYaml", { "demo/values.yaml": "a: 1" }],
  ["climbs out of the chart", "UnsafePath", { "demo/Chart.yaml": CHART, "demo/../../etc/passwd": "x" }],
  ["holds an absolute path", "UnsafePath", { "demo/Chart.yaml": CHART, "demo//etc/passwd": "x" }],
  ["holds a drive letter", "UnsafePath", { "demo/Chart.yaml": CHART, "demo\\c:\\x": "x" }],
  ["has its Chart.yaml at the top", "UnsafePath", { "Chart.yaml": CHART, "demo/Chart.yaml": CHART }],
  ["names no version", "InvalidMetadata", { "demo/Chart.yaml": "apiVersion: v2\nname: demo\n" }],
  ["has a name with a slash", "InvalidMetadata", { "demo/Chart.yaml": "apiVersion: v2\nname: a/b\nversion: 1.0.0\n" }],
  ["has values that are a list", "InvalidValues", { "demo/Chart.yaml": CHART, "demo/values.yaml": "- a\n" }],
  ["has values that are not YAML", "InvalidValues", { "demo/Chart.yaml": CHART, "demo/values.yaml": "a: [\n" }],
  ["holds a broken subchart", "MissingChartYaml", { "demo/Chart.yaml": CHART, "demo/charts/sub/values.yaml": "" }],
  ["declares a dependency twice", "InvalidMetadata", {
    "demo/Chart.yaml": `${CHART}dependencies: [{name: a, version: "1"}, {name: a, version: "2"}]\n`,
  }],
];
for (const [what, reason, entries] of REFUSED) {
  Deno.test(`loadArchive() refuses an archive that ${what}`, () => {
    assert.throws(
      () => loadArchive(packEntries(entries)),
      (error) => error instanceof HelmChartError && error.reason === reason,
    );
  });
}

Deno.test("loadArchive() refuses bytes that are no archive, damaged, or larger than a chart may be", () => {
  const reasonOf = (bytes: Uint8Array) => {
    try {
      loadArchive(bytes);
    } catch (error) {
      if (error instanceof HelmChartError) return error.reason;
      throw error;
    }
    return undefined;
  };
  assert.equal(reasonOf(new TextEncoder().encode("a: 1")), "NotAnArchive");
  assert.equal(reasonOf(packChart({}).subarray(0, 60)), "InvalidArchive");
  assert.equal(
    reasonOf(packEntries({ "demo/Chart.yaml": CHART, "demo/big": "x".repeat(5 * 1024 * 1024 + 1) })),
    "TooLarge",
  );
});
