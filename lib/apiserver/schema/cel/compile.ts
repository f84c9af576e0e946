/** Compiling one rule. */
import { cel } from "../../../deps/cel.ts";
import type { StructuralSchema } from "../../../schema/mod.ts";
import { kubernetesEnvironment } from "./library.ts";
import { undeclaredField } from "./undeclared.ts";

/** A rule as a CRD's schema has it. */
export type Rule = NonNullable<StructuralSchema["x-kubernetes-validations"]>[number];

/** A rule that compiles. `message` evaluates `messageExpression`. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly evaluate: (context: Record<string, unknown>) => unknown;
  readonly message: ((context: Record<string, unknown>) => unknown) | undefined;
  /** Whether it compares with `oldSelf`, and so runs only when there is an old value. */
  readonly transition: boolean;
}

/** Why a rule is none, as a sentence. */
export class RuleError extends Error {
  override readonly name = "RuleError";
  /** @param part The field of the rule that is wrong. */
  constructor(readonly part: "rule" | "messageExpression", message: string) {
    super(message);
  }
}

let environment: InstanceType<typeof cel.Environment> | undefined;

/** Made when the first rule comes: registering the libraries takes a millisecond that most servers never need. */
function ruleEnvironment(): InstanceType<typeof cel.Environment> {
  return environment ??= kubernetesEnvironment().registerVariable("self", "dyn").registerVariable("oldSelf", "dyn");
}

/**
 * Compiles a rule. Variables are typed dynamically; of their types only the fields are checked, when `schema` is given.
 *
 * @param schema Of the value that the rule is about, when the rule is not known to be right.
 * @throws RuleError when rule or message expression do not compile, read a field that the schema does not have, or have the
 * wrong type
 */
export function compileRule(rule: Rule, schema?: StructuralSchema): CompiledRule {
  const variables = new Map([["self", schema], ["oldSelf", rule.optionalOldSelf === true ? undefined : schema]]);
  const evaluate = compileExpression(rule.rule, "rule", "bool", variables);
  const message = rule.messageExpression === undefined
    ? undefined
    : compileExpression(rule.messageExpression, "messageExpression", "string", variables);
  return { rule, evaluate, message, transition: /\boldSelf\b/.test(withoutStrings(rule.rule)) };
}

function withoutStrings(expression: string): string {
  return expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
}

function compileExpression(
  expression: string,
  part: "rule" | "messageExpression",
  wanted: "bool" | "string",
  variables: ReadonlyMap<string, StructuralSchema | undefined>,
) {
  let parsed: ReturnType<InstanceType<typeof cel.Environment>["parse"]>;
  try {
    parsed = ruleEnvironment().parse(expression);
  } catch (error) {
    throw new RuleError(part, `compilation failed: ${firstLine(error)}`);
  }
  const stranger = undeclaredField(parsed.ast, variables);
  if (stranger !== undefined) throw new RuleError(part, `compilation failed: undefined field '${stranger}'`);
  const checked = parsed.check();
  if (!checked.valid) throw new RuleError(part, `compilation failed: ${firstLine(checked.error)}`);
  const type = String(checked.type);
  if (type !== wanted && type !== "dyn") {
    throw new RuleError(
      part,
      wanted === "bool" ? "cel expression must evaluate to a bool" : "messageExpression must evaluate to a string",
    );
  }
  return (context: Record<string, unknown>): unknown => parsed(context);
}

/** The library adds a picture of the source below its sentence. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}
