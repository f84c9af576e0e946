/** Taking fields out of an object. */
import { isObject, type JsonObject, setField } from "../json_value.ts";
import { atomOf, type Known } from "./atom.ts";
import { FieldSet } from "./field_set.ts";

/** A copy of a value without the fields of a set. What is emptied by that stays, empty. */
export function removeFields(schema: Known, value: unknown, fields: FieldSet): unknown {
  if (fields.children.size === 0) return value;
  const atom = atomOf(schema, value);
  if (atom.type === "map" && isObject(value)) {
    const rest: JsonObject = {};
    for (const key of Object.keys(value)) {
      const below = fields.below(`f:${key}`);
      if (!below.member) setField(rest, key, removeFields(atom.field(key), value[key], below));
    }
    return rest;
  }
  if (atom.type === "list" && Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      const below = fields.below(atom.element(item));
      return below.member ? [] : [removeFields(atom.items, item, below)];
    });
  }
  return value;
}

/**
 * The set with every declared field on the way to a member made a member itself: a struct goes when all that was applied of
 * it goes, and stays when somebody owns anything in it.
 */
export function withDeclaredParents(schema: Known, fields: FieldSet): FieldSet {
  if (fields.children.size === 0) return fields;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of fields.children) {
    const { known, declared } = childSchema(schema, element);
    const below = withDeclaredParents(known, child);
    children.set(element, declared && !below.member ? new FieldSet(true, below.children) : below);
  }
  return new FieldSet(fields.member, children);
}

function childSchema(schema: Known, element: string): { readonly known: Known; readonly declared: boolean } {
  if (!element.startsWith("f:")) return { known: schema?.items, declared: false };
  const atom = atomOf(schema, {});
  if (atom.type !== "map") return { known: undefined, declared: false };
  const key = element.slice(2);
  return { known: atom.field(key), declared: atom.declared(key) };
}
