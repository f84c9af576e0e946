/** Schema defaults: stored in the object by the API server, as long as Helm takes them. */
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
 * Left out: null (it would delete the chart's own), a value that the schema refuses, one that would stand in for what
 * Helm asks the user for, and those of subcharts, whose defaults were never stored.
 */
export function defaultOf({ conjunction, schema, scope, asked }: DefaultCase): { readonly value: unknown } | undefined {
  const own = conjunction.filter(({ document }) => document.chart.length === 0).map((conjunct) =>
    conjunct.schema["default"]
  )
    .find((value) => value !== undefined && value !== null);
  if (own === undefined) return asked ? undefined : defaultOfParts(conjunction, schema, scope);
  if (asked) {
    scope.notes.dropped(scope.path, "default", "Helm asks for the value; a default would hide that");
    return undefined;
  }
  const value = fill(schema, own);
  if (!accepts(conjunction, coalesce(value, scope.base))) {
    scope.notes.dropped(scope.path, "default", `${short(own)} does not satisfy the schema itself`);
    return undefined;
  }
  const merged = coalesce(value, scope.base);
  if (!equal(merged, scope.base)) {
    scope.notes.shifted(
      scope.path,
      "default",
      scope.base === ABSENT
        ? `An object stores ${short(own)}; values.yaml has nothing here`
        : `An object stores ${short(own)}; values.yaml has ${short(scope.base)}`,
    );
  }
  return { value };
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** An empty map, so that the defaults of its properties apply; spelled out where the API server would refuse `{}`. */
function defaultOfParts(
  conjunction: Conjunction,
  schema: StructuralSchema,
  scope: Scope,
): { value: unknown } | undefined {
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
