/** Kubernetes' own keywords, where a chart's author wrote them into values.schema.json: Helm passes over them. */
import { type Conjunction } from "./conjunction.ts";
import type { Scope } from "./scope.ts";
import type { StructuralSchema } from "./types.ts";

/** What is not taken over, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "x-kubernetes-embedded-resource": "Helm does not ask for apiVersion, kind and metadata there",
  "x-kubernetes-validations": "A rule that the API server does not compile would cost the whole kind",
};

/**
 * A node with the list type and map type that its author asks for: how server-side apply merges it. What an API server
 * would refuse in a definition is left out and noted. `x-kubernetes-preserve-unknown-fields` has nothing to add: a
 * schema is open unless it closes itself.
 */
export function withExtensions(node: StructuralSchema, conjunction: Conjunction, scope: Scope): StructuralSchema {
  const asked = (name: string): unknown =>
    conjunction.map(({ schema }) => schema[name]).find((value) => value !== undefined);
  for (const [name, why] of Object.entries(LEFT_OUT)) {
    if (asked(name) !== undefined) scope.notes.dropped(scope.path, name, why);
  }
  return { ...node, ...mapType(node, asked, scope), ...listType(node, asked, scope) };
}

type Asked = (name: string) => unknown;

function mapType(node: StructuralSchema, asked: Asked, scope: Scope): StructuralSchema {
  const name = "x-kubernetes-map-type", type = asked(name);
  if (type === undefined) return {};
  if (node.type === "object" && (type === "atomic" || type === "granular")) return { [name]: type };
  scope.notes.dropped(scope.path, name, "It is atomic or granular, and for objects only");
  return {};
}

function listType(node: StructuralSchema, asked: Asked, scope: Scope): StructuralSchema {
  const name = "x-kubernetes-list-type", type = asked(name), keys = asked("x-kubernetes-list-map-keys");
  if (type === undefined || node[name] !== undefined) return {};
  if (node.type === "array" && asked("default") === undefined) {
    if (type === "atomic") return { [name]: type };
    if (type === "set" && isSetItem(node.items)) return { [name]: type };
    if (type === "map" && isKeys(keys, node.items)) return { [name]: type, "x-kubernetes-list-map-keys": keys };
  }
  scope.notes.dropped(
    scope.path,
    name,
    "It is atomic, a set of scalars, or a map of objects by keys that each of them must have, and for lists " +
      "without a default only",
  );
  return {};
}

const SCALARS: readonly unknown[] = ["string", "integer", "number", "boolean"];

function isSetItem(items: StructuralSchema | undefined): boolean {
  return items !== undefined && items.nullable !== true && SCALARS.includes(items.type);
}

function isKeys(keys: unknown, items: StructuralSchema | undefined): keys is string[] {
  if (!Array.isArray(keys) || keys.length === 0 || new Set(keys).size < keys.length) return false;
  if (items?.type !== "object" || items.nullable === true) return false;
  return keys.every((key) => {
    if (typeof key !== "string" || !items.required?.includes(key)) return false;
    const property = items.properties?.[key];
    return property !== undefined && property.nullable !== true && SCALARS.includes(property.type);
  });
}
