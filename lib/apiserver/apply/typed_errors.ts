/** Why a configuration cannot be applied: it does not fit the schema that its fields would be owned by. */
import type { StructuralSchema } from "../../schema/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import { rootSchema } from "./atom.ts";

/** A configuration that cannot be applied, with the real server's words. `reason`: what kind of request error it is. */
export class ApplyError extends Error {
  override readonly name = "ApplyError";

  constructor(readonly reason: "NotTyped" | "BadRequest", message: string) {
    super(message);
  }
}

/** Errors of a whole configuration, as `.spec.x: field not declared in schema`. */
export function typedErrors(schema: StructuralSchema | undefined, config: unknown): string[] {
  const errors: string[] = [];
  visit(rootSchema(schema), config, "", errors);
  return errors;
}

function visit(schema: StructuralSchema, value: unknown, path: string, errors: string[]): void {
  if (value === null || value === undefined) return;
  const problem = typeProblem(schema, value);
  if (problem !== undefined) errors.push(`${path}: ${problem}`);
  else if (Array.isArray(value)) visitList(schema, value, path, errors);
  else if (isObject(value)) visitMap(schema, value, path, errors);
}

function visitMap(schema: StructuralSchema, map: JsonObject, path: string, errors: string[]): void {
  const { properties, additionalProperties } = schema;
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true || additionalProperties === true ||
    isUntyped(schema);
  // The first stranger ends the look at a map, as on the real server.
  const stranger = open || typeof additionalProperties === "object"
    ? undefined
    : Object.keys(map).find((key) => properties === undefined || !Object.hasOwn(properties, key));
  if (stranger !== undefined) {
    errors.push(`${path}.${stranger}: field not declared in schema`);
    return;
  }
  for (const key of Object.keys(map)) {
    const declared = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const child = declared ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (child !== undefined) visit(child, map[key], `${path}.${key}`, errors);
  }
}

function visitList(schema: StructuralSchema, list: readonly unknown[], path: string, errors: string[]): void {
  const { items } = schema;
  if (items === undefined) return;
  const keys = schema["x-kubernetes-list-map-keys"];
  const seen = new Set<string>();
  for (const [index, item] of list.entries()) {
    if (omitsKeys(schema, keys, item)) {
      const names = (keys ?? []).map((key) => JSON.stringify(key)).join(" ");
      errors.push(
        `${path}: element ${index}: associative list with keys has an element that omits all key fields [${names}] ` +
          "(and doesn't have default values for any key fields)",
      );
      continue;
    }
    const element = elementText(schema, keys, item);
    if (element !== undefined && seen.has(element)) errors.push(`${path}: duplicate entries for key ${element}`);
    if (element !== undefined) seen.add(element);
    visit(items, item, `${path}${element ?? `[${index}]`}`, errors);
  }
}

function omitsKeys(schema: StructuralSchema, keys: readonly string[] | undefined, item: unknown): boolean {
  if (schema["x-kubernetes-list-type"] !== "map" || keys === undefined || !isObject(item)) return false;
  return keys.every((key) => item[key] === undefined && schema.items?.properties?.[key]?.default === undefined);
}

function elementText(schema: StructuralSchema, keys: readonly string[] | undefined, item: unknown): string | undefined {
  if (schema["x-kubernetes-list-type"] === "set") return `[=${JSON.stringify(item)}]`;
  if (schema["x-kubernetes-list-type"] !== "map" || keys === undefined || !isObject(item)) return undefined;
  const parts = [...keys].sort().map((key) =>
    `${key}=${JSON.stringify(item[key] ?? schema.items?.properties?.[key]?.default)}`
  );
  return `[${parts.join(",")}]`;
}

function isUntyped(schema: StructuralSchema): boolean {
  return schema.type === undefined && schema.properties === undefined;
}

/** Go's names of the types of JSON values. */
function goType(value: unknown): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}

/** How Go prints the value in these errors. */
function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(" ")}]`;
  if (!isObject(value)) return String(value);
  return `map[${Object.keys(value).sort().map((key) => `${key}:${goValue(value[key])}`).join(" ")}]`;
}

function typeProblem(schema: StructuralSchema, value: unknown): string | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return undefined;
  switch (schema.type) {
    case "object":
      return isObject(value) ? undefined : `expected map, got &{${goValue(value)}}`;
    case "array":
      return Array.isArray(value) ? undefined : `expected list, got &{${goValue(value)}}`;
    case "string":
      return typeof value === "string"
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSource(value)}}`;
    case "boolean":
      return typeof value === "boolean"
        ? undefined
        : `expected boolean, got &value.valueUnstructured{Value:${goSource(value)}}`;
    case "integer":
    case "number":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    default:
      return undefined;
  }
}

function goSource(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSource).join(", ")}}`;
  if (!isObject(value)) return String(value);
  return `map[string]interface {}{${
    Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${goSource(value[key])}`).join(", ")
  }}`;
}
