/** Making release records: what Helm would have stored for the same operation. */
import type { Chart, Hook, ReleaseRecord, ReleaseStatus, RenderResult, Values } from "../helm/mod.ts";

/** Input of a new revision. */
export interface RecordInput {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly chart: Chart;
  /** The user's values, as given. */
  readonly values: Values;
  readonly render: RenderResult;
  /** The manifest with the release's labels in it. */
  readonly manifest: string;
  readonly status: ReleaseStatus;
  readonly description: string;
  /** RFC 3339; `now` where the release is new. */
  readonly firstDeployed?: string;
  readonly now: string;
  /** Labels of the record's Secret, besides Helm's own. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A new revision. */
export function newRecord(input: RecordInput): ReleaseRecord {
  return {
    name: input.name,
    namespace: input.namespace,
    version: input.version,
    info: {
      first_deployed: input.firstDeployed ?? input.now,
      last_deployed: input.now,
      deleted: "",
      description: input.description,
      status: input.status,
      notes: input.render.notes,
    },
    chart: storedChart(input.chart),
    config: input.values,
    manifest: input.manifest,
    hooks: input.render.hooks.map(storedHook),
    apply_method: "ssa",
    ...(input.labels ? { labels: input.labels } : {}),
  };
}

/** The same revision with another status. */
export function withStatus(record: ReleaseRecord, status: ReleaseStatus, description: string): ReleaseRecord {
  return { ...record, info: { ...record.info, status, description } };
}

/** The parent chart as Helm stores it; subcharts are in the manifest only. */
function storedChart(chart: Chart): Record<string, unknown> {
  const files = (list: Chart["files"]) => list.map((f) => ({ name: f.name, data: f.data.toBase64() }));
  return {
    metadata: chart.metadata,
    lock: chart.lock ?? null,
    templates: files(chart.templates),
    values: chart.values,
    schema: chart.schemaText === undefined ? null : new TextEncoder().encode(chart.schemaText).toBase64(),
    files: files(chart.files),
  };
}

function storedHook(hook: Hook): Record<string, unknown> {
  return {
    name: hook.name,
    kind: hook.kind,
    path: hook.source,
    manifest: hook.text,
    events: hook.events,
    last_run: { started_at: "", completed_at: "", phase: "" },
    weight: hook.weight,
    delete_policies: hook.deletePolicies,
  };
}
