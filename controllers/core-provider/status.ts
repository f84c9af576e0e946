/** The status of a definition; pure. */
import type { Condition, KubeObject } from "../../lib/kube/mod.ts";
import type { LoadedChart } from "../../lib/release/mod.ts";
import type { CompiledSchema } from "../../lib/schema/mod.ts";
import { setConditions } from "../../lib/provider-runtime/mod.ts";
import type { ChartSpec } from "../../lib/release/mod.ts";
import type { CompositionDefinition, DefinitionStatus, SchemaReport, VersionInfo } from "./api.ts";
import type { CompositionNames } from "./crd/mod.ts";

/** A condition before it has a time. */
export type Verdict = Pick<Condition, "type" | "status" | "reason" | "message">;

/** What is known of a definition whose chart is at hand. */
export interface Blueprint {
  readonly names: CompositionNames;
  readonly loaded: LoadedChart;
  readonly compiled: CompiledSchema;
}

/** The status that a definition is to have; without a blueprint, what was known before stays. */
export function statusOf(
  definition: CompositionDefinition,
  blueprint: Blueprint | undefined,
  crd: KubeObject | undefined,
  verdicts: readonly Verdict[],
): DefinitionStatus {
  const before = definition.status ?? {};
  const generation = definition.metadata.generation;
  const seen = generation === undefined ? {} : { observedGeneration: generation };
  return {
    ...before,
    ...seen,
    ...(blueprint && crd ? kindStatus(definition, blueprint, crd) : {}),
    conditions: setConditions(before.conditions, verdicts.map((v) => ({ ...v, ...seen }))),
  };
}

function kindStatus(
  definition: CompositionDefinition,
  { names, loaded, compiled }: Blueprint,
  crd: KubeObject,
): Partial<DefinitionStatus> {
  const spec = definition.spec?.chart;
  return {
    kind: names.kind,
    resource: names.plural,
    apiVersion: `${names.group}/${names.version}`,
    packageUrl: loaded.resolvedUrl,
    digest: loaded.digest,
    managed: {
      group: names.group,
      kind: names.kind,
      versionInfo: versionInfo(definition, names, { ...spec!, version: loaded.chart.metadata.version }, crd),
    },
    schema: schemaReport(compiled),
  };
}

/** The versions that this definition stood for, the present one with the present chart; those the CRD lost are left out. */
function versionInfo(
  definition: CompositionDefinition,
  names: CompositionNames,
  chart: ChartSpec,
  crd: KubeObject,
): VersionInfo[] {
  const versions = (crd["spec"] as { versions?: { name: string; served: boolean; storage: boolean }[] }).versions ?? [];
  const known = definition.status?.kind === names.kind ? definition.status.managed?.versionInfo ?? [] : [];
  const charts = new Map(known.map((v) => [v.version, v.chart]));
  charts.set(names.version, chart);
  return versions.filter((v) => charts.get(v.name) !== undefined).map((v) => {
    return { version: v.name, served: v.served, stored: v.storage, chart: charts.get(v.name)! };
  });
}

function schemaReport({ origin, dropped, relaxed, shifted }: CompiledSchema): SchemaReport {
  return {
    origin,
    ...(dropped.length > 0 ? { dropped: [...dropped] } : {}),
    ...(relaxed.length > 0 ? { relaxed: [...relaxed] } : {}),
    ...(shifted.length > 0 ? { shifted: [...shifted] } : {}),
  };
}

/** `Schema`: whether the API server enforces what the chart's author asked for. */
export function schemaVerdict({ origin, dropped }: CompiledSchema): Verdict {
  if (origin === "inferred") {
    const message = "The chart has no values.schema.json: types were inferred from values.yaml and nothing is required";
    return { type: "Schema", status: "True", reason: "Inferred", message };
  }
  if (dropped.length === 0) return { type: "Schema", status: "True", reason: "Enforced", message: "" };
  const first = dropped.slice(0, 3).map((d) => `${d.keyword} at ${d.path}`).join(", ");
  const more = dropped.length > 3 ? ` and ${dropped.length - 3} more` : "";
  const message = `Checked before a release is touched, but not by the API server: ${first}${more}`;
  return { type: "Schema", status: "True", reason: "PartlyEnforced", message };
}
