/** A ValidatingAdmissionPolicy read and compiled. */
import type { KubeObject } from "../../kube/mod.ts";
import { isObject, type JsonObject } from "../json_value.ts";
import type { FieldError } from "../resource.ts";
import { kubernetesEnvironment } from "../schema/mod.ts";
import { type MatchResources, matchResourcesOf } from "./matching.ts";

/** Evaluates an expression; throws what the expression throws. */
export type Expression = (variables: Readonly<Record<string, unknown>>) => unknown;

/** One check of a policy. */
export interface Validation {
  readonly source: string;
  readonly expression: Expression;
  readonly message: string | undefined;
  readonly messageExpression: Expression | undefined;
  /** Reason of the Status. */
  readonly reason: string | undefined;
}

/** A compiled policy. */
export interface Policy {
  readonly name: string;
  readonly failClosed: boolean;
  readonly match: MatchResources;
  readonly conditions: readonly { readonly name: string; readonly expression: Expression }[];
  readonly variables: readonly { readonly name: string; readonly expression: Expression }[];
  readonly validations: readonly Validation[];
}

/** An expression that does not compile. */
class CompileError extends Error {
  override readonly name = "CompileError";
  constructor(readonly field: string, readonly source: string, why: string) {
    super(why);
  }
}

type Environment = ReturnType<typeof kubernetesEnvironment>;
let environment: Environment | undefined;

const VARIABLES = ["object", "oldObject", "request", "params", "namespaceObject", "variables"];

/** Made with the first policy: most servers have none. */
function policyEnvironment(): Environment {
  if (environment !== undefined) return environment;
  const made = kubernetesEnvironment();
  for (const name of VARIABLES) made.registerVariable(name, "dyn");
  return environment = made;
}

function compile(value: unknown, field: string): Expression {
  const source = typeof value === "string" ? value : "";
  try {
    const parsed = policyEnvironment().parse(source);
    const checked = parsed.check();
    if (checked.valid) return (variables) => parsed({ ...variables });
    throw checked.error;
  } catch (error) {
    throw new CompileError(field, source, `compilation failed: ${firstLine(error)}`);
  }
}

/** The library draws the source below its sentence. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Compiles a stored policy, which {@linkcode checkPolicy} has let pass. */
export function compilePolicy(object: KubeObject): Policy {
  const spec = isObject(object.spec) ? object.spec : {};
  const named = (items: unknown, field: string) =>
    objects(items).map(({ name, expression }, index) => ({
      name: String(name),
      expression: compile(expression, `spec.${field}[${index}].expression`),
    }));
  return {
    name: object.metadata.name,
    failClosed: spec.failurePolicy !== "Ignore",
    match: matchResourcesOf(spec.matchConstraints),
    conditions: named(spec.matchConditions, "matchConditions"),
    variables: named(spec.variables, "variables"),
    validations: objects(spec.validations).map((validation, index) =>
      validationOf(validation, `spec.validations[${index}]`)
    ),
  };
}

function validationOf(validation: JsonObject, field: string): Validation {
  const { expression, message, messageExpression, reason } = validation;
  return {
    source: String(expression),
    expression: compile(expression, `${field}.expression`),
    message: typeof message === "string" ? message : undefined,
    messageExpression: messageExpression === undefined
      ? undefined
      : compile(messageExpression, `${field}.messageExpression`),
    reason: typeof reason === "string" ? reason : undefined,
  };
}

/** What is wrong with a policy: expressions that do not compile, and what this server does not evaluate. */
export function checkPolicy(object: KubeObject): FieldError[] {
  const { paramKind } = isObject(object.spec) ? object.spec : {};
  if (paramKind !== undefined) {
    const message = "Forbidden: the embedded API server evaluates policies without parameters only";
    return [{ reason: "FieldValueForbidden", field: "spec.paramKind", message }];
  }
  try {
    compilePolicy(object);
    return [];
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const message = `Invalid value: ${JSON.stringify(error.source)}: ${error.message}`;
    return [{ reason: "FieldValueInvalid", field: error.field, message }];
  }
}
