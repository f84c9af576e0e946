/** What `metadata.managedFields` tells: who owns a field, and what kind of list a list is; pure. */
import type { ManagedFieldsEntry } from "../../../lib/kube/mod.ts";
import { type FieldPath, isObject, type Json, type Segment } from "../../../lib/transform/mod.ts";

/** One manager's fields below some place. */
export interface Owned {
  readonly manager: string;
  readonly applied: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How the elements of a list are told apart: by keys, by their value, or not at all. */
export type ListKind = { readonly type: "map"; readonly keys: readonly string[] } | { readonly type: "set" | "atomic" };

/** What each manager owns of an object. */
export function ownedOf(entries: readonly ManagedFieldsEntry[] = []): Owned[] {
  return entries.map(({ manager = "", operation, fieldsV1 = {} }) => {
    return { manager, applied: operation === "Apply", fields: fieldsV1 };
  });
}

/** What of it is below one step further. @param element The element that an index means. */
export function ownedBelow(owned: readonly Owned[], segment: Segment, element?: Json): Owned[] {
  return owned.flatMap((one) => {
    const next = segment.kind === "field" ? one.fields[`f:${segment.name}`] : elementFields(one.fields, element);
    return isRecord(next) ? [{ ...one, fields: next }] : [];
  });
}

/** What kind of list the managers' fields are about. An object that exists has an owner for each element of a map list. */
export function listKindOf(owned: readonly Owned[]): ListKind {
  for (const { fields } of owned) {
    for (const name of Object.keys(fields)) {
      const key = keyIn(name);
      if (key !== undefined) return { type: "map", keys: Object.keys(key) };
      if (name.startsWith("v:")) return { type: "set" };
    }
  }
  return { type: "atomic" };
}

/** Who owns a field itself, or a part of it: names, and whether they apply. */
export function managersOf(entries: readonly ManagedFieldsEntry[] | undefined, path: FieldPath, object: Json): Owned[] {
  let owned = ownedOf(entries);
  let value: Json | undefined = object;
  for (const segment of path) {
    const isAtomic = segment.kind === "index" && listKindOf(owned).type === "atomic";
    if (isAtomic) return owned;
    value = stepInto(value, segment);
    owned = ownedBelow(owned, segment, value);
  }
  return owned;
}

/** The entries without those of a manager. An empty list would be no change; one empty entry resets. */
export function withoutManager(entries: readonly ManagedFieldsEntry[], manager: string): ManagedFieldsEntry[] {
  const rest = entries.filter((entry) => entry.manager !== manager);
  return rest.length > 0 ? rest : [{}];
}

/** A field or an element; `undefined` where there is none. */
export function stepInto(value: Json | undefined, segment: Segment): Json | undefined {
  if (segment.kind === "field") return isObject(value) ? value[segment.name] : undefined;
  return segment.kind === "index" && Array.isArray(value) ? value[segment.index] : undefined;
}

function elementFields(fields: Readonly<Record<string, unknown>>, element: Json | undefined): unknown {
  if (!isObject(element)) return undefined;
  const name = Object.keys(fields).find((one) => {
    const key = keyIn(one);
    return key !== undefined && Object.entries(key).every(([field, value]) => element[field] === value);
  });
  return name === undefined ? undefined : fields[name];
}

/** `k:{"name":"web"}` → `{"name":"web"}`. */
function keyIn(name: string): Readonly<Record<string, unknown>> | undefined {
  if (!name.startsWith("k:")) return undefined;
  const key: unknown = JSON.parse(name.slice(2));
  return isRecord(key) ? key : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
