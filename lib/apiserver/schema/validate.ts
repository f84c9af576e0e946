/** Validation of objects by structural schemas, compiled to closures once a schema. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { equalJson, isObject } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { celRules } from "./cel/mod.ts";
import { additionalSchema, oncePerSchema } from "./compiled.ts";
import { oldItems } from "./correlate.ts";
import { invalid, required } from "./field_error.ts";
import { type Check, Findings } from "./findings.ts";
import { listTypeErrors } from "./list_types.ts";
import { valueChecks } from "./value_checks.ts";

/** Errors that keep the real server from running CEL rules: the value may not be what the rules expect. */
const BLOCKING: ReadonlySet<FieldError["reason"]> = new Set([
  "FieldValueRequired",
  "FieldValueNotSupported",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/**
 * Validates a whole object: structure and values, list types, and CEL rules where nothing else is wrong that they could trip over.
 *
 * @param old The object before the change. What a change left alone is not held against it, as on the real server.
 */
export function validate(schema: StructuralSchema, object: unknown, old: unknown): FieldError[] {
  const findings = new Findings();
  compiled(schema)(object, old, "", findings);
  const errors = [...findings.errors, ...listTypeErrors(schema, object, old)];
  const rules = celRules(schema);
  if (rules === undefined) return errors;
  if (errors.some((error) => BLOCKING.has(error.reason))) {
    const detail =
      "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
    return [...errors, invalid("<nil>", null, detail)];
  }
  return [...errors, ...rules(object, old)];
}

/** The check of a node and all below it. Children are compiled when first needed: schemas may contain themselves. */
const compiled = oncePerSchema((schema): Check => {
  const checks = [...valueChecks(schema), ...combinators(schema), ...children(schema)];
  return (value, old, path, findings) => {
    const before = findings.errors.length;
    for (const check of checks) check(value, old, path, findings);
    if (value === null) return;
    // Ratcheting: an unchanged value that is invalid by now stays acceptable.
    const unchanged = old !== undefined && findings.errors.length > before && equalJson(value, old);
    if (unchanged) findings.errors.length = before;
  };
});

function children(schema: StructuralSchema): Check[] {
  const checks: Check[] = [];
  const { items } = schema;
  if (items !== undefined) {
    checks.push((value, old, path, findings) => {
      if (!Array.isArray(value)) return;
      const before = oldItems(schema, old);
      for (const [index, item] of value.entries()) compiled(items)(item, before(item), `${path}[${index}]`, findings);
    });
  }
  if (schema.properties !== undefined) checks.push(propertiesCheck(schema.properties));
  if (schema.additionalProperties !== undefined) checks.push(additionalCheck(schema));
  if (schema.required !== undefined) checks.push(requiredCheck(schema.required));
  return checks;
}

function below(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function fieldOf(object: unknown, key: string): unknown {
  return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

function propertiesCheck(properties: Record<string, StructuralSchema>): Check {
  const entries = Object.entries(properties);
  return (value, old, path, findings) => {
    if (!isObject(value)) return;
    for (const [key, schema] of entries) {
      if (Object.hasOwn(value, key)) compiled(schema)(value[key], fieldOf(old, key), below(path, key), findings);
    }
  };
}

function additionalCheck(schema: StructuralSchema): Check {
  const { properties, additionalProperties } = schema;
  const additional = additionalSchema(schema);
  return (value, old, path, findings) => {
    if (!isObject(value)) return;
    for (const key of Object.keys(value)) {
      if (properties !== undefined && Object.hasOwn(properties, key)) continue;
      if (additional !== undefined) compiled(additional)(value[key], fieldOf(old, key), below(path, key), findings);
      else if (additionalProperties === false) {
        findings.add(invalid(path, "", `${below(path, key)} in body is a forbidden property`));
      }
    }
  };
}

function requiredCheck(names: readonly string[]): Check {
  return (value, _old, path, findings) => {
    if (!isObject(value)) return;
    for (const name of names) if (!Object.hasOwn(value, name)) findings.add(required(below(path, name)));
  };
}

/** Errors of `allOf`, `anyOf`, `oneOf` and `not` have no field on the real server either: their text names it. */
function combinatorError(text: string): FieldError {
  return invalid("<nil>", "", text);
}

function combinators(schema: StructuralSchema): Check[] {
  const checks: Check[] = [];
  const { allOf, anyOf, oneOf, not } = schema;
  if (anyOf !== undefined && anyOf.length > 0) checks.push(anyCheck(anyOf));
  if (oneOf !== undefined && oneOf.length > 0) checks.push(oneCheck(oneOf));
  if (allOf !== undefined && allOf.length > 0) checks.push(allCheck(allOf));
  if (not !== undefined) {
    checks.push((value, _old, path, findings) => {
      if (value === null) return;
      const inner = attempt(not, value, path);
      if (inner.errors.length > 0) return;
      findings.add(combinatorError(`"${path}" must not validate the schema (not)`));
    });
  }
  return checks;
}

/** Inside combinators nothing is ratcheted, as on the real server: under `not`, what is overlooked would be an error. */
function attempt(schema: StructuralSchema, value: unknown, path: string): Findings {
  const findings = new Findings();
  compiled(schema)(value, undefined, path, findings);
  return findings;
}

/** The failure that matched most explains best. */
function closest(failures: readonly Findings[]): Findings | undefined {
  return failures.reduce<Findings | undefined>(
    (best, next) => best === undefined || next.matches > best.matches ? next : best,
    undefined,
  );
}

function anyCheck(schemas: readonly StructuralSchema[]): Check {
  return (value, _old, path, findings) => {
    if (value === null) return;
    const failures: Findings[] = [];
    for (const schema of schemas) {
      const inner = attempt(schema, value, path);
      if (inner.errors.length === 0) return;
      failures.push(inner);
    }
    findings.add(combinatorError(`"${path}" must validate at least one schema (anyOf)`));
    const best = closest(failures);
    if (best !== undefined) findings.merge(best);
  };
}

function oneCheck(schemas: readonly StructuralSchema[]): Check {
  return (value, _old, path, findings) => {
    if (value === null) return;
    const results = schemas.map((schema) => attempt(schema, value, path));
    const valid = results.filter((result) => result.errors.length === 0).length;
    if (valid === 1) return;
    const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
    findings.add(combinatorError(`"${path}" must validate one and only one schema (oneOf). ${found}`));
    const best = valid === 0 ? closest(results) : undefined;
    if (best !== undefined) findings.merge(best);
  };
}

function allCheck(schemas: readonly StructuralSchema[]): Check {
  return (value, _old, path, findings) => {
    if (value === null) return;
    let valid = 0;
    for (const schema of schemas) {
      const inner = attempt(schema, value, path);
      if (inner.errors.length === 0) valid++;
      findings.merge(inner);
    }
    if (valid === schemas.length) return;
    findings.add(
      combinatorError(`"${path}" must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`),
    );
  };
}
