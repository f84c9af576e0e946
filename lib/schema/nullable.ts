/** Null: Helm's word for "drop the chart's default". */
import type { StructuralSchema } from "./types.ts";

/**
 * Lets null in. `enum` moves into `allOf`: the API server compares null with an `enum` at the node itself, and refuses
 * it even where the list holds null.
 */
export function nullable(schema: StructuralSchema): StructuralSchema {
  const { enum: members, ...rest } = schema;
  if (members === undefined) return { ...schema, nullable: true };
  return { ...rest, nullable: true, allOf: [{ enum: members }, ...(schema.allOf ?? [])] };
}
