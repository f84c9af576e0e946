/**
 * Schema defaults: stored in the object by the API server where values.yaml has no say.
 *
 * Helm ignores schema defaults. Where values.yaml has a value, a stored default would override it and the chart would
 * render otherwise than by Helm alone: it is not stored. Where values.yaml has nothing, the author's only word is the
 * default: it is stored, and the report says that Helm alone would render without it.
 */
import type { Conjunction } from "./conjunction.ts";
import { accepts } from "./evaluate.ts";
import { coalesce, equal, isObject, objectOf } from "./json.ts";
import { ABSENT, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";

/** What a property's default depends on. */
export interface DefaultCase {
  readonly conjunction: Conjunction;
  /** The compiled property. */
  readonly schema: StructuralSchema;
  /** The property's own scope. */
  readonly scope: Scope;
  /** Whether Helm asks the user for the property. */
  readonly asked: boolean;
}

/**
 * The default to store, if any.
 *
 * Left out: what values.yaml has too, null (it would delete the chart's own), a value that the schema refuses, one that
 * would stand in for what Helm asks the user for, and those of subcharts, whose defaults were never stored.
 */
export function defaultOf(place: DefaultCase): { readonly value: unknown } | undefined {
  const { conjunction, scope, asked } = place;
  const own = conjunction.filter(({ document }) => document.chart.length === 0).map((conjunct) =>
    conjunct.schema["default"]
  )
    .find((value) => value !== undefined && value !== null);
  if (own !== undefined && asked) {
    scope.notes.dropped(scope.path, "default", "Helm asks for the value; a default would hide that");
  }
  if (asked) return undefined;
  return (own === undefined ? undefined : defaultBesideValues(place, own)) ?? defaultOfParts(place);
}

/** The schema's default, or what is left of it beside values.yaml; noted where that, or the render, differs. */
function defaultBesideValues(
  { conjunction, schema, scope }: DefaultCase,
  own: unknown,
): { value: unknown } | undefined {
  const { base, notes, path } = scope;
  const same = equal(coalesce(own, base), base);
  const left = same ? own : without(own, base);
  const value = left === undefined ? undefined : fill(schema, left);
  if (!accepts(conjunction, coalesce(value ?? own, base))) {
    notes.dropped(path, "default", `${short(own)} does not satisfy the schema itself`);
    return undefined;
  }
  if (!same) notes.shifted(path, "default", shiftOf(own, value, base));
  return value === undefined ? undefined : { value };
}

/** Which value applies, and why. */
function shiftOf(own: unknown, value: unknown, base: unknown): string {
  if (value === undefined) {
    return `values.yaml's ${short(base)} applies, as in Helm, which ignores schema defaults; ${
      short(own)
    } is not stored`;
  }
  const stored = `an object stores ${short(value)}, for which values.yaml has nothing and Helm alone would use nothing`;
  return base === ABSENT ? `The default applies: ${stored}` : `values.yaml applies where it has a value; ${stored}`;
}

/** What a default says beyond values.yaml; `undefined` where that is nothing. */
function without(value: unknown, base: unknown): unknown {
  if (base === ABSENT || base === undefined) return value;
  if (!isObject(value) || !isObject(base)) return undefined;
  const left = Object.entries(value).map(([key, child]): [string, unknown] => {
    return [key, Object.hasOwn(base, key) ? without(child, base[key]) : child];
  }).filter(([, child]) => child !== undefined);
  return left.length === 0 ? undefined : objectOf(left);
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** An empty map, so that the defaults of its properties apply; spelled out where the API server would refuse `{}`. */
function defaultOfParts({ conjunction, schema, scope }: DefaultCase): { value: unknown } | undefined {
  if (schema.type !== "object" || schema.properties === undefined) return undefined;
  const value = fill(schema, {});
  if (!isObject(value) || Object.keys(value).length === 0) return undefined;
  if (!accepts(conjunction, coalesce(value, scope.base))) return undefined;
  return { value: takesEmpty(schema) ? {} : value };
}

const takesEmpty = (schema: StructuralSchema): boolean =>
  (schema.required ?? []).length === 0 && schema.anyOf === undefined && schema.oneOf === undefined &&
  schema.allOf === undefined && schema.minProperties === undefined;

/** What the API server makes of a value: absent properties with a default filled in, deep. */
export function fill(schema: StructuralSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    return schema.items === undefined ? value : value.map((item) => fill(schema.items ?? {}, item));
  }
  if (!isObject(value)) return value;
  const { properties = {}, additionalProperties } = schema;
  const filled = new Map<string, unknown>();
  for (const [name, property] of Object.entries(properties)) {
    if (Object.hasOwn(value, name)) filled.set(name, fill(property, value[name]));
    else if (property.default !== undefined) filled.set(name, fill(property, property.default));
  }
  for (const [name, present] of Object.entries(value)) {
    if (!filled.has(name)) {
      filled.set(name, typeof additionalProperties === "object" ? fill(additionalProperties, present) : present);
    }
  }
  return objectOf(filled);
}
