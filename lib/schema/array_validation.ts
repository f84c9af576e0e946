/** Keywords about arrays of one schema, as value validations. */
import { type Conjunct, conjunctionOf, itemSchema, keyword, schemaAt, tupleOf } from "./conjunction.ts";
import { inEach, noteCuts, type Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";
import { anyOf, ANYTHING, exact, isNothing, negate, refuseTypes, type Verdict, wider } from "./value_validation.ts";

/** `items`, tuples, `contains` and bounds of one schema. */
export function arrayVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const verdicts = [
    ...itemVerdicts(conjunct, scope),
    ...containsVerdicts(conjunct, scope),
    exact(itemBounds(conjunct)),
  ];
  if (conjunct.schema["uniqueItems"] !== true) return verdicts;
  scope.notes.dropped(scope.path, "uniqueItems", "A CRD cannot ask for different items in one branch only");
  return [...verdicts, wider(ANYTHING)];
}

/** `minItems` and `maxItems`; a tuple that nothing may follow bounds the length. */
export function itemBounds(conjunct: Conjunct): StructuralSchema {
  const [least, most] = [keyword(conjunct, "minItems"), keyword(conjunct, "maxItems")];
  const end = itemSchema(conjunct)?.schema === false ? tupleOf(conjunct).length : Infinity;
  const bound = Math.min(typeof most === "number" ? most : Infinity, end);
  return {
    ...(typeof least === "number" && least > 0 ? { minItems: least } : {}),
    ...(bound === Infinity ? {} : { maxItems: bound }),
  };
}

function itemVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const each = inEach(scope);
  if (tupleOf(conjunct).length > 0) {
    scope.notes.dropped(scope.path, "prefixItems", "A CRD has one schema for all items, none by position");
    return [wider(ANYTHING)];
  }
  const at = itemSchema(conjunct);
  if (at === undefined || typeof at.schema === "boolean") return [];
  const items = scope.translate(conjunctionOf([at], noteCuts(each)), each);
  return Object.keys(items.schema).length === 0 ? [items] : [{ schema: { items: items.schema }, exact: items.exact }];
}

/** `contains`: not every item fails it. */
export function containsVerdicts(conjunct: Conjunct, scope: Scope): Verdict[] {
  const at = schemaAt(conjunct, "contains");
  const [least, most] = [keyword(conjunct, "minContains") ?? 1, keyword(conjunct, "maxContains")];
  if (at === undefined) return [];
  const counts = (typeof least === "number" && least > 1) || most !== undefined;
  if (counts) scope.notes.dropped(scope.path, "minContains", "A CRD cannot count the items that match");
  const each = inEach(scope);
  const item = scope.translate(conjunctionOf([at], noteCuts(each)), each);
  if (least === 0 || (!item.exact && item.schema === ANYTHING)) return counts ? [wider(ANYTHING)] : [];
  const some: StructuralSchema = { not: isNothing(item.schema) ? {} : { items: negate(item.schema) } };
  // An empty item schema asks for one item only.
  const schema = Object.keys(item.schema).length === 0
    ? { minItems: 1 }
    : anyOf([refuseTypes(new Set(["array"])), some]);
  return [{ schema, exact: item.exact && !counts }];
}
