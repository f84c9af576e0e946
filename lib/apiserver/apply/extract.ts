/** The fields that an object has. */
import { isObject } from "../json_value.ts";
import { atomOf, type Known } from "./atom.ts";
import { type FieldSet, FieldSetBuilder } from "./field_set.ts";

/** The set of an object's fields: what a manager owns that applies it. */
export function fieldsOf(schema: Known, value: unknown): FieldSet {
  const builder = new FieldSetBuilder();
  visit(schema, value, builder);
  return builder.build();
}

function visit(schema: Known, value: unknown, into: FieldSetBuilder): void {
  const atom = atomOf(schema, value);
  if (atom.type === "leaf") {
    into.insert();
  } else if (atom.type === "map" && isObject(value)) {
    for (const key of Object.keys(value)) {
      const child = into.child(`f:${key}`);
      const item = value[key];
      visit(atom.field(key), item, child);
      // An empty map is a fact of its own, and so is each key of a map that is not a struct.
      if (item === null || isObject(item) && Object.keys(item).length === 0 || !atom.declared(key)) child.insert();
    }
  } else if (atom.type === "list" && Array.isArray(value)) {
    visitItems(value, atom.element, atom.items, into);
  }
}

/** Of items that come twice nobody can own a part. */
function visitItems(
  list: readonly unknown[],
  element: (item: unknown) => string,
  items: Known,
  into: FieldSetBuilder,
): void {
  const elements = list.map(element);
  const times = new Map<string, number>();
  for (const name of elements) times.set(name, (times.get(name) ?? 0) + 1);
  for (const [index, name] of elements.entries()) {
    const child = into.child(name);
    child.insert();
    if (times.get(name) === 1) visit(items, list[index], child);
  }
}
