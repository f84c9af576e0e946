import { quote } from "../fmt/quote.ts";
import type { Complaints } from "./complaints.ts";
import { type CommandNode, fitted, type NumberNode, type Operand, type PipeNode, type VariableNode } from "./node.ts";
import { nodeText } from "./node_text.ts";
import { parseNumber } from "./number.ts";
import type { Token, TokenKind } from "./token.ts";
import type { TokenWindow } from "./token_window.ts";

/** Parentheses may nest this deep. */
const MAX_PAREN_DEPTH = 10_000;

const STARTS_OPERAND: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "bool",
  "charConstant",
  "complex",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);

/** The functions that a text may call, and those that it does. */
export interface Functions {
  readonly hasFunction: (name: string) => boolean;
  /** Takes the names of the functions called. */
  readonly called: Set<string>;
  /** Counts the operands read. */
  readonly tally: { nodes: number };
}

/** The left side of a pipeline. */
interface Declaration {
  isAssign: boolean;
  readonly variables: VariableNode[];
}

/** Reads what stands within an action: declarations, commands, operands. */
export class PipelineParser {
  /** Variables in scope. */
  readonly variables = ["$"];
  #parenDepth = 0;

  constructor(
    private readonly window: TokenWindow,
    private readonly complaints: Complaints,
    private readonly functions: Functions,
  ) {}

  /** A pipeline up to and with its end. @param context What it belongs to, for messages. */
  pipeline(context: string, end: TokenKind): PipeNode {
    const { window } = this;
    const { pos } = window.peekNonSpace();
    const declaration = { isAssign: false, variables: [] as VariableNode[] };
    while (this.#declaration(declaration, context));
    const commands: CommandNode[] = [];
    for (;;) {
      const token = window.nextNonSpace();
      if (token.kind === end) break;
      if (!STARTS_OPERAND.has(token.kind)) this.complaints.unexpected(token, context);
      window.backup();
      commands.push(this.#command());
    }
    this.#check(commands, context);
    const { isAssign, variables } = declaration;
    return { kind: "pipe", pos, isAssign, declared: fitted(variables), commands: fitted(commands) };
  }

  /** Reads one declared variable; true when a second one may follow. */
  #declaration(declaration: Declaration, context: string): boolean {
    const { window } = this;
    const variable = window.peekNonSpace();
    if (variable.kind !== "variable") return false;
    window.next();
    // "$x foo" is an argument: then the variable and the space behind it go back.
    const after = window.peek();
    const next = window.peekNonSpace();
    const comma = next.kind === "char" && next.text === ",";
    if (next.kind !== "assign" && next.kind !== "declare" && !comma) {
      if (after.kind === "space") window.backup3(variable, after);
      else window.backup2(variable);
      return false;
    }
    window.nextNonSpace();
    if (!comma) declaration.isAssign = next.kind === "assign";
    declaration.variables.push({ kind: "variable", pos: variable.pos, path: [variable.text] });
    this.variables.push(variable.text);
    if (!comma) return false;
    if (context !== "range" || declaration.variables.length >= 2) {
      this.complaints.fail(`too many declarations in ${context}`);
    }
    const second = window.peekNonSpace().kind;
    if (second === "variable" || second === "rightDelim" || second === "rightParen") return true;
    this.complaints.fail("range can only initialize variables");
  }

  #check(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.complaints.fail(`missing value for ${context}`);
    for (let stage = 1; stage < commands.length; stage++) {
      switch (commands[stage]?.words[0]?.kind) {
        case "bool":
        case "dot":
        case "nil":
        case "number":
        case "string":
          this.complaints.fail(`non executable command in pipeline stage ${stage + 1}`);
      }
    }
  }

  #command(): CommandNode {
    const { window } = this;
    const { pos } = window.peekNonSpace();
    const words: Operand[] = [];
    for (;;) {
      window.peekNonSpace();
      const word = this.#operand();
      if (word !== undefined) words.push(word);
      const token = window.next();
      if (token.kind === "space") continue;
      if (token.kind === "rightDelim" || token.kind === "rightParen") window.backup();
      else if (token.kind !== "pipe") this.complaints.unexpected(token, "operand");
      break;
    }
    if (words.length === 0) this.complaints.fail("empty command");
    return { kind: "command", pos, words: fitted(words) };
  }

  /** A term and the fields behind it. */
  #operand(): Operand | undefined {
    const node = this.#term();
    if (node === undefined || this.window.peek().kind !== "field") return node;
    // A longer path stands at the position of its second part: so it is in Go.
    const { pos } = this.window.peek();
    const path: string[] = [];
    while (this.window.peek().kind === "field") path.push(this.window.next().text.slice(1));
    switch (node.kind) {
      case "field":
        return { kind: "field", pos, path: node.path.concat(path) };
      case "variable":
        return { kind: "variable", pos, path: [...node.path, ...path] };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.complaints.fail(`unexpected . after term ${quote(nodeText(node))}`);
    }
    return { kind: "chain", pos, node, path: fitted(path) };
  }

  #term(): Operand | undefined {
    const token = this.window.nextNonSpace();
    const { kind, pos, text } = token;
    this.functions.tally.nodes++;
    switch (kind) {
      case "identifier":
        if (!this.functions.hasFunction(text)) this.complaints.fail(`function ${quote(text)} not defined`);
        this.functions.called.add(text);
        return { kind, pos, name: text };
      case "dot":
      case "nil":
        return { kind, pos };
      case "variable":
        return this.#variable(token);
      case "field":
        return { kind, pos, path: [text.slice(1)] };
      case "bool":
        return { kind, pos, value: text === "true" };
      case "charConstant":
      case "complex":
      case "number":
        return this.#number(kind, token);
      case "leftParen":
        return this.#parenthesized();
      case "string":
      case "rawString":
        return { kind: "string", pos, quoted: text, text: this.complaints.unquoted(token) };
    }
    this.window.backup();
    return undefined;
  }

  #parenthesized(): PipeNode {
    if (this.#parenDepth >= MAX_PAREN_DEPTH) this.complaints.fail("max expression depth exceeded");
    this.#parenDepth++;
    const pipe = this.pipeline("parenthesized pipeline", "rightParen");
    this.#parenDepth--;
    return pipe;
  }

  #number(kind: "number" | "complex" | "charConstant", { pos, text }: Token): NumberNode {
    const constant = parseNumber(kind, text);
    if (typeof constant === "string") this.complaints.fail(constant);
    return { kind: "number", pos, text, ...constant };
  }

  #variable({ pos, text }: Token): VariableNode {
    if (!this.variables.includes(text)) this.complaints.fail(`undefined variable ${quote(text)}`);
    return { kind: "variable", pos, path: [text] };
  }
}
