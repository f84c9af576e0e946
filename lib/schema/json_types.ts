/** JSON types that a conjunction lets in. */
import { branchesOf, type Conjunction, conjunctionOf, keyword } from "./conjunction.ts";
import { isObject } from "./json.ts";

/** A type of JSON Schema. `number` stands for numbers that are no integers beside `integer`. */
export type JsonType = "null" | "boolean" | "object" | "array" | "integer" | "number" | "string";

/** Every type. */
export const ALL_TYPES: readonly JsonType[] = ["null", "boolean", "object", "array", "integer", "number", "string"];

/** The type of a value. */
export function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (isObject(value)) return "object";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "boolean" ? "boolean" : "string";
}

/** `type` as a set; `number` lets integers in. */
export function declaredTypes(type: unknown): Set<JsonType> {
  const names: unknown[] = Array.isArray(type) ? type : [type];
  const types = ALL_TYPES.filter((name) => names.includes(name));
  return new Set(types.includes("number") ? [...types, "integer"] : types);
}

/** What an author means who writes `x-kubernetes-int-or-string` alone: it has no other meaning. */
const INT_OR_STRING: ReadonlySet<JsonType> = new Set(["integer", "string", "null"]);

/** The types that pass `type`, `enum`, `const` and the branches of `anyOf` and `oneOf`: never too few. */
export function typesOf(conjunction: Conjunction): Set<JsonType> {
  let types = new Set<JsonType>(ALL_TYPES);
  for (const conjunct of conjunction) {
    const { type, enum: members } = conjunct.schema;
    const constant = keyword(conjunct, "const");
    if (type !== undefined) types = types.intersection(declaredTypes(type));
    else if (conjunct.schema["x-kubernetes-int-or-string"] === true) types = types.intersection(INT_OR_STRING);
    if (Array.isArray(members)) types = types.intersection(new Set(members.map(typeOf)));
    if (constant !== undefined) types = types.intersection(new Set([typeOf(constant)]));
    for (const name of ["anyOf", "oneOf"] as const) {
      const branches = branchesOf(conjunct, name);
      if (branches.length === 0) continue;
      const union = branches.flatMap((branch) => [...typesOf(conjunctionOf([branch]))]);
      types = types.intersection(new Set(union));
    }
  }
  return types;
}
