import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Chart, decodeRelease, encodeRelease, type RenderResult } from "../helm/mod.ts";
import { newRecord, type RecordInput, withStatus } from "./record.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const CHART: Chart = {
  metadata: { name: "c", version: "1.0.0", apiVersion: "v2" },
  values: { a: 1 },
  schemaText: "{}",
  templates: [{ name: "templates/a.yaml", data: bytes("a: {{ .Values.a }}") }],
  files: [{ name: "README.md", data: bytes("é") }],
  crds: [],
  dependencies: [],
};
const RENDER: RenderResult = {
  documents: [],
  manifest: "",
  hooks: [{
    source: "c/templates/job.yaml",
    text: "kind: Job",
    object: { kind: "Job" },
    name: "job",
    kind: "Job",
    events: ["pre-install"],
    weight: -5,
    deletePolicies: ["hook-succeeded"],
  }],
  notes: "Enjoy",
  crds: [],
  values: {},
  lookups: [],
};
const INPUT: RecordInput = {
  name: "r",
  namespace: "n",
  version: 2,
  chart: CHART,
  values: { b: 2 },
  render: RENDER,
  manifest: "---\nkind: Pod\n",
  status: "pending-upgrade",
  description: "Preparing upgrade",
  firstDeployed: "2026-01-01T00:00:00Z",
  now: "2026-02-02T00:00:00Z",
  labels: { team: "a" },
};

Deno.test("newRecord() has what Helm would have stored", () => {
  deepStrictEqual(newRecord(INPUT), {
    name: "r",
    namespace: "n",
    version: 2,
    info: {
      first_deployed: "2026-01-01T00:00:00Z",
      last_deployed: "2026-02-02T00:00:00Z",
      deleted: "",
      description: "Preparing upgrade",
      status: "pending-upgrade",
      notes: "Enjoy",
    },
    chart: {
      metadata: CHART.metadata,
      lock: null,
      templates: [{ name: "templates/a.yaml", data: btoa("a: {{ .Values.a }}") }],
      values: { a: 1 },
      schema: btoa("{}"),
      files: [{ name: "README.md", data: "w6k=" }],
    },
    config: { b: 2 },
    manifest: "---\nkind: Pod\n",
    hooks: [{
      name: "job",
      kind: "Job",
      path: "c/templates/job.yaml",
      manifest: "kind: Job",
      events: ["pre-install"],
      last_run: { started_at: "", completed_at: "", phase: "" },
      weight: -5,
      delete_policies: ["hook-succeeded"],
    }],
    apply_method: "ssa",
    labels: { team: "a" },
  });
});

Deno.test("newRecord() of a new release was first deployed now", () => {
  const { firstDeployed: _none, labels: _labels, ...first } = INPUT;
  const record = newRecord(first);
  strictEqual(record.info.first_deployed, INPUT.now);
  strictEqual("labels" in record, false);
});

Deno.test("withStatus() changes status and description alone", () => {
  const record = newRecord(INPUT);
  const done = withStatus(record, "deployed", "Upgrade complete");
  deepStrictEqual(done.info, { ...record.info, status: "deployed", description: "Upgrade complete" });
  deepStrictEqual({ ...done, info: record.info }, record);
});

Deno.test("a record survives its encoding, but for the labels, which its Secret keeps", async () => {
  const record = newRecord(INPUT);
  const { labels: _labels, ...kept } = record;
  const { labels: _lost, ...decoded } = await decodeRelease(await encodeRelease(record));
  deepStrictEqual(decoded, kept);
});
