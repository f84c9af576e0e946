/** A conjunction as one value validation, judged on what the user wrote and true of what Helm sees after its merge. */
import { arrayVerdicts } from "./array_validation.ts";
import { combinatorVerdicts } from "./combinators.ts";
import type { Conjunction } from "./conjunction.ts";
import { ALL_TYPES, declaredTypes, type JsonType, typesOf } from "./json_types.ts";
import { objectVerdicts } from "./object_validation.ts";
import { scalarVerdicts } from "./scalar.ts";
import type { Scope } from "./scope.ts";
import { allOfVerdicts, exact, refuseTypes, type Verdict } from "./value_validation.ts";

/** Translates all keywords of a conjunction. What is wider than its source is noted. */
export function translate(conjunction: Conjunction, scope: Scope): Verdict {
  return allOfVerdicts([
    exact(refuseTypes(refusedTypes(conjunction, scope))),
    ...conjunction.flatMap((conjunct) => [
      ...scalarVerdicts(conjunct, scope),
      ...combinatorVerdicts(conjunct, scope),
      ...objectVerdicts(conjunct, scope),
      ...arrayVerdicts(conjunct, scope),
    ]),
  ]);
}

/** Types that `type` refuses here, and that the structural node around does not refuse already. */
export function refusedTypes(conjunction: Conjunction, scope: Scope): Set<JsonType> {
  const types: Set<JsonType> = scope.outer === undefined ? new Set(ALL_TYPES) : typesOf(scope.outer);
  const refused = new Set<JsonType>();
  for (const { schema: { type } } of conjunction) {
    if (type !== undefined) { for (const name of types.difference(declaredTypes(type))) refused.add(name); }
  }
  return refused;
}
