/** How server-side apply sees a value: whole, as a map of fields, or as a list of items with an identity. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { OBJECT_META } from "../schema/mod.ts";

/** The schema of a value as far as it is known: `undefined` is deduced from the value. */
export type Known = StructuralSchema | undefined;

/** What a value is to the merge. `leaf` values are taken or left as a whole. */
export type Atom =
  | { readonly type: "leaf" }
  | { readonly type: "map"; readonly declared: (key: string) => boolean; readonly field: (key: string) => Known }
  | { readonly type: "list"; readonly items: Known; readonly element: (item: unknown) => string };

const LEAF_ATOM: Atom = { type: "leaf" };
const DEDUCED_MAP: Atom = { type: "map", declared: () => false, field: () => undefined };

/**
 * The atom of a value. Without a schema, maps are maps of whatever they hold, and lists are taken as a whole.
 *
 * @param value One of the two sides that are compared or merged; the other may be absent or null.
 */
export function atomOf(schema: Known, value: unknown): Atom {
  if (Array.isArray(value)) return schema === undefined ? LEAF_ATOM : listAtom(schema);
  if (!isObject(value)) return LEAF_ATOM;
  if (schema === undefined) return DEDUCED_MAP;
  return schema["x-kubernetes-map-type"] === "atomic" ? LEAF_ATOM : mapAtom(schema);
}

const mapAtoms = new WeakMap<StructuralSchema, Atom>();
const listAtoms = new WeakMap<StructuralSchema, Atom>();

function mapAtom(schema: StructuralSchema): Atom {
  let atom = mapAtoms.get(schema);
  if (atom !== undefined) return atom;
  const properties = schema["x-kubernetes-embedded-resource"] === true ? withMetadata(schema) : schema.properties ?? {};
  const additional = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  const declared = (key: string) => Object.hasOwn(properties, key);
  atom = { type: "map", declared, field: (key) => declared(key) ? properties[key] : additional };
  mapAtoms.set(schema, atom);
  return atom;
}

function withMetadata(schema: StructuralSchema): Record<string, StructuralSchema> {
  const text: StructuralSchema = { type: "string" };
  return { ...schema.properties, apiVersion: text, kind: text, metadata: OBJECT_META };
}

const roots = new WeakMap<StructuralSchema, StructuralSchema>();

/** The schema of a whole object, whose `metadata` is Kubernetes' own whatever the schema says. */
export function rootSchema(schema: Known): StructuralSchema {
  const known = schema ?? UNKNOWN_ROOT;
  let root = roots.get(known);
  if (root === undefined) roots.set(known, root = { ...known, properties: withMetadata(known) });
  return root;
}

const UNKNOWN_ROOT: StructuralSchema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

function listAtom(schema: StructuralSchema): Atom {
  let atom = listAtoms.get(schema);
  if (atom !== undefined) return atom;
  const { items } = schema;
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      atom = { type: "list", items, element: (item) => `v:${JSON.stringify(item)}` };
      break;
    case "map":
      atom = { type: "list", items, element: (item) => `k:${JSON.stringify(itemKeys(items, keys, item))}` };
      break;
    default:
      atom = LEAF_ATOM;
  }
  listAtoms.set(schema, atom);
  return atom;
}

/** The keys of an item in the order of their names; an absent one counts as its default. */
function itemKeys(items: Known, keys: readonly string[], item: unknown): JsonObject {
  const values: JsonObject = {};
  for (const key of [...keys].sort()) {
    const own = isObject(item) ? item[key] : undefined;
    const value = own ?? items?.properties?.[key]?.default;
    if (value !== undefined) values[key] = value;
  }
  return values;
}
