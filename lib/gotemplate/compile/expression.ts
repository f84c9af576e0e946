/**
 * Pipelines, commands and operands as JavaScript expressions.
 *
 * @module
 */
import { arityComplaint } from "../exec/field.ts";
import type { GoType } from "../go_type.ts";
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  Node,
  Operand,
  PipeNode,
  VariableNode,
} from "../parse/node.ts";
import { nodeText } from "../parse/node_text.ts";
import { typeOf, types } from "../value.ts";
import { type Code, type DefinitionScope, literal } from "./code.ts";
import { callCode, convertCode, normalized } from "./call.ts";
import { type Constant, idealValue, isLiteral, literalFor } from "./constant.ts";
import type { Variables } from "./variables.ts";

/** The current dot: the JavaScript variable that holds it, and whether it is boxed (see {@linkcode Code}). */
export interface Dot {
  readonly js: string;
  readonly boxed: string | undefined;
}

/** Compiles expressions of one definition. */
export class Expressions {
  constructor(private readonly unit: DefinitionScope, private readonly variables: Variables) {}

  /** A pipeline's value, nil counting as missing; sets the variables it declares. */
  pipeline(pipe: PipeNode, dot: Dot): Code {
    let value: Code | undefined;
    const start = this.unit.place(pipe);
    for (const command of pipe.commands) {
      value = normalized(this.#command(command, dot, value, value?.place ?? start));
    }
    if (value === undefined) throw new TypeError("a parsed pipeline has a command");
    if (pipe.declared.length === 0) return value;
    return this.#assigned(pipe, value);
  }

  /** A pipeline's value, put into its variables. */
  #assigned(pipe: PipeNode, value: Code): Code {
    let { js } = value;
    for (const { path: [name] } of pipe.declared) {
      const target = pipe.isAssign ? this.variables.find(name)?.js : this.variables.declare(name);
      if (target === undefined) return this.#after(value, this.#fault(value.place, `undefined variable: ${name}`));
      js = `${target} = ${js}`;
    }
    return { ...value, js: `(${js})`, simple: false };
  }

  #command(command: CommandNode, dot: Dot, final: Code | undefined, before: number): Code {
    const [first, ...words] = command.words;
    if (first === undefined) throw new TypeError("a parsed command has a word");
    switch (first.kind) {
      case "field":
      case "chain":
        return this.#path(first, dot, words, final);
      case "variable":
        if (first.path.length > 1) return this.#path(first, dot, words, final);
        break;
      case "identifier":
        return this.#call(first, command, words, dot, final);
    }
    const place = first.kind === "pipe" ? before : this.unit.place(first);
    if (words.length > 0 || final !== undefined) {
      return this.#after(final, this.#fault(place, `can't give argument to non-function ${nodeText(first)}`));
    }
    if (first.kind === "nil") return this.#fault(place, "nil is not a command");
    return this.operand(first, dot);
  }

  /** An operand that stands alone or as an argument of unknown type. */
  operand(node: Operand, dot: Dot): Code {
    switch (node.kind) {
      case "dot":
        return { js: dot.js, calls: false, simple: true, boxed: dot.boxed, place: this.unit.place(node) };
      case "field":
      case "chain":
        return this.#path(node, dot, [], undefined);
      case "variable":
        return node.path.length > 1 ? this.#path(node, dot, [], undefined) : this.#variable(node);
      case "pipe":
        return this.pipeline(node, dot);
      case "identifier":
        return this.#call(node, node, [], dot, undefined);
      case "nil":
        return { js: "undefined", calls: false, simple: true, place: this.unit.place(node) };
    }
    return this.#constant(idealValue(node), this.unit.place(node));
  }

  #variable(node: VariableNode): Code {
    const place = this.unit.place(node);
    const variable = this.variables.find(node.path[0]);
    if (variable === undefined) return this.#fault(place, `undefined variable: ${node.path[0]}`);
    return { js: variable.js, boxed: variable.boxed, calls: false, simple: true, place };
  }

  #constant(constant: Constant, place: number): Code {
    if ("complaint" in constant) return this.#fault(place, constant.complaint);
    const { value } = constant;
    const inline = typeof value === "string" || typeof value === "boolean";
    return {
      js: inline ? JSON.stringify(value) : value === null ? "null" : this.unit.constant(value),
      type: typeOf(value),
      calls: false,
      simple: true,
      place,
    };
  }

  #fault(place: number, message: string): Code {
    return { js: `fault(${place}, ${literal(message)})`, calls: false, simple: false, place };
  }

  /** Evaluates one thing for its effects, then another. */
  #after(first: Code | undefined, then: Code): Code {
    if (first === undefined || first.simple) return then;
    return { ...then, js: `(${first.js}, ${then.js})`, calls: first.calls || then.calls, simple: false };
  }

  /** Fields of dot, of a variable or of a parenthesised pipeline; the last one may be a method with arguments. */
  #path(node: FieldNode | VariableNode | ChainNode, dot: Dot, words: Operand[], final: Code | undefined): Code {
    const place = this.unit.place(node);
    if (node.kind === "chain" && node.node.kind === "nil") {
      return this.#after(final, this.#fault(place, `indirection through explicit nil in ${nodeText(node)}`));
    }
    const root = this.#root(node, dot);
    // Go looks at what stands in parentheses last: complaints about its fields name a part of it.
    const last = node.kind === "chain" ? root.place : place;
    const path = node.kind === "variable" ? node.path.slice(1) : node.path;
    const hasArguments = words.length > 0 || final !== undefined;
    let value = root;
    for (const name of hasArguments ? path.slice(0, -1) : path) {
      const js = `field(${value.js}, ${literal(name)}, ${last}, ${value.boxed ?? "false"})`;
      value = { js, calls: root.calls, simple: false, boxed: "true", place: last };
    }
    const name = path[path.length - 1] ?? "";
    return hasArguments ? this.#method(value, name, words, dot, final, place) : value;
  }

  #root(node: FieldNode | VariableNode | ChainNode, dot: Dot): Code {
    if (node.kind === "field") return { js: dot.js, boxed: dot.boxed, calls: false, simple: true, place: 0 };
    return node.kind === "variable" ? this.#variable(node) : this.operand(node.node, dot);
  }

  #method(receiver: Code, name: string, words: Operand[], dot: Dot, final: Code | undefined, place: number): Code {
    const last = final === undefined ? undefined : this.variables.temporary();
    const method = this.variables.temporary();
    const count = words.length + (final === undefined ? 0 : 1);
    const boxed = receiver.boxed ?? "false";
    const found = `${method} = methodOf(${receiver.js}, ${literal(name)}, ${count}, ${place}, ${boxed})`;
    const places = [place];
    const args = words.map((word, index) => {
      const argument = this.#methodArgument(word, dot, `${method}, ${index}`);
      places.push(argument.place);
      return argument.js;
    });
    // What complains about the result, or about the piped value, names what was looked at last.
    const latest = places[places.length - 1] ?? place;
    if (last !== undefined) args.push(`methodArgument(${method}, ${words.length}, ${last}, ${latest})`);
    const call = `callMethod(${method}, ${literal(name)}, [${args.join(", ")}], ${place})`;
    const head = final === undefined ? "" : `${last} = ${final.js}, `;
    // On a missing value there is no method: then nothing is evaluated either.
    return { js: `(${head}(${found}) && ${call})`, calls: true, simple: false, place: latest };
  }

  #methodArgument(word: Operand, dot: Dot, target: string): { js: string; place: number } {
    if (isLiteral(word)) {
      const place = this.unit.place(word);
      return { js: `literalArgument(${target}, ${place})`, place };
    }
    const { js, place } = this.operand(word, dot);
    return { js: `methodArgument(${target}, ${js}, ${place})`, place };
  }

  #call(word: IdentifierNode, node: Node, words: Operand[], dot: Dot, final: Code | undefined): Code {
    const place = this.unit.place(word);
    const used = this.unit.use(word.name);
    if (used === undefined) return this.#fault(place, `${JSON.stringify(word.name)} is not a defined function`);
    const count = words.length + (final === undefined ? 0 : 1);
    const complaint = arityComplaint(used.fn, word.name, count, words.length);
    if (complaint !== undefined) return this.#after(final, this.#fault(place, complaint));
    const raw = used.fn.reflects;
    const args = words.map((argument, i) => {
      const type = used.fn.params[i] ?? used.fn.rest ?? types.any;
      return raw ? this.operand(argument, dot) : this.#argument(argument, type, dot);
    });
    // A complaint about the piped value names what was looked at last.
    const lastPlace = args[args.length - 1]?.place ?? place;
    const type = used.fn.params[words.length] ?? used.fn.rest ?? types.any;
    const tail = final === undefined ? undefined : { final, type, place: lastPlace, raw };
    const at = this.unit.place(node, word.name);
    const target = used.builtin && word.name === "call" ? nodeText(words[0] ?? word) : undefined;
    return callCode({ used, args, tail, at, place: lastPlace, target }, this.unit, this.variables);
  }

  /** An argument for a parameter of a known type. */
  #argument(node: Operand, type: GoType, dot: Dot): Code {
    if (isLiteral(node)) return this.#literalArgument(node, type);
    return convertCode(this.operand(node, dot), type, this.unit);
  }

  #literalArgument(node: Parameters<typeof literalFor>[0], type: GoType): Code {
    const place = this.unit.place(node);
    // A nil map or slice must be a fresh one for every call: the function may keep it.
    if (node.kind === "nil" && (type.kind === "map" || type.kind === "slice")) {
      return { js: `zeroOf(${this.unit.constant(type)})`, calls: false, simple: false, place };
    }
    return this.#constant(literalFor(node, type), place);
  }
}
