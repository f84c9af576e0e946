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
import type { Chart, Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { schemaErrorText } from "./schema_errors.ts";
import { hasKey, isTable } from "./tables.ts";

/** Compiling a schema costs far more than using it; charts are validated again and again. */
const compiled = new Map<string, ValidateFunction>();
const MOST_COMPILED = 100;

/**
 * Holds coalesced values against the values.schema.json of the chart and of each enabled subchart, as Helm does: a
 * subchart's schema sees the table below its name.
 *
 * @throws HelmChartError `SchemaViolation` with Helm's message for all violations, `InvalidSchema` for a schema that
 * cannot be used (a remote `$ref` included: nothing is fetched).
 */
export function validateValues(chart: Chart, values: Values): void {
  const problems = violations(chart, values);
  if (problems === "") return;
  throw new HelmChartError(
    "SchemaViolation",
    `values don't meet the specifications of the schema(s) in the following chart(s):\n${problems}`,
  );
}

function violations(chart: Chart, values: Values): string {
  let text = "";
  if (chart.schemaText !== undefined) {
    const errors = schemaErrors(chart.schemaText, values, chart.metadata.name);
    if (errors.length > 0) text += `${chart.metadata.name}:\n${schemaErrorText(errors, values)}\n`;
  }
  for (const sub of chart.dependencies) {
    const { name } = sub.metadata;
    const own = hasKey(values, name) ? values[name] : undefined;
    if (own === undefined || own === null) continue;
    if (isTable(own)) text += violations(sub, own);
    else text += `${name}:\ninvalid type for values: expected object (map), got ${goTypeOf(own)}\n`;
  }
  return text;
}

function schemaErrors(schemaText: string, values: Values, chartName: string): readonly ErrorObject[] {
  const validate = compiled.get(schemaText) ?? compile(schemaText, chartName);
  return validate(withoutBigInts(values)) === true ? [] : validate.errors ?? [];
}

function compile(schemaText: string, chartName: string): ValidateFunction {
  let validate: ValidateFunction;
  try {
    const schema: unknown = JSON.parse(schemaText);
    if (!isSchema(schema)) throw new SyntaxError("a schema is a map or a boolean");
    const { $schema, ...rest } = typeof schema === "boolean" ? { allOf: [schema] } : schema;
    validate = validatorFor(typeof $schema === "string" ? $schema : "").compile(rest);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new HelmChartError("InvalidSchema", `values.schema.json of chart "${chartName}" cannot be used: ${message}`, {
      cause: error,
    });
  }
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(schemaText, validate);
  return validate;
}

function isSchema(value: unknown): value is Exclude<AnySchema, AsyncSchema> {
  return typeof value === "boolean" || isTable(value);
}
type AsyncSchema = Extract<AnySchema, { $async: true }>;

/** The draft that `$schema` names; any other is the newest, as in Helm. Old drafts assert formats. */
function validatorFor(draft: string): { compile(schema: AnySchema): ValidateFunction } {
  const options = { strict: false, allErrors: true, verbose: true, logger: false, code: { regExp } } as const;
  if (/draft-04/.test(draft)) return addFormats.default(new AjvDraft04.default(options));
  if (/draft-0[67]/.test(draft)) return addFormats.default(new Ajv(options));
  if (/2019-09/.test(draft)) return new Ajv2019({ ...options, validateFormats: false });
  return new Ajv2020({ ...options, validateFormats: false });
}

/** Patterns are Go's in Helm; what a Unicode expression refuses here (`\-`) is taken without that flag. */
function regExp(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return new RegExp(pattern, flags.replace("u", ""));
    throw error;
  }
}
regExp.code = "new RegExp";

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
