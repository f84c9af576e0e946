import { isArray, type Json } from "../json.ts";
import type { Node, Pattern } from "./ast.ts";
import { bound, type Environment } from "./environment.ts";
import { JqError } from "./errors.ts";
import { indexValue, typeName } from "./value.ts";

/** Who computes the keys in patterns such as `{(.name): $value}`. */
interface KeyEvaluator {
  values(node: Node, env: Environment | undefined, value: Json): Iterable<Json>;
}

type Environments = Generator<Environment | undefined, void, undefined>;

/**
 * The environments in which a pattern's variables have what they stand for in a value: one for each combination of its computed
 * keys.
 *
 * @throws {JqError} where the value does not have the pattern's form.
 */
export function* destructured(
  evaluator: KeyEvaluator,
  pattern: Pattern,
  env: Environment | undefined,
  value: Json,
): Environments {
  if (pattern.kind === "variable") return yield bound(env, `$${pattern.name}`, { kind: "variable", value });
  if (pattern.kind === "object") return yield* entriesOf(evaluator, pattern.entries, env, value);
  if (value !== null && !isArray(value)) throw new JqError(`Cannot index ${typeName(value)} with number`);
  yield* itemsOf(evaluator, pattern.items, env, value ?? [], 0);
}

function* itemsOf(
  evaluator: KeyEvaluator,
  items: readonly Pattern[],
  env: Environment | undefined,
  value: readonly Json[],
  at: number,
): Environments {
  const item = items[at];
  if (item === undefined) return yield env;
  for (const inner of destructured(evaluator, item, env, value[at] ?? null)) {
    yield* itemsOf(evaluator, items, inner, value, at + 1);
  }
}

function* entriesOf(
  evaluator: KeyEvaluator,
  entries: Extract<Pattern, { kind: "object" }>["entries"],
  env: Environment | undefined,
  value: Json,
): Environments {
  const [entry, ...rest] = entries;
  if (entry === undefined) return yield env;
  for (const key of evaluator.values(entry.key, env, value)) {
    const at = indexValue(value, key);
    const named = entry.bind === undefined ? env : bound(env, `$${entry.bind}`, { kind: "variable", value: at });
    const inners = entry.value === undefined ? [named] : destructured(evaluator, entry.value, named, at);
    for (const inner of inners) yield* entriesOf(evaluator, rest, inner, value);
  }
}
