/** What a change did to the fields of an object. */
import { equalJson, isObject } from "../json_value.ts";
import { atomOf, type Known } from "./atom.ts";
import { type FieldSet, FieldSetBuilder } from "./field_set.ts";

/** The fields that came, went, and have another value. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

interface Builders {
  readonly added: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
}

/** Compares two versions of an object. `undefined` is absent; null is a value. */
export function compare(schema: Known, before: unknown, after: unknown): Comparison {
  const builders = { added: new FieldSetBuilder(), removed: new FieldSetBuilder(), modified: new FieldSetBuilder() };
  visit(schema, before, after, builders);
  return { added: builders.added.build(), removed: builders.removed.build(), modified: builders.modified.build() };
}

function below(builders: Builders, element: string): Builders {
  return {
    added: builders.added.child(element),
    removed: builders.removed.child(element),
    modified: builders.modified.child(element),
  };
}

function visit(schema: Known, before: unknown, after: unknown, into: Builders): void {
  if (before !== undefined && after !== undefined && equalJson(before, after)) return;
  const left = atomOf(schema, before);
  const right = atomOf(schema, after);
  if (left.type === "leaf" && right.type === "leaf" || isHollow(before) && isHollow(after)) {
    return compareWhole(before, after, into);
  }
  // null takes the shape of the other side; of two different shapes, each is looked at alone.
  if (before === undefined || before === null || left.type === right.type) descend(schema, before, after, into);
  else if (after === undefined || after === null) descend(schema, before, after, into);
  else {
    visit(schema, before, undefined, into);
    visit(schema, undefined, after, into);
    return;
  }
  if (before === undefined) into.added.insert();
  else if (after === undefined) into.removed.insert();
}

/** An empty map or list, or none. */
function isHollow(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function compareWhole(before: unknown, after: unknown, into: Builders): void {
  if (before === undefined) into.added.insert();
  else if (after === undefined) into.removed.insert();
  else if (!equalJson(before, after)) into.modified.insert();
}

function descend(schema: Known, before: unknown, after: unknown, into: Builders): void {
  const atom = atomOf(schema, after ?? before);
  if (atom.type === "map") {
    const left = isObject(before) ? before : {};
    const right = isObject(after) ? after : {};
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      visit(atom.field(key), left[key], right[key], below(into, `f:${key}`));
    }
  } else if (atom.type === "list") {
    const left = itemsByElement(before, atom.element);
    const right = itemsByElement(after, atom.element);
    for (const element of new Set([...left.keys(), ...right.keys()])) {
      compareItems(atom.items, left.get(element) ?? [], right.get(element) ?? [], below(into, element));
    }
  } else compareWhole(before, after, into);
}

function itemsByElement(list: unknown, element: (item: unknown) => string): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of Array.isArray(list) ? list : []) {
    const name = element(item);
    const same = items.get(name);
    if (same === undefined) items.set(name, [item]);
    else same.push(item);
  }
  return items;
}

/** Items that come twice are compared as a whole. */
function compareItems(schema: Known, before: readonly unknown[], after: readonly unknown[], into: Builders): void {
  if (before.length <= 1 && after.length <= 1) return visit(schema, before[0], after[0], into);
  if (before.length >= 2 && after.length >= 2) {
    if (!equalJson(before, after)) into.modified.insert();
  } else if (before.length >= 2) {
    if (after.length === 1) visit(schema, undefined, after[0], into);
    into.removed.insert();
  } else {
    if (before.length === 1) visit(schema, before[0], undefined, into);
    into.added.insert();
  }
}
