import { schemaComplaint, SchemaError } from "../schema/mod.ts";
import type { Chart, Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { hasKey, isTable } from "./tables.ts";

/**
 * Holds coalesced values against the values.schema.json of the chart and of each enabled subchart, as Helm does: a
 * subchart's schema sees the table below its name.
 *
 * @throws HelmChartError `SchemaViolation` with Helm's message for all violations, `InvalidSchema` for a schema that
 * cannot be used (a remote `$ref` included: nothing is fetched).
 */
export function validateValues(chart: Chart, values: Values): void {
  const found = complaints(chart, values);
  if (found.length === 0) return;
  throw new HelmChartError(
    found.some(({ reason }) => reason === "InvalidSchema") ? "InvalidSchema" : "SchemaViolation",
    "values don't meet the specifications of the schema(s) in the following chart(s):\n" +
      found.map(({ chartName, text }) => `${chartName}:\n${text}`).join(""),
  );
}

/** What is wrong with the values of one chart, or with its schema. */
interface Complaint {
  readonly chartName: string;
  readonly reason: "InvalidSchema" | "SchemaViolation";
  readonly text: string;
}

function complaints(chart: Chart, values: Values): Complaint[] {
  const found = chart.schemaText === undefined ? [] : ownComplaints(chart.metadata.name, chart.schemaText, values);
  for (const sub of chart.dependencies) {
    const { name } = sub.metadata;
    const own = hasKey(values, name) ? values[name] : undefined;
    if (own === undefined || own === null) continue;
    if (isTable(own)) found.push(...complaints(sub, own));
    else {
      const text = `invalid type for values: expected object (map), got ${goTypeOf(own)}\n`;
      found.push({ chartName: name, reason: "SchemaViolation", text });
    }
  }
  return found;
}

function ownComplaints(chartName: string, schemaText: string, values: Values): Complaint[] {
  try {
    const text = schemaComplaint(schemaText, values);
    return text === "" ? [] : [{ chartName, reason: "SchemaViolation", text: `${text}\n` }];
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return [{ chartName, reason: "InvalidSchema", text: error.message }];
  }
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" ? "float64" : typeof value === "bigint" ? "int64" : "string";
}
