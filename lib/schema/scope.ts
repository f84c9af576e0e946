/** Where a translation stands. */
import { type Conjunction, type Cut, propertyOf } from "./conjunction.ts";
import { isObject } from "./json.ts";
import { ITEMS, type Notes, type Path } from "./notes.ts";
import { typesOf } from "./json_types.ts";
import type { StructuralSchema } from "./types.ts";
import { anyOf, refuseTypes, type Verdict } from "./value_validation.ts";

/** values.yaml has nothing here, or cannot: inside arrays nothing merges. */
export const ABSENT: unique symbol = Symbol("absent");

/** Where a translation stands, and what is known there. */
export interface Scope {
  readonly path: Path;
  readonly notes: Notes;
  /** What values.yaml has at the path: Helm merges the user's map over it. */
  readonly base: unknown;
  /** Whether the path exists at most once in an object: no array and no map of unknown keys above. */
  readonly single: boolean;
  /** What the structural node at this place enforces anyway; absent where there is none. */
  readonly outer?: Conjunction;
  /** Translates what lies deeper; handed down, since the keywords need one another. */
  readonly translate: (conjunction: Conjunction, scope: Scope) => Verdict;
}

/** Whether values.yaml has a property. */
export function baseHas(scope: Scope, name: string): boolean {
  return isObject(scope.base) && Object.hasOwn(scope.base, name);
}

/** The scope of a property. */
export function inProperty(scope: Scope, name: string): Scope {
  return {
    notes: scope.notes,
    translate: scope.translate,
    path: [...scope.path, name],
    base: isObject(scope.base) && Object.hasOwn(scope.base, name) ? scope.base[name] : ABSENT,
    single: scope.single,
    ...(scope.outer === undefined ? {} : { outer: propertyOf(scope.outer, name) }),
  };
}

/** The scope of items (`ITEMS`) or of a map's values (`ANY_KEY`), where values.yaml never helps. */
export function inEach(scope: Scope, step: string = ITEMS): Scope {
  const { notes, translate, path } = scope;
  return { notes, translate, path: [...path, step], base: ABSENT, single: false };
}

/** Notes what is left out because a reference leads nowhere that the CRD can follow. */
export function noteCuts(scope: Scope): Cut {
  return (_, why, reference) =>
    scope.notes.dropped(
      scope.path,
      "$ref",
      why === "recursive"
        ? `The schema is recursive (${reference}); a CRD ends here and lets anything in`
        : `${reference} is another document, which is not fetched; anything goes here`,
    );
}

/**
 * A negation about properties, where the node may hold something else than an object: bounds on properties hold for
 * every other type, so their negation would refuse it.
 */
export function forObjects(schema: StructuralSchema, { outer }: Scope): StructuralSchema {
  const others = typesOf(outer ?? []).difference(new Set(["null", "object"]));
  return others.size === 0 ? schema : anyOf([refuseTypes(new Set(["object"])), schema]);
}
