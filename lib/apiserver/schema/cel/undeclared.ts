/** Finding fields in a rule that its schema does not declare: the real server refuses such a rule before it ever runs. */
import type { StructuralSchema } from "../../../schema/mod.ts";
import { isObject } from "../../json_value.ts";
import { additionalSchema, keepsUnknown } from "../compiled.ts";
import { escapeField } from "./values.ts";

/** What is known of a variable or an expression: nothing, or the schema of its value. */
type Known = StructuralSchema | undefined;
type Scope = ReadonlyMap<string, Known>;

interface Node {
  readonly op: string;
  readonly args: unknown;
}

const text: StructuralSchema = { type: "string" };
/** What rules may read of a whole object beside its schema's own fields. */
const ROOT_FIELDS: Readonly<Record<string, StructuralSchema>> = {
  apiVersion: text,
  kind: text,
  metadata: { type: "object", properties: { name: text, generateName: text } },
};
/** Macros whose first argument names an item. */
const COMPREHENSIONS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter", "map"]);

/**
 * The first field that an expression reads and its schema does not have; undefined when there is none, or none is known.
 *
 * @param ast Of the expression, as the CEL library parsed it.
 * @param variables The schemas of its variables.
 */
export function undeclaredField(ast: unknown, variables: Scope): string | undefined {
  const found: string[] = [];
  visit(ast, variables, found);
  return found[0];
}

/** The schema of a whole object as rules see it. */
export function withRootFields(schema: StructuralSchema): StructuralSchema {
  return { ...schema, properties: { ...schema.properties, ...ROOT_FIELDS } };
}

function isNode(value: unknown): value is Node {
  return isObject(value) && typeof value["op"] === "string" && "args" in value;
}

function visit(value: unknown, scope: Scope, found: string[]): Known {
  if (Array.isArray(value)) { for (const item of value) visit(item, scope, found); }
  if (!isNode(value)) return undefined;
  const { op, args } = value;
  if (op === "id") return scope.get(String(args));
  if (!Array.isArray(args)) {
    visit(args, scope, found);
    return undefined;
  }
  const [first, second, third] = args as unknown[];
  if (op === "." || op === ".?") return fieldOf(visit(first, scope, found), String(second), found);
  if (op === "[]" || op === "[?]") {
    visit(second, scope, found);
    return itemOf(visit(first, scope, found));
  }
  if (op === "rcall") return visitMethod(String(first), second, Array.isArray(third) ? third : [], scope, found);
  for (const arg of args) visit(arg, scope, found);
  return undefined;
}

function visitMethod(name: string, receiver: unknown, args: readonly unknown[], scope: Scope, found: string[]): Known {
  const on = visit(receiver, scope, found);
  const [variable] = args;
  const named = isNode(variable) && variable.op === "id" ? String(variable.args) : undefined;
  if (named !== undefined && (COMPREHENSIONS.has(name) || name === "bind")) {
    const bound = name === "bind" ? visit(args[1], scope, found) : on?.type === "array" ? on.items : undefined;
    const inner = new Map(scope).set(named, bound);
    for (const arg of args.slice(name === "bind" ? 2 : 1)) visit(arg, inner, found);
    return name === "filter" ? on : undefined;
  }
  for (const arg of args) visit(arg, scope, found);
  return undefined;
}

function itemOf(schema: Known): Known {
  if (schema === undefined) return undefined;
  return schema.type === "array" ? schema.items : additionalSchema(schema);
}

function fieldOf(schema: Known, name: string, found: string[]): Known {
  if (schema === undefined || schema.type !== "object") return undefined;
  const key = Object.keys(schema.properties ?? {}).find((candidate) => escapeField(candidate) === name);
  const field = key === undefined ? additionalSchema(schema) : schema.properties?.[key];
  if (field !== undefined) return field["x-kubernetes-embedded-resource"] === true ? withRootFields(field) : field;
  if (!keepsUnknown(schema)) found.push(name);
  return undefined;
}
