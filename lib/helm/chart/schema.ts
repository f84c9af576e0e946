import {
  addFormats,
  Ajv,
  Ajv2019,
  Ajv2020,
  AjvDraft04,
  type AnySchema,
  type ErrorObject,
  type ValidateFunction,
} from "../../deps/ajv.ts";
import { decodeJson, JsonDecodeError } from "../../gotemplate/functions/mod.ts";
import { BoundedCache } from "../bounded_cache.ts";
import type { Chart, Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { schemaErrorText } from "./schema_errors.ts";
import { schemaPattern } from "./schema_patterns.ts";
import { hasKey, isTable } from "./tables.ts";

/** Compiling a schema costs far more than using it; charts are validated again and again. Bounded by the schemas' characters. */
const compiled = new BoundedCache<string, { readonly validate: ValidateFunction; readonly length: number }>(
  8 * 1024 * 1024,
  ({ length }) => length,
);

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
    if (!(error instanceof HelmChartError)) throw error;
    return [{ chartName, reason: "InvalidSchema", text: error.message }];
  }
}

/**
 * What one schema has against values, one line a violation; empty where it has nothing.
 *
 * @throws HelmChartError `InvalidSchema`.
 */
export function schemaComplaint(schemaText: string, values: Values): string {
  const errors = schemaErrors(schemaText, values);
  return errors.length === 0 ? "" : schemaErrorText(errors, values);
}

function schemaErrors(schemaText: string, values: Values): readonly ErrorObject[] {
  const validate = compiled.get(schemaText)?.validate ?? compile(schemaText);
  return validate(withoutBigInts(values)) === true ? [] : validate.errors ?? [];
}

function compile(schemaText: string): ValidateFunction {
  let validate: ValidateFunction;
  try {
    const schema: unknown = JSON.parse(schemaText);
    if (!isSchema(schema)) throw new SyntaxError("a schema is a map or a boolean");
    const { $schema, ...rest } = typeof schema === "boolean" ? { allOf: [schema] } : schema;
    validate = validatorFor(typeof $schema === "string" ? $schema : "").compile(rest);
  } catch (error) {
    const message = goJsonMessage(schemaText) ?? (error instanceof Error ? error.message : String(error));
    throw new HelmChartError("InvalidSchema", message, { cause: error });
  }
  compiled.set(schemaText, { validate, length: schemaText.length });
  return validate;
}

/** What Go's reader says to a text that is no JSON; undefined where it is. */
function goJsonMessage(text: string): string | undefined {
  if (text.trim() === "") return "EOF";
  try {
    decodeJson(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    return error.message === "unexpected end of JSON input" ? "unexpected EOF" : error.message;
  }
}

function isSchema(value: unknown): value is Exclude<AnySchema, AsyncSchema> {
  return typeof value === "boolean" || isTable(value);
}
type AsyncSchema = Extract<AnySchema, { $async: true }>;

/** The draft that `$schema` names; any other is the newest, as in Helm. Old drafts assert formats. */
function validatorFor(draft: string): { compile(schema: AnySchema): ValidateFunction } {
  const options = {
    strict: false,
    allErrors: true,
    verbose: true,
    logger: false,
    code: { regExp: schemaPattern },
  } as const;
  if (/draft-04/.test(draft)) return addFormats.default(new AjvDraft04.default(options));
  if (/draft-0[67]/.test(draft)) return addFormats.default(new Ajv(options));
  if (/2019-09/.test(draft)) return new Ajv2019({ ...options, validateFormats: false });
  return new Ajv2020({ ...options, validateFormats: false });
}

function withoutBigInts(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigInts);
  if (!isTable(value)) return value;
  // No prototype: a schema that asks for `__proto__` or `constructor` sees the user's key only.
  const out: Values = Object.create(null);
  for (const [key, item] of Object.entries(value)) out[key] = withoutBigInts(item);
  return out;
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" ? "float64" : typeof value === "bigint" ? "int64" : "string";
}
