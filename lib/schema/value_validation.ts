/**
 * Value validations: the part of a structural schema that may stand below `allOf`, `anyOf`, `oneOf` and `not`, where
 * Kubernetes forbids `type`, `nullable`, `default` and `additionalProperties`.
 *
 * Types are said there by bounds that no value of a type can meet: `{minLength: 1, maxLength: 0}` refuses every string
 * and nothing else, since a bound speaks only about values of its own type. The API server runs none of it on null, so
 * `{not: {}}` holds for null alone.
 */
import type { StructuralSchema } from "./types.ts";
import { equal, type JsonObject, objectOf } from "./json.ts";
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

/** The one name that Kubernetes lets no value validation speak about. */
export const UNSPEAKABLE = "metadata";

/** None of the properties is null. */
export function refuseNulls(names: readonly string[]): StructuralSchema {
  const nulls = names.filter((name) => name !== UNSPEAKABLE).map(isNull);
  return nulls.length === 0 ? ANYTHING : { not: anyOf(nulls) };
}

/** All of them, in as few nodes as possible: what cannot stand side by side goes into `allOf`. */
export function allOf(schemas: readonly StructuralSchema[]): StructuralSchema {
  let merged: StructuralSchema = {};
  const apart: StructuralSchema[] = [];
  for (const schema of schemas) {
    const { both, left } = mergeTwo(merged, schema);
    merged = both;
    if (!isEmpty(left)) apart.push(left);
  }
  return apart.length === 0 ? merged : { ...merged, allOf: [...(merged.allOf ?? []), ...apart] };
}

/** Bounds that mean something only together. */
const COUPLED = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/** `b` joins `a` as far as one node can say both; `left` is the rest of `b`. */
function mergeTwo(a: StructuralSchema, b: StructuralSchema): { both: StructuralSchema; left: StructuralSchema } {
  const present: JsonObject = { ...a };
  const bounded = COUPLED.some((key) => key in present) &&
    COUPLED.some((key) => key in b && !equal(present[key], { ...b }[key]));
  const both: Record<string, unknown> = { ...a }, left: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(b)) {
    const merge = Object.hasOwn(MERGES, key) ? MERGES[key] : undefined;
    if (bounded && COUPLED.includes(key)) left[key] = value;
    else if (present[key] === undefined) both[key] = value;
    else if (merge !== undefined) Object.assign(both, merge(a, b));
    else if (!equal(present[key], value)) left[key] = value;
  }
  return { both, left };
}

const MERGES: Readonly<Record<string, (a: StructuralSchema, b: StructuralSchema) => StructuralSchema>> = {
  minLength: (a, b) => ({ minLength: Math.max(a.minLength ?? 0, b.minLength ?? 0) }),
  minItems: (a, b) => ({ minItems: Math.max(a.minItems ?? 0, b.minItems ?? 0) }),
  minProperties: (a, b) => ({ minProperties: Math.max(a.minProperties ?? 0, b.minProperties ?? 0) }),
  maxLength: (a, b) => ({ maxLength: Math.min(a.maxLength ?? Infinity, b.maxLength ?? Infinity) }),
  maxItems: (a, b) => ({ maxItems: Math.min(a.maxItems ?? Infinity, b.maxItems ?? Infinity) }),
  maxProperties: (a, b) => ({ maxProperties: Math.min(a.maxProperties ?? Infinity, b.maxProperties ?? Infinity) }),
  required: (a, b) => ({ required: [...new Set([...(a.required ?? []), ...(b.required ?? [])])] }),
  properties: (a, b) => ({ properties: mergeProperties(a.properties ?? {}, b.properties ?? {}) }),
  items: (a, b) => ({ items: allOf([a.items ?? {}, b.items ?? {}]) }),
  allOf: (a, b) => ({ allOf: [...(a.allOf ?? []), ...(b.allOf ?? [])] }),
};

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
