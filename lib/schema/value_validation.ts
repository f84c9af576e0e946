/**
 * Value validations: the part of a structural schema that may stand below `allOf`, `anyOf`, `oneOf` and `not`, where
 * Kubernetes forbids `type`, `nullable`, `default` and `additionalProperties`.
 *
 * Types are said there by bounds that no value of a type can meet: `{minLength: 1, maxLength: 0}` refuses every string
 * and nothing else, since a bound speaks only about values of its own type. The API server runs none of it on null, so
 * `{not: {}}` holds for null alone.
 */
import type { StructuralSchema } from "./types.ts";
import { type JsonObject, objectOf } from "./json.ts";
import type { JsonType } from "./json_types.ts";

/** A translation, and whether it accepts exactly what the source does (else: more). */
export interface Verdict {
  readonly schema: StructuralSchema;
  readonly exact: boolean;
}

/** Accepts everything. */
export const ANYTHING: StructuralSchema = {};
/** Accepts null, and no other value. */
export const NOTHING: StructuralSchema = { not: {} };

/** An exact translation. */
export const exact = (schema: StructuralSchema): Verdict => ({ schema, exact: true });
/** A translation that accepts more than its source. */
export const wider = (schema: StructuralSchema): Verdict => ({ schema, exact: false });

const isEmpty = (schema: StructuralSchema): boolean => Object.keys(schema).length === 0;
/** Whether nothing but null passes. */
export const isNothing = (schema: StructuralSchema): boolean => schema.not !== undefined && isEmpty(schema.not);

/** Refuses every value of the given types. */
export function refuseTypes(types: ReadonlySet<JsonType>): StructuralSchema {
  const numbers = types.has("integer") ? { minimum: 1, maximum: 0 } : types.has("number") ? { multipleOf: 1 } : {};
  return {
    ...numbers,
    ...(types.has("string") ? { minLength: 1, maxLength: 0 } : {}),
    ...(types.has("array") ? { minItems: 1, maxItems: 0 } : {}),
    ...(types.has("object") ? { minProperties: 1, maxProperties: 0 } : {}),
    ...(types.has("boolean") ? { not: { enum: [true, false] } } : {}),
  };
}

/** The opposite. */
export function negate(schema: StructuralSchema): StructuralSchema {
  const keys = Object.keys(schema);
  return keys.length === 1 && schema.not !== undefined ? schema.not : { not: schema };
}

/** At least one of them. */
export function anyOf(schemas: readonly StructuralSchema[]): StructuralSchema {
  if (schemas.some(isEmpty)) return ANYTHING;
  const possible = schemas.filter((schema) => !isNothing(schema));
  const [first] = possible;
  if (first === undefined) return NOTHING;
  return possible.length === 1 ? first : { anyOf: possible };
}

/** The property is there, and null. */
export function isNull(name: string): StructuralSchema {
  return { required: [name], properties: objectOf([[name, NOTHING]]) };
}

/** None of the properties is null. */
export function refuseNulls(names: readonly string[]): StructuralSchema {
  const nulls = names.map(isNull);
  return nulls.length === 0 ? ANYTHING : { not: anyOf(nulls) };
}

type Combine = (a: number, b: number) => number;
const TIGHTER: Readonly<Record<string, Combine>> = {
  minLength: Math.max,
  minItems: Math.max,
  minProperties: Math.max,
  maxLength: Math.min,
  maxItems: Math.min,
  maxProperties: Math.min,
};

/** All of them, in as few nodes as possible: what cannot stand side by side goes into `allOf`. */
export function allOf(schemas: readonly StructuralSchema[]): StructuralSchema {
  let merged: StructuralSchema = {};
  const apart: StructuralSchema[] = [];
  for (const schema of schemas) {
    const next = mergeTwo(merged, schema);
    if (next === undefined) apart.push(schema);
    else merged = next;
  }
  return apart.length === 0 ? merged : { ...merged, allOf: [...(merged.allOf ?? []), ...apart] };
}

const COUPLED = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

function mergeTwo(a: StructuralSchema, b: StructuralSchema): StructuralSchema | undefined {
  const left: JsonObject = { ...a }, merged: Record<string, unknown> = { ...a };
  const leftHasBounds = COUPLED.some((key) => key in left);
  for (const [key, value] of Object.entries(b)) {
    const present = left[key], combine = TIGHTER[key];
    if (leftHasBounds && COUPLED.includes(key)) return undefined;
    if (present === undefined) merged[key] = value;
    else if (combine !== undefined && typeof present === "number" && typeof value === "number") {
      merged[key] = combine(present, value);
    } else if (key === "required") merged[key] = [...new Set([...(a.required ?? []), ...(b.required ?? [])])];
    else if (key === "properties") merged[key] = mergeProperties(a.properties ?? {}, b.properties ?? {});
    else if (key === "items") merged[key] = allOf([a.items ?? {}, b.items ?? {}]);
    else if (key === "allOf") merged[key] = [...(a.allOf ?? []), ...(b.allOf ?? [])];
    else return undefined;
  }
  return merged;
}

function mergeProperties(
  a: Readonly<Record<string, StructuralSchema>>,
  b: Readonly<Record<string, StructuralSchema>>,
): Record<string, StructuralSchema> {
  const merged = new Map(Object.entries(a));
  for (const [name, schema] of Object.entries(b)) {
    const present = merged.get(name);
    merged.set(name, present === undefined ? schema : allOf([present, schema]));
  }
  return objectOf(merged);
}

/** All of them, with what that says about exactness. */
export function allOfVerdicts(verdicts: readonly Verdict[]): Verdict {
  return {
    schema: allOf(verdicts.map((verdict) => verdict.schema)),
    exact: verdicts.every((verdict) => verdict.exact),
  };
}
