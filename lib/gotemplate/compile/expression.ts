/**
 * Pipelines, commands and operands.
 *
 * @module
 */
import { zeroOf } from "../exec/convert.ts";
import { fault } from "../exec/fault.ts";
import { argumentType, arityComplaint, callMethod, methodArgument, methodOf } from "../exec/field.ts";
import type { GoType } from "../go_type.ts";
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  IdentifierNode,
  Node,
  Operand as OperandNode,
  PipeNode,
  VariableNode,
} from "../parse/node.ts";
import { nodeText } from "../parse/node_text.ts";
import type { GoFunction } from "../signature.ts";
import { type Operand, typeOf, types, type Value } from "../value.ts";
import { callCode, converted, normalized } from "./call.ts";
import type { Boxed, Code, DefinitionScope } from "./code.ts";
import { type Constant, idealValue, isLiteral, literalFor, type LiteralNode } from "./constant.ts";
import { fieldsCode, type FindReceiver, receiverCode } from "./field_path.ts";
import type { Frame } from "./frame.ts";
import type { Variables } from "./variables.ts";

/** The current dot: its slot, and whether it is boxed (see {@linkcode Code}). */
export interface Dot {
  readonly slot: number;
  readonly boxed: Boxed;
}

/** Makes an argument of a method, whose type is known when it runs. */
type MethodArgument = (method: GoFunction, frame: Frame) => Value;

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
    return pipe.declared.length === 0 ? value : this.#assigned(pipe, value);
  }

  /** A pipeline's value, put into its variables. */
  #assigned(pipe: PipeNode, value: Code): Code {
    const slots: number[] = [];
    for (const { path: [name] } of pipe.declared) {
      const slot = pipe.isAssign ? this.variables.assign(name) : this.variables.declare(name);
      if (slot === undefined) return after(value, this.#fault(value.place, `undefined variable: ${name}`));
      slots.push(slot);
    }
    const { run } = value;
    const assign = (frame: Frame) => {
      const result = run(frame);
      for (const slot of slots) frame.slots[slot] = result;
      return result;
    };
    return { ...value, run: assign, simple: false };
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
      return after(final, this.#fault(place, `can't give argument to non-function ${nodeText(first)}`));
    }
    if (first.kind === "nil") return this.#fault(place, "nil is not a command");
    return this.operand(first, dot);
  }

  /** An operand that stands alone or as an argument of unknown type. */
  operand(node: OperandNode, dot: Dot): Code {
    switch (node.kind) {
      case "dot":
        return this.#slot(dot, this.unit.place(node));
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
        return { run: () => undefined, simple: true, place: this.unit.place(node) };
    }
    return this.#constant(idealValue(node), this.unit.place(node));
  }

  #slot({ slot, boxed }: Dot, place: number): Code {
    return { run: (frame) => frame.slots[slot], boxed, simple: true, place };
  }

  #variable(node: VariableNode): Code {
    const place = this.unit.place(node);
    const variable = this.variables.find(node.path[0]);
    if (variable === undefined) return this.#fault(place, `undefined variable: ${node.path[0]}`);
    return this.#slot(variable, place);
  }

  #constant(constant: Constant, place: number): Code {
    if ("complaint" in constant) return this.#fault(place, constant.complaint);
    const { value } = constant;
    return { run: () => value, type: typeOf(value), simple: true, place };
  }

  #fault(place: number, message: string): Code {
    return { run: () => fault(place, message), simple: false, place };
  }

  /** Fields of dot, of a variable or of a parenthesised pipeline; the last one may be a method with arguments. */
  #path(node: FieldNode | VariableNode | ChainNode, dot: Dot, words: OperandNode[], final: Code | undefined): Code {
    const place = this.unit.place(node);
    if (node.kind === "chain" && node.node.kind === "nil") {
      return after(final, this.#fault(place, `indirection through explicit nil in ${nodeText(node)}`));
    }
    const root = this.#root(node, dot);
    // Go looks at what stands in parentheses last: complaints about its fields name a part of it.
    const last = node.kind === "chain" ? root.place : place;
    const path = node.kind === "variable" ? node.path.slice(1) : node.path;
    if (words.length === 0 && final === undefined) return fieldsCode(root, path, last);
    const receiver = { find: receiverCode(root, path.slice(0, -1), last), place: last };
    return this.#method(receiver, path.at(-1) ?? "", words, dot, final, place);
  }

  #root(node: FieldNode | VariableNode | ChainNode, dot: Dot): Code {
    if (node.kind === "field") return this.#slot(dot, 0);
    return node.kind === "variable" ? this.#variable(node) : this.operand(node.node, dot);
  }

  #method(
    receiver: { readonly find: FindReceiver; readonly place: number },
    name: string,
    words: OperandNode[],
    dot: Dot,
    final: Code | undefined,
    place: number,
  ): Code {
    const count = words.length + (final === undefined ? 0 : 1);
    let latest = receiver.place;
    const args = words.map((word, index): MethodArgument => {
      const argument = this.#methodArgument(word, dot, index);
      latest = argument.place;
      return argument.make;
    });
    // What complains about the result, or about the piped value, names what was looked at last.
    const last = latest;
    const run = (frame: Frame): Operand => {
      const piped = final?.run(frame);
      const { value, boxed } = receiver.find(frame);
      const method = methodOf(value, name, count, receiver.place, boxed);
      // On a missing value there is no method: then nothing is evaluated either.
      if (method === undefined) return undefined;
      const values = args.map((make) => make(method, frame));
      if (final !== undefined) values.push(methodArgument(method, words.length, piped, last));
      return callMethod(method, name, values, place);
    };
    return { run, simple: false, place: latest };
  }

  #methodArgument(
    word: OperandNode,
    dot: Dot,
    index: number,
  ): { readonly make: MethodArgument; readonly place: number } {
    if (isLiteral(word)) {
      const place = this.unit.place(word);
      return { make: (method) => literalArgument(word, argumentType(method, index), place), place };
    }
    const { run, place } = this.operand(word, dot);
    return { make: (method, frame) => methodArgument(method, index, run(frame), place), place };
  }

  #call(word: IdentifierNode, node: Node, words: OperandNode[], dot: Dot, final: Code | undefined): Code {
    const place = this.unit.place(word);
    const used = this.unit.use(word.name);
    if (used === undefined) return this.#fault(place, `${JSON.stringify(word.name)} is not a defined function`);
    const count = words.length + (final === undefined ? 0 : 1);
    const complaint = arityComplaint(used.fn, word.name, count, words.length);
    if (complaint !== undefined) return after(final, this.#fault(place, complaint));
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
    const decided = used.builtin && (word.name === "and" || word.name === "or") ? this.unit.decided(word) : undefined;
    return callCode({ used, args, tail, at, place: lastPlace, target, decided });
  }

  /** An argument for a parameter of a known type. */
  #argument(node: OperandNode, type: GoType, dot: Dot): Code {
    if (isLiteral(node)) return this.#literalArgument(node, type);
    return converted(this.operand(node, dot), type);
  }

  #literalArgument(node: LiteralNode, type: GoType): Code {
    const place = this.unit.place(node);
    // A nil map or slice must be a fresh one for every call: the function may keep it.
    if (node.kind === "nil" && (type.kind === "map" || type.kind === "slice")) {
      return { run: () => zeroOf(type), simple: false, place };
    }
    return this.#constant(literalFor(node, type), place);
  }
}

/** Evaluates one thing for its effects, then another. */
function after(first: Code | undefined, then: Code): Code {
  if (first === undefined || first.simple) return then;
  const run = (frame: Frame) => {
    first.run(frame);
    return then.run(frame);
  };
  return { ...then, run, simple: false };
}

/** A literal as an argument of a method, whose type decides what it is. */
function literalArgument(node: LiteralNode, type: GoType, place: number): Value {
  const made = literalFor(node, type);
  return "value" in made ? made.value : fault(place, made.complaint);
}
