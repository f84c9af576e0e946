/** Things computed once for a schema node and kept as long as the node lives. */
import type { StructuralSchema } from "../../schema/mod.ts";

/** Turns a function of a schema node into one that computes once a node. Nodes are not changed once they are in use. */
export function oncePerSchema<T>(compute: (schema: StructuralSchema) => T): (schema: StructuralSchema) => T {
  const known = new WeakMap<StructuralSchema, { readonly value: T }>();
  return (schema) => {
    let entry = known.get(schema);
    if (entry === undefined) known.set(schema, entry = { value: compute(schema) });
    return entry.value;
  };
}

/** The schema of the values of keys that are not declared; undefined when any value, or none, may be there. */
export function additionalSchema(schema: StructuralSchema): StructuralSchema | undefined {
  return typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
}

/** Whether undeclared keys stay. */
export function keepsUnknown(schema: StructuralSchema): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
}
