import { type Definition, type Node, type Pattern, variablesOf } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { JqSyntaxError } from "./errors.ts";
import { type Token, tokenize } from "./lexer.ts";
import { joined, OPERATORS } from "./precedence.ts";
import { Scope } from "./scope.ts";

const IDENTITY: Node = { kind: "identity" };
/** How deep a program may nest: the parser recurses. */
const MAX_DEPTH = 500;

/**
 * Parses a program.
 *
 * @param known `name/arity` of the functions that exist, or `undefined` where calls are not checked (the prelude defines them as it goes).
 * @throws {JqSyntaxError}
 */
export function parseProgram(program: string, known: ReadonlySet<string> | undefined): Node {
  const parser = new Parser(tokenize(program), new Scope(known));
  return parser.whole();
}

/** Parses definitions without a body. */
export function parseDefinitions(text: string): Definition[] {
  const definitions: Definition[] = [];
  let node = parseProgram(`${text} .`, undefined);
  for (; node.kind === "define"; node = node.body) definitions.push(node.definition);
  return definitions;
}

class Parser extends Cursor {
  #depth = 0;

  constructor(tokens: readonly Token[], readonly scope: Scope) {
    super(tokens);
  }

  whole(): Node {
    const node = this.#pipe();
    if (this.next.kind !== "end") this.unexpected("the end");
    return node;
  }

  #pipe(): Node {
    if (++this.#depth > MAX_DEPTH) throw new JqSyntaxError("the program nests too deeply", this.next.at);
    try {
      if (this.is("def")) return this.#define();
      const left = this.#binary(1);
      return this.accept("|") ? { kind: "pipe", left, right: this.#pipe() } : left;
    } finally {
      this.#depth--;
    }
  }

  #define(): Node {
    this.expect("def");
    const name = this.word("name");
    const params: string[] = [];
    if (this.accept("(")) {
      do params.push(this.next.kind === "variable" ? `$${this.word("variable")}` : this.word("name")); while (
        this.accept(";")
      );
      this.expect(")");
    }
    this.expect(":");
    return this.scope.withFunction(`${name}/${params.length}`, () => {
      const body = this.scope.withParams(params, () => this.#pipe());
      this.expect(";");
      return { kind: "define", definition: { name, params, body }, body: this.#pipe() };
    });
  }

  #binary(least: number): Node {
    let left = this.#unary();
    for (;;) {
      const token = this.next;
      if (token.kind !== "punctuation" && token.kind !== "name") return left;
      const entry = Object.hasOwn(OPERATORS, token.text) ? OPERATORS[token.text] : undefined;
      if (entry === undefined || entry[0] < least) return left;
      this.position++;
      const [strength, side] = entry;
      const right = this.#binary(side === "right" ? strength : strength + 1);
      left = joined(token.text, left, right);
    }
  }

  #unary(): Node {
    if (this.accept("-")) return { kind: "negate", operand: this.#postfix() };
    return this.#postfix();
  }

  #postfix(): Node {
    let node = this.#term();
    for (;;) {
      const token = this.next;
      if (token.kind === "field") {
        this.position++;
        node = { kind: "index", target: node, key: literal(token.text) };
      } else if (this.accept("?")) node = { kind: "try", body: node, handler: undefined };
      else if (this.is("[")) node = this.#bracket(node);
      else if (this.is(".") && ["string", "punctuation"].includes(this.tokens[this.position + 1]?.kind ?? "end")) {
        this.position++;
        node = this.next.kind === "string"
          ? { kind: "index", target: node, key: this.#string(undefined) }
          : this.#bracket(node);
      } else if (this.is("as")) return this.#bind(node);
      else return node;
    }
  }

  #bracket(target: Node): Node {
    this.expect("[");
    if (this.accept("]")) return { kind: "iterate", target };
    if (this.accept(":")) {
      const to = this.#pipe();
      this.expect("]");
      return { kind: "slice", target, from: undefined, to };
    }
    const key = this.#pipe();
    if (this.accept(":")) {
      const to = this.is("]") ? undefined : this.#pipe();
      this.expect("]");
      return { kind: "slice", target, from: key, to };
    }
    this.expect("]");
    return { kind: "index", target, key };
  }

  #bind(source: Node): Node {
    this.expect("as");
    const patterns = [this.#pattern()];
    while (this.accept("?//")) patterns.push(this.#pattern());
    this.expect("|");
    const body = this.scope.withVariables(patterns.flatMap(variablesOf), () => this.#pipe());
    return { kind: "bind", source, patterns, body };
  }

  #pattern(): Pattern {
    if (this.next.kind === "variable") return { kind: "variable", name: this.word("variable") };
    if (this.accept("[")) {
      const items = [this.#pattern()];
      while (this.accept(",")) items.push(this.#pattern());
      this.expect("]");
      return { kind: "array", items };
    }
    this.expect("{");
    const entries = [this.#patternEntry()];
    while (this.accept(",")) entries.push(this.#patternEntry());
    this.expect("}");
    return { kind: "object", entries };
  }

  #patternEntry() {
    const bind = this.next.kind === "variable" ? this.word("variable") : undefined;
    const key = bind === undefined ? this.#objectKey() : literal(bind);
    if (bind !== undefined && !this.is(":")) return { key, bind, value: undefined };
    this.expect(":");
    return { key, bind, value: this.#pattern() };
  }

  #objectKey(): Node {
    const token = this.next;
    if (token.kind === "string") return this.#string(undefined);
    if (this.accept("(")) {
      const key = this.#pipe();
      this.expect(")");
      return key;
    }
    if (token.kind === "format") return this.#term();
    return literal(this.word("name"));
  }

  #term(): Node {
    const token = this.next;
    switch (token.kind) {
      case "number":
        this.position++;
        return literal(token.value);
      case "string":
        return this.#string(undefined);
      case "field":
        this.position++;
        return { kind: "index", target: IDENTITY, key: literal(token.text) };
      case "variable":
        return this.#variable();
      case "format":
        this.position++;
        return this.next.kind === "string" ? this.#string(token.text) : { kind: "format", name: token.text };
      case "name":
        return this.#named(token.text);
      case "punctuation":
        return this.#punctuated();
      case "end":
        this.unexpected("an expression");
    }
  }

  #variable(): Node {
    const { at } = this.next;
    const name = this.word("variable");
    if (!this.scope.hasVariable(name)) throw new JqSyntaxError(`$${name} is not defined`, at);
    return { kind: "variable", name };
  }

  #punctuated(): Node {
    if (this.accept("..")) return { kind: "recurse" };
    if (this.accept(".")) return this.#dotted();
    if (this.accept("(")) {
      const node = this.#pipe();
      this.expect(")");
      return node;
    }
    if (this.accept("[")) {
      const body = this.is("]") ? undefined : this.#pipe();
      this.expect("]");
      return { kind: "array", body };
    }
    if (this.accept("{")) return this.#object();
    if (this.accept("-")) return { kind: "negate", operand: this.#postfix() };
    this.unexpected("an expression");
  }

  #dotted(): Node {
    if (this.next.kind === "string") return { kind: "index", target: IDENTITY, key: this.#string(undefined) };
    return IDENTITY;
  }

  #object(): Node {
    const entries: { key: Node; value: Node }[] = [];
    while (!this.is("}")) {
      entries.push(this.#objectEntry());
      if (!this.accept(",")) break;
    }
    this.expect("}");
    return { kind: "object", entries };
  }

  #objectEntry(): { key: Node; value: Node } {
    if (this.next.kind === "variable") {
      const name = this.next.text;
      const value = this.#variable();
      return { key: literal(name), value };
    }
    const key = this.#objectKey();
    if (!this.accept(":")) return { key, value: { kind: "index", target: IDENTITY, key } };
    let value = this.#binary(2);
    while (this.accept("|")) value = { kind: "pipe", left: value, right: this.#binary(2) };
    return { key, value };
  }

  #string(format: string | undefined): Node {
    const token = this.next;
    if (token.kind !== "string") this.unexpected("a string");
    this.position++;
    const parts = token.parts.map((part) => typeof part === "string" ? part : new Parser(part, this.scope).whole());
    const [only] = parts;
    return parts.length === 1 && typeof only === "string" ? literal(only) : { kind: "string", parts, format };
  }

  #named(name: string): Node {
    if (name === "if") return this.#if();
    if (name === "try") return this.#try();
    if (name === "reduce" || name === "foreach") return this.#fold(name);
    if (name === "label") return this.#label();
    if (name === "def") return this.#define();
    if (["then", "elif", "else", "end", "as", "catch", "and", "or", "import", "include", "__loc__"].includes(name)) {
      this.unexpected("an expression");
    }
    const { at } = this.next;
    this.position++;
    if (name === "break") return { kind: "break", name: this.#labelName() };
    if (name === "null" || name === "true" || name === "false") {
      return literal(name === "null" ? null : name === "true");
    }
    return this.#call(name, at);
  }

  #call(name: string, at: number): Node {
    const args: Node[] = [];
    if (this.accept("(")) {
      do args.push(this.#pipe()); while (this.accept(";"));
      this.expect(")");
    }
    const signature = `${name}/${args.length}`;
    if (!this.scope.hasFunction(signature)) throw new JqSyntaxError(`function ${signature} is not defined`, at);
    return { kind: "call", name, args };
  }

  #if(): Node {
    this.position++;
    const condition = this.#pipe();
    this.expect("then");
    const then = this.#pipe();
    if (this.is("elif")) return { kind: "if", condition, then, otherwise: this.#if() };
    const otherwise = this.accept("else") ? this.#pipe() : IDENTITY;
    this.expect("end");
    return { kind: "if", condition, then, otherwise };
  }

  #try(): Node {
    this.expect("try");
    const body = this.#postfix();
    return { kind: "try", body, handler: this.accept("catch") ? this.#postfix() : undefined };
  }

  #fold(kind: "reduce" | "foreach"): Node {
    this.position++;
    const source = this.#foldSource();
    this.expect("as");
    const pattern = this.#pattern();
    this.expect("(");
    const init = this.#pipe();
    this.expect(";");
    return this.scope.withVariables(variablesOf(pattern), () => {
      const update = this.#pipe();
      const extract = kind === "foreach" && this.accept(";") ? this.#pipe() : IDENTITY;
      this.expect(")");
      return kind === "reduce"
        ? { kind, source, pattern, init, update }
        : { kind, source, pattern, init, update, extract };
    });
  }

  /** A term with its suffixes, but without the `as` that belongs to the fold. */
  #foldSource(): Node {
    const start = this.position;
    let end = start;
    let depth = 0;
    for (; end < this.tokens.length; end++) {
      const token = this.tokens[end];
      const text = token?.kind === "punctuation" || token?.kind === "name" ? token.text : "";
      if (depth === 0 && text === "as") break;
      if ("([{".includes(text) && text !== "") depth++;
      if (")]}".includes(text) && text !== "") depth--;
    }
    const at = this.tokens[end]?.at ?? this.next.at;
    const source = new Parser([...this.tokens.slice(start, end), { kind: "end", at }], this.scope).whole();
    this.position = end;
    return source;
  }

  #label(): Node {
    this.expect("label");
    const name = this.word("variable");
    this.expect("|");
    return { kind: "label", name, body: this.scope.withVariables([`*label ${name}`], () => this.#pipe()) };
  }

  #labelName(): string {
    const { at } = this.next;
    const name = this.word("variable");
    if (!this.scope.hasVariable(`*label ${name}`)) throw new JqSyntaxError(`$*label-${name} is not defined`, at);
    return name;
  }
}

function literal(value: null | boolean | number | string): Node {
  return { kind: "literal", value };
}
