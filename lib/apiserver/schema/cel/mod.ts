/** `x-kubernetes-validations`: CEL rules of a schema, run over an object. */
import type { StructuralSchema } from "../../../schema/mod.ts";
import { cel } from "../../../deps/cel.ts";
import { equalJson, isObject } from "../../json_value.ts";
import type { FieldError } from "../../resource.ts";
import { additionalSchema, oncePerSchema } from "../compiled.ts";
import { oldItems } from "../correlate.ts";
import { duplicate, forbidden, invalid, required } from "../field_error.ts";
import { type CompiledRule, compileRule, firstLine, RuleError } from "./compile.ts";
import { toCel } from "./values.ts";

export { compileRule, RuleError } from "./compile.ts";
export { withRootFields } from "./undeclared.ts";

/** Whether rules are here or below. Schemas may contain themselves. */
const hasRules = oncePerSchema((schema) => contains(schema, new Set()));

function contains(schema: StructuralSchema, seen: Set<StructuralSchema>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  if ((schema["x-kubernetes-validations"]?.length ?? 0) > 0) return true;
  const children = [schema.items, additionalSchema(schema), ...Object.values(schema.properties ?? {})];
  return children.some((child) => child !== undefined && contains(child, seen));
}

/** A rule that does not compile cannot get here through a CRD, which is refused; built-in schemas have none. */
const rulesAt = oncePerSchema((schema): (CompiledRule | RuleError)[] =>
  (schema["x-kubernetes-validations"] ?? []).map((rule) => {
    try {
      return compileRule(rule);
    } catch (error) {
      if (error instanceof RuleError) return error;
      throw error;
    }
  })
);

/** Runs the rules of a schema over a whole object; undefined when there are none. */
export function celRules(schema: StructuralSchema): ((object: unknown, old: unknown) => FieldError[]) | undefined {
  if (!hasRules(schema)) return undefined;
  return (object, old) => {
    const errors: FieldError[] = [];
    visit(schema, object, old, "", true, errors);
    return errors;
  };
}

function visit(
  schema: StructuralSchema,
  value: unknown,
  old: unknown,
  path: string,
  root: boolean,
  errors: FieldError[],
): void {
  // Rules are not run on null, even where it is allowed.
  if (!hasRules(schema) || value === null || value === undefined) return;
  runRules(schema, value, old, path, root, errors);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    const before = oldItems(schema, old);
    for (const [index, item] of value.entries()) visit(items, item, before(item), `${path}[${index}]`, false, errors);
  } else if (isObject(value)) {
    const additional = additionalSchema(schema);
    for (const key of Object.keys(value)) {
      const declared = schema.properties?.[key];
      const child = declared ?? additional;
      if (child === undefined) continue;
      const below = declared === undefined ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
      visit(child, value[key], isObject(old) ? old[key] : undefined, below, false, errors);
    }
  }
}

function runRules(
  schema: StructuralSchema,
  value: unknown,
  old: unknown,
  path: string,
  root: boolean,
  errors: FieldError[],
): void {
  const rules = rulesAt(schema);
  if (rules.length === 0) return;
  const self = toCel(schema, value, root);
  const oldSelf = old === undefined || old === null ? undefined : toCel(schema, old, root);
  const unchanged = old !== undefined && equalJson(value, old);
  for (const compiled of rules) {
    if (compiled instanceof RuleError) {
      errors.push(omitted(path, `rule compile error: ${compiled.message}`));
      continue;
    }
    const context = contextOf(compiled, self, oldSelf);
    if (context === undefined) continue;
    const error = failure(compiled, context, schema, value, path);
    // Ratcheting: what a change left alone is not held against it, but by rules about the change itself.
    if (error !== undefined && (!unchanged || compiled.transition)) errors.push(error);
  }
}

/** The variables of a rule; undefined when it speaks of a change and there was none to speak of. */
function contextOf(compiled: CompiledRule, self: unknown, oldSelf: unknown): Record<string, unknown> | undefined {
  if (!compiled.transition) return { self };
  if (compiled.rule.optionalOldSelf === true) {
    return { self, oldSelf: oldSelf === undefined ? cel.Optional.none() : cel.Optional.of(oldSelf) };
  }
  return oldSelf === undefined ? undefined : { self, oldSelf };
}

function failure(
  compiled: CompiledRule,
  context: Record<string, unknown>,
  schema: StructuralSchema,
  value: unknown,
  path: string,
): FieldError | undefined {
  const { rule } = compiled;
  let outcome: unknown;
  try {
    outcome = compiled.evaluate(context);
  } catch (error) {
    const where = path === "" ? "<nil>" : path;
    return invalid(
      where,
      schema.type ?? "",
      `${lowered(firstLine(error))} evaluating rule: ${rule.message || rule.rule}`,
    );
  }
  if (outcome === true) return undefined;
  const field = `${path}${rule.fieldPath ?? ""}`.replace(/^\./, "");
  const detail = messageOf(compiled, context);
  switch (rule.reason) {
    case "FieldValueForbidden":
      return forbidden(field, detail);
    case "FieldValueRequired":
      return required(field, detail);
    case "FieldValueDuplicate":
      return duplicate(field, value);
    default:
      return schema.type === "object" || schema.type === "array"
        ? omitted(field, detail)
        : invalid(field, value, detail);
  }
}

/** Compound values are not repeated in the error. The root has no name. */
function omitted(field: string, detail: string): FieldError {
  return { reason: "FieldValueInvalid", field: field === "" ? "<nil>" : field, message: `Invalid value: ${detail}` };
}

/** The library's words for what went wrong, in those of the real server where they differ. */
function lowered(text: string): string {
  const bounds = /index out of bounds, index (-?\d+)/.exec(text);
  if (bounds !== null) return `index out of bounds: ${bounds[1]}`;
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** A message expression that fails or gives nothing printable falls back to the message, and that to the rule. */
function messageOf({ rule, message }: CompiledRule, context: Record<string, unknown>): string {
  const fallback = rule.message !== undefined && rule.message !== ""
    ? rule.message
    : `failed rule: ${rule.rule.trim()}`;
  if (message === undefined) return fallback;
  try {
    const text = message(context);
    return typeof text === "string" && text.trim() !== "" && !text.includes("\n") ? text.trim() : fallback;
  } catch (error) {
    if (error instanceof Error) return fallback;
    throw error;
  }
}
