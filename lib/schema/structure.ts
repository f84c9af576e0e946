/** A conjunction as a structural schema node. */
import { arrayStructure } from "./array_structure.ts";
import { annotationsOf } from "./annotations.ts";
import { combinatorVerdicts } from "./combinators.ts";
import { complete } from "./complete.ts";
import type { Conjunction } from "./conjunction.ts";
import { withExtensions } from "./extensions.ts";
import { ALL_TYPES, type JsonType, typesOf } from "./json_types.ts";
import { type Joined, objectStructure } from "./object_structure.ts";
import { scalarVerdicts } from "./scalar.ts";
import type { Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import { allOf, allOfVerdicts, refuseTypes } from "./value_validation.ts";

/** Compiles a node and everything below it. */
export function structure(conjunction: Conjunction, place: Scope, joined: Joined = new Map()): StructuralSchema {
  const scope: Scope = { ...place, outer: conjunction };
  const types = typesOf(conjunction);
  const head = headOf(types);
  const validations = allOfVerdicts(conjunction.flatMap((conjunct) => [
    ...scalarVerdicts(conjunct, scope),
    ...combinatorVerdicts(conjunct, scope),
  ])).schema;
  const objects = types.has("object")
    ? objectStructure({ conjunction, scope, joined, typed: head.type === "object", validations, structure })
    : {};
  const arrays = types.has("array")
    ? arrayStructure({ conjunction, scope, typed: head.type === "array", structure })
    : {};
  const node = complete(allOf([{ ...annotationsOf(conjunction, scope), ...head }, objects, arrays, validations]));
  return withExtensions(node, conjunction, scope);
}

const NODE_TYPES = ["boolean", "object", "array", "integer", "number", "string"] as const;

/** The node's type where there is just one; two special unions; or the types that it refuses. */
function headOf(types: ReadonlySet<JsonType>): StructuralSchema {
  const possible = NODE_TYPES.filter((type) => types.has(type));
  const [first] = possible;
  if (first !== undefined && possible.length === 1) return { type: first };
  const only = (...names: JsonType[]): boolean =>
    possible.length === names.length && names.every((name) => types.has(name));
  if (only("integer", "number")) return { type: "number" };
  if (only("integer", "string")) return { "x-kubernetes-int-or-string": true };
  const refused = new Set(ALL_TYPES).difference(types);
  return { "x-kubernetes-preserve-unknown-fields": true, ...refuseTypes(refused) };
}
