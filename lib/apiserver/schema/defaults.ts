/** Filling in a schema's defaults. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { cloneJson, isObject, setField } from "../json_value.ts";
import { additionalSchema, oncePerSchema } from "./compiled.ts";

interface Defaults {
  /** Fields with a default of their own. */
  readonly own: readonly (readonly [string, unknown])[];
  /** Fields to look into. */
  readonly below: readonly (readonly [string, StructuralSchema])[];
}

/** A subtree without any default needs no visit. Schemas may contain themselves, hence the marks. */
const hasDefaults = oncePerSchema((schema) => contains(schema, new Set()));

function contains(schema: StructuralSchema, seen: Set<StructuralSchema>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if (schema.default !== undefined) return true;
  const children = [schema.items, additionalSchema(schema), ...Object.values(schema.properties ?? {})];
  return children.some((child) => child !== undefined && contains(child, seen));
}

const defaultsOf = oncePerSchema((schema): Defaults => {
  const entries = Object.entries(schema.properties ?? {});
  return {
    own: entries.filter(([, child]) => child.default !== undefined).map(([key, child]) => [key, child.default]),
    below: entries.filter(([, child]) => hasDefaults(child)),
  };
});

const fillers = new WeakMap<StructuralSchema, (object: unknown) => void>();

/**
 * Gives a schema defaults that it cannot say itself, because they hang on other fields: `applyDefaults` with this very schema
 * calls `fill` once its own are in. For built-in kinds.
 */
export function extendDefaults(schema: StructuralSchema, fill: (object: unknown) => void): void {
  fillers.set(schema, fill);
}

/**
 * Fills defaults in place: of each declared field that is absent, in every object that is there or has just been filled in.
 *
 * A default inside an object that is absent and has no default of its own does nothing, as on the real server.
 */
export function applyDefaults(schema: StructuralSchema, value: unknown): void {
  fill(schema, value);
  fillers.get(schema)?.(value);
}

function fill(schema: StructuralSchema, value: unknown): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined || !hasDefaults(items)) return;
    for (const item of value) fill(items, item);
    return;
  }
  if (!isObject(value)) return;
  const { own, below } = defaultsOf(schema);
  for (const [key, fallback] of own) {
    if (!Object.hasOwn(value, key)) setField(value, key, cloneJson(fallback));
  }
  for (const [key, child] of below) {
    if (Object.hasOwn(value, key)) fill(child, value[key]);
  }
  const additional = additionalSchema(schema);
  if (additional === undefined || !hasDefaults(additional)) return;
  for (const key of Object.keys(value)) {
    if (schema.properties === undefined || !Object.hasOwn(schema.properties, key)) {
      fill(additional, value[key]);
    }
  }
}
