/** Compiling one rule. */
import { cel } from "../../../deps/cel.ts";
import type { StructuralSchema } from "../../../schema/mod.ts";
import { kubernetesEnvironment } from "./library.ts";

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
 * Compiles a rule, with every variable dynamically typed: the real server also refuses rules that read undeclared fields, here
 * such a rule fails when it runs.
 *
 * @throws RuleError when rule or message expression do not compile, or the rule is no boolean
 */
export function compileRule(rule: Rule): CompiledRule {
  const evaluate = compileExpression(rule.rule, "rule", "bool");
  const message = rule.messageExpression === undefined
    ? undefined
    : compileExpression(rule.messageExpression, "messageExpression", "string");
  return { rule, evaluate, message, transition: /\boldSelf\b/.test(withoutStrings(rule.rule)) };
}

function withoutStrings(expression: string): string {
  return expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
}

function compileExpression(expression: string, part: "rule" | "messageExpression", wanted: "bool" | "string") {
  let parsed: ReturnType<InstanceType<typeof cel.Environment>["parse"]>;
  try {
    parsed = ruleEnvironment().parse(expression);
  } catch (error) {
    throw new RuleError(part, `compilation failed: ${firstLine(error)}`);
  }
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
