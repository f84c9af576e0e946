/** The array part of a structural node. */
import { containsVerdicts, itemBounds } from "./array_validation.ts";
import { OPEN } from "./complete.ts";
import { type Conjunction, itemSchema, itemsOf, tupleOf } from "./conjunction.ts";
import { accepts } from "./evaluate.ts";
import { inEach, noteCuts, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import { allOf } from "./value_validation.ts";
import { nullable } from "./nullable.ts";

/** What a node's parts need. */
export interface ArrayPart {
  readonly conjunction: Conjunction;
  readonly scope: Scope;
  /** Whether nothing but arrays is possible here. */
  readonly typed: boolean;
  readonly structure: (conjunction: Conjunction, scope: Scope) => StructuralSchema;
}

/** `items`, bounds, `contains` and `uniqueItems`. */
export function arrayStructure(part: ArrayPart): StructuralSchema {
  const { conjunction, scope, typed } = part;
  const items = itemNode(part);
  const bounds = conjunction.flatMap((conjunct) => [
    itemBounds(conjunct),
    ...containsVerdicts(conjunct, scope).map((verdict) => verdict.schema),
  ]);
  const unique = conjunction.some(({ schema }) => schema["uniqueItems"] === true);
  return allOf([unique ? setOf(items, scope, typed) : { items }, ...bounds]);
}

function itemNode({ conjunction, scope, structure }: ArrayPart): StructuralSchema {
  const each = inEach(scope);
  const tuples = conjunction.filter((conjunct) => tupleOf(conjunct).length > 0);
  if (tuples.length > 0) {
    scope.notes.dropped(scope.path, "prefixItems", "A CRD has one schema for all items, none by position");
    return OPEN;
  }
  const closed = conjunction.some((conjunct) => itemSchema(conjunct)?.schema === false);
  const items = itemsOf(conjunction, noteCuts(each));
  if (closed || items.length === 0) return OPEN;
  const node = structure(items, each);
  return accepts(items, null) ? nullable(node) : node;
}

/** Kubernetes' own way to ask for different items; it wants a list and nothing else, of items that are not null. */
function setOf(items: StructuralSchema, scope: Scope, typed: boolean): StructuralSchema {
  if (!typed) {
    scope.notes.dropped(scope.path, "uniqueItems", "What may be something else than a list cannot be a set in a CRD");
    return { items };
  }
  if (items.nullable === true && items["x-kubernetes-preserve-unknown-fields"] !== true) {
    scope.notes.dropped(scope.path, "uniqueItems", "Items that may be null cannot be a set in a CRD");
    return { items };
  }
  const { nullable: _, ...whole } = items;
  return {
    "x-kubernetes-list-type": "set",
    items: {
      ...whole,
      ...(items.type === "object" ? { "x-kubernetes-map-type": "atomic" } : {}),
      ...(items.type === "array" ? { "x-kubernetes-list-type": "atomic" } : {}),
    },
  };
}
