import { isArray, isObject, type Json } from "../json.ts";
import { operators } from "./arithmetic.ts";
import { type Node, variablesOf } from "./ast.ts";
import type { JqBudget } from "./budget.ts";
import { destructured } from "./destructure.ts";
import { bound, type Environment, findBinding } from "./environment.ts";
import { JqBreak, JqError } from "./errors.ts";
import { formatValue } from "./formats.ts";
import { type Item, made, pathOf, stepped } from "./item.ts";
import { natives } from "./natives.ts";
import { getPath, setPath } from "./paths.ts";
import { indexValue, isTrue, shown, sliceValue, typeName } from "./value.ts";

type Items = Generator<Item, void, undefined>;
type Kind = Node["kind"];
type NodeOf<K extends Kind> = Extract<Node, { readonly kind: K }>;

/** Runs programs; each expression is a lazy sequence of items, as in jq. */
export class Evaluator {
  constructor(readonly budget: JqBudget) {}

  /** The outputs of an expression. */
  *run(node: Node, env: Environment | undefined, input: Item): Items {
    this.budget.step();
    switch (node.kind) {
      case "identity":
        return yield input;
      case "literal":
        return yield made(node.value, input);
      case "pipe":
        for (const item of this.run(node.left, env, input)) yield* this.run(node.right, env, item);
        return;
      case "comma":
        yield* this.run(node.left, env, input);
        return yield* this.run(node.right, env, input);
      case "index":
        return yield* this.#index(node, env, input);
      case "slice":
        return yield* this.#slice(node, env, input);
      case "iterate":
        for (const item of this.run(node.target, env, input)) yield* this.#iterate(item);
        return;
      case "recurse":
        return yield* this.#recurse(input);
      case "call":
        return yield* this.#call(node, env, input);
      case "define":
        return yield* this.run(node.body, this.define(env, node.definition), input);
      case "variable":
        return yield made(variable(env, node.name), input);
      case "bind":
        return yield* this.#bind(node, env, input);
      case "if":
        for (const condition of this.values(node.condition, env, input.value)) {
          yield* this.run(isTrue(condition) ? node.then : node.otherwise, env, input);
        }
        return;
      case "try":
        return yield* this.#try(node, env, input);
      case "reduce":
        return yield* this.#reduce(node, env, input);
      case "foreach":
        return yield* this.#foreach(node, env, input);
      case "label":
        return yield* this.#label(node, env, input);
      case "break":
        return this.#break(node.name, env);
      case "binary":
        return yield* this.#binary(node, env, input);
      case "assign":
        return yield* this.#assign(node, env, input);
      default:
        for (const value of this.#construct(node, env, input.value)) yield made(value, input);
    }
  }

  /** The outputs of an expression as plain values. */
  *values(node: Node, env: Environment | undefined, value: Json): Generator<Json, void, undefined> {
    for (const item of this.run(node, env, { value, path: undefined })) yield item.value;
  }

  /** An environment that knows a function. */
  define(env: Environment | undefined, definition: NodeOf<"define">["definition"]): Environment {
    return bound(env, `${definition.name}/${definition.params.length}`, { kind: "function", definition });
  }

  *#construct(node: Node, env: Environment | undefined, input: Json): Generator<Json, void, undefined> {
    switch (node.kind) {
      case "array": {
        const items: Json[] = [];
        for (const value of node.body === undefined ? [] : this.values(node.body, env, input)) {
          this.budget.make(1);
          items.push(value);
        }
        return yield items;
      }
      case "object":
        return yield* this.#object(node.entries, env, input);
      case "string":
        return yield* this.#text(node, 0, "", env, input);
      case "format":
        return yield formatValue(node.name, input, this.budget);
      case "negate":
        for (const value of this.values(node.operand, env, input)) {
          if (typeof value !== "number") throw new JqError(`${shown(value)} cannot be negated`);
          yield -value;
        }
    }
  }

  /** All combinations; the first entry varies slowest. */
  *#object(entries: NodeOf<"object">["entries"], env: Environment | undefined, input: Json): Generator<Json> {
    const [entry, ...rest] = entries;
    if (entry === undefined) return yield {};
    for (const key of this.values(entry.key, env, input)) {
      if (typeof key !== "string") throw new JqError(`Object keys must be strings, not ${typeName(key)}`);
      for (const value of this.values(entry.value, env, input)) {
        this.budget.make(entries.length);
        for (const others of this.#object(rest, env, input)) {
          const later = isObject(others) ? others : {};
          yield { ...(Object.hasOwn(later, key) ? {} : { [key]: value }), ...later };
        }
      }
    }
  }

  *#text(
    node: NodeOf<"string">,
    at: number,
    before: string,
    env: Environment | undefined,
    input: Json,
  ): Generator<string> {
    const part = node.parts[at];
    if (part === undefined) return yield before;
    if (typeof part === "string") return yield* this.#text(node, at + 1, before + part, env, input);
    for (const value of this.values(part, env, input)) {
      const text = formatValue(node.format ?? "text", value, this.budget);
      this.budget.make(before.length + text.length);
      yield* this.#text(node, at + 1, before + text, env, input);
    }
  }

  *#index(node: NodeOf<"index">, env: Environment | undefined, input: Item): Items {
    for (const target of this.run(node.target, env, input)) {
      for (const key of this.values(node.key, env, input.value)) {
        yield { value: indexValue(target.value, key), path: stepped(target, key) };
      }
    }
  }

  *#slice(node: NodeOf<"slice">, env: Environment | undefined, input: Item): Items {
    const bounds = (bound: Node | undefined) => bound === undefined ? [null] : this.values(bound, env, input.value);
    for (const target of this.run(node.target, env, input)) {
      for (const end of bounds(node.to)) {
        for (const start of bounds(node.from)) {
          yield { value: sliceValue(target.value, start, end), path: stepped(target, { start, end }) };
        }
      }
    }
  }

  *#iterate(item: Item): Items {
    const { value } = item;
    if (!isArray(value) && !isObject(value)) throw new JqError(`Cannot iterate over ${shown(value)}`);
    for (const [key, child] of Object.entries(value)) {
      this.budget.step();
      yield { value: child, path: stepped(item, isArray(value) ? Number(key) : key) };
    }
  }

  *#recurse(item: Item): Items {
    yield item;
    if (!isArray(item.value) && !isObject(item.value)) return;
    for (const child of this.#iterate(item)) yield* this.#recurse(child);
  }

  *#call(node: NodeOf<"call">, env: Environment | undefined, input: Item): Items {
    const found = findBinding(env, `${node.name}/${node.args.length}`);
    if (found === undefined) return yield* this.#native(node, env, input);
    this.budget.enter();
    try {
      const { binding } = found;
      if (binding.kind === "closure") yield* this.run(binding.body, binding.env, input);
      if (binding.kind === "function") yield* this.#enter(binding.definition, node.args, env, found, input);
    } finally {
      this.budget.leave();
    }
  }

  /** Runs a function's body once for each combination of its value parameters. */
  *#enter(
    definition: NodeOf<"define">["definition"],
    args: readonly Node[],
    caller: Environment | undefined,
    scope: Environment,
    input: Item,
    at = 0,
  ): Items {
    const param = definition.params[at];
    const arg = args[at];
    if (param === undefined || arg === undefined) return yield* this.run(definition.body, scope, input);
    const outer = caller ?? scope;
    if (!param.startsWith("$")) {
      const inner = bound(scope, `${param}/0`, { kind: "closure", body: arg, env: outer });
      return yield* this.#enter(definition, args, caller, inner, input, at + 1);
    }
    for (const value of this.values(arg, caller, input.value)) {
      const inner = bound(scope, param, { kind: "variable", value });
      const both = bound(inner, `${param.slice(1)}/0`, {
        kind: "closure",
        body: { kind: "variable", name: param.slice(1) },
        env: inner,
      });
      yield* this.#enter(definition, args, caller, both, input, at + 1);
    }
  }

  *#native(node: NodeOf<"call">, env: Environment | undefined, input: Item): Items {
    const [first] = node.args;
    if (node.name === "empty") return;
    if (node.name === "path" && first !== undefined) {
      for (const item of this.run(first, env, { value: input.value, path: [] })) yield made(pathOf(item), input);
    } else if (node.name === "range") {
      for (const [from = null, upto = null, by = null] of this.#arguments(node.args, env, input.value)) {
        yield* this.#range(from, upto, by, input);
      }
    } else if (node.name === "getpath" && first !== undefined) {
      for (const path of this.values(first, env, input.value)) {
        if (!isArray(path)) throw new JqError("Path must be specified as an array");
        yield {
          value: getPath(input.value, path),
          path: path.reduce<Item["path"]>((base, key) => stepped({ value: null, path: base }, key), input.path),
        };
      }
    } else {
      const native = Object.hasOwn(natives, `${node.name}/${node.args.length}`)
        ? natives[`${node.name}/${node.args.length}`]
        : undefined;
      if (native === undefined) throw new JqError(`function ${node.name}/${node.args.length} is not defined`);
      for (const args of this.#arguments(node.args, env, input.value)) {
        yield made(native(input.value, args, this.budget), input);
      }
    }
  }

  *#range(from: Json, upto: Json, by: Json, input: Item): Items {
    if (typeof from !== "number" || typeof upto !== "number" || typeof by !== "number") {
      throw new JqError("Range bounds must be numeric");
    }
    for (let at = from; by > 0 ? at < upto : by < 0 && at > upto; at += by) {
      this.budget.step();
      yield made(at, input);
    }
  }

  /** All combinations of arguments; the last one varies slowest, as in jq. */
  *#arguments(args: readonly Node[], env: Environment | undefined, input: Json): Generator<readonly Json[]> {
    const last = args.at(-1);
    if (last === undefined) return yield [];
    for (const value of this.values(last, env, input)) {
      for (const others of this.#arguments(args.slice(0, -1), env, input)) yield [...others, value];
    }
  }

  *#bind(node: NodeOf<"bind">, env: Environment | undefined, input: Item): Items {
    const all = node.patterns.length > 1 ? node.patterns.flatMap(variablesOf) : [];
    const blank = all.reduce<Environment | undefined>(
      (outer, name) => bound(outer, `$${name}`, { kind: "variable", value: null }),
      env,
    );
    for (const value of this.values(node.source, env, input.value)) {
      yield* this.#alternatives(node, blank, value, input, 0);
    }
  }

  *#alternatives(node: NodeOf<"bind">, env: Environment | undefined, value: Json, input: Item, at: number): Items {
    const pattern = node.patterns[at];
    if (pattern === undefined) return;
    try {
      for (const inner of destructured(this, pattern, env, value)) yield* this.run(node.body, inner, input);
    } catch (error) {
      if (!(error instanceof JqError) || at === node.patterns.length - 1) throw error;
      yield* this.#alternatives(node, env, value, input, at + 1);
    }
  }

  *#try(node: NodeOf<"try">, env: Environment | undefined, input: Item): Items {
    try {
      yield* this.run(node.body, env, input);
    } catch (error) {
      // What a consumer of the outputs throws does not come by here: it is not thrown into this sequence.
      if (!(error instanceof JqError)) throw error;
      if (node.handler !== undefined) yield* this.run(node.handler, env, made(error.value, input));
    }
  }

  *#reduce(node: NodeOf<"reduce">, env: Environment | undefined, input: Item): Items {
    for (const start of this.run(node.init, env, input)) {
      let state: Item | undefined = start;
      for (const value of this.values(node.source, env, input.value)) {
        for (const inner of destructured(this, node.pattern, env, value)) {
          const results: Item[] = Array.from(this.run(node.update, inner, state ?? made(null, input)));
          state = results.at(-1);
        }
      }
      yield state ?? made(null, input);
    }
  }

  *#foreach(node: NodeOf<"foreach">, env: Environment | undefined, input: Item): Items {
    for (const start of this.run(node.init, env, input)) {
      let state = start;
      for (const value of this.values(node.source, env, input.value)) {
        for (const inner of destructured(this, node.pattern, env, value)) {
          for (const next of this.run(node.update, inner, state)) {
            state = next;
            yield* this.run(node.extract, inner, next);
          }
        }
      }
    }
  }

  *#label(node: NodeOf<"label">, env: Environment | undefined, input: Item): Items {
    const label = Symbol(node.name);
    try {
      yield* this.run(node.body, bound(env, `*${node.name}`, { kind: "label", label }), input);
    } catch (error) {
      if (!(error instanceof JqBreak) || error.label !== label) throw error;
    }
  }

  #break(name: string, env: Environment | undefined): never {
    const binding = findBinding(env, `*${name}`)?.binding;
    if (binding?.kind !== "label") throw new JqError(`$*label-${name} is not defined`);
    throw new JqBreak(binding.label);
  }

  *#binary(node: NodeOf<"binary">, env: Environment | undefined, input: Item): Items {
    if (node.operator === "//") return yield* this.#alternative(node, env, input);
    if (node.operator === "and" || node.operator === "or") {
      for (const value of this.#logic(node, env, input.value)) yield made(value, input);
      return;
    }
    const apply = operators[node.operator];
    for (const right of this.values(node.right, env, input.value)) {
      for (const left of this.values(node.left, env, input.value)) {
        yield made(apply?.(left, right, this.budget) ?? null, input);
      }
    }
  }

  *#logic(node: NodeOf<"binary">, env: Environment | undefined, input: Json): Generator<boolean> {
    const decisive = node.operator === "or";
    for (const left of this.values(node.left, env, input)) {
      if (isTrue(left) === decisive) yield decisive;
      else for (const right of this.values(node.right, env, input)) yield isTrue(right);
    }
  }

  *#alternative(node: NodeOf<"binary">, env: Environment | undefined, input: Item): Items {
    let any = false;
    try {
      for (const item of this.run(node.left, env, input)) {
        if (!isTrue(item.value)) continue;
        any = true;
        yield item;
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (!any) yield* this.run(node.right, env, input);
  }

  /** `=`, `|=` and the arithmetic ones: sets what the left side's paths lead to. */
  *#assign(node: NodeOf<"assign">, env: Environment | undefined, input: Item): Items {
    if (node.operator === "|=") {
      const update: Node = { kind: "call", name: "_modify", args: [node.left, node.right] };
      return yield* this.run(update, env, { value: input.value, path: input.path === undefined ? undefined : null });
    }
    const operator = node.operator.slice(0, -1);
    for (const right of this.values(node.right, env, input.value)) {
      let result = input.value;
      for (const item of this.run(node.left, env, { value: input.value, path: [] })) {
        const path = pathOf(item);
        result = setPath(result, path, this.#assigned(operator, getPath(result, path), right), this.budget);
      }
      yield made(result, input);
    }
  }

  #assigned(operator: string, before: Json, right: Json): Json {
    if (operator === "") return right;
    if (operator === "//") return isTrue(before) ? before : right;
    return operators[operator]?.(before, right, this.budget) ?? null;
  }
}

function variable(env: Environment | undefined, name: string): Json {
  const binding = findBinding(env, `$${name}`)?.binding;
  if (binding?.kind === "variable") return binding.value;
  // `$ENV` and `$__loc__` of the original: a transform sees no environment.
  return {};
}
