/**
 * Builds syntax trees. Grammar and messages are those of Go's `text/template/parse`.
 *
 * @module
 */
import { TemplateError } from "../errors.ts";
import { quote, unquote } from "../fmt/quote.ts";
import { Lexer } from "./lexer.ts";
import {
  type BranchNode,
  type CommandNode,
  type ElseNode,
  type EndNode,
  isEmptyList,
  type ListNode,
  type NumberNode,
  type Operand,
  type PipeNode,
  type Statement,
  type TemplateNode,
  type VariableNode,
} from "./node.ts";
import { nodeText } from "./node_text.ts";
import { parseNumber } from "./number.ts";
import { showToken, type Token, type TokenKind } from "./token.ts";
import { TokenWindow } from "./token_window.ts";

/** Parentheses may nest this deep. */
const MAX_PAREN_DEPTH = 10_000;

/** What a text defines. */
export interface Definitions {
  /** The text's own body under the file's name, and each `define` and `block`. */
  readonly lists: Map<string, ListNode>;
  /** Names of all functions called. */
  readonly functions: Set<string>;
  /** Whether a definition has the file's own name: then the result depends on that name. */
  definesFile: boolean;
}

/**
 * Parses a text.
 *
 * @param name The template's name, for messages and for the text's own body.
 * @param hasFunction Whether a function of that name may be called.
 * @throws {TemplateError} with reason `parse`: `template: NAME:LINE: MESSAGE`.
 */
export function parse(name: string, text: string, hasFunction: (name: string) => boolean): Definitions {
  const lexer = new Lexer(text, { breakIsName: hasFunction("break"), continueIsName: hasFunction("continue") });
  const definitions: Definitions = { lists: new Map(), functions: new Set(), definesFile: false };
  new Parser({ file: name, lexer, hasFunction, definitions }).parseFile();
  return definitions;
}

interface Source {
  readonly file: string;
  readonly lexer: Lexer;
  readonly hasFunction: (name: string) => boolean;
  readonly definitions: Definitions;
}

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

/** One tree: the file, or one definition in it. All trees of a file share the lexer; each has its own look-ahead and variables. */
class Parser {
  readonly #window: TokenWindow;
  #variables = ["$"];
  #rangeDepth = 0;
  #parenDepth = 0;
  /** Line where the current action began, 0 outside. */
  #actionLine = 0;

  constructor(private readonly source: Source) {
    this.#window = new TokenWindow(source.lexer);
  }

  parseFile(): void {
    const window = this.#window;
    const list: ListNode = { kind: "list", pos: window.peek().pos, nodes: [] };
    while (window.peek().kind !== "eof") {
      if (window.peek().kind === "leftDelim") {
        const delimiter = window.next();
        if (window.nextNonSpace().kind === "define") {
          new Parser(this.source).#definition();
          continue;
        }
        window.backup2(delimiter);
      }
      const node = this.#textOrAction();
      if (node.kind === "end" || node.kind === "else") this.#fail(`unexpected ${nodeText(node)}`);
      list.nodes.push(node);
    }
    this.#add(this.source.file, list);
  }

  #fail(message: string): never {
    throw new TemplateError("parse", `template: ${this.source.file}:${this.#window.line}: ${message}`);
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind !== "error") this.#fail(`unexpected ${showToken(token)} in ${context}`);
    const begun = this.#actionLine !== 0 && this.#actionLine !== token.line
      ? ` in action started at ${this.source.file}:${this.#actionLine}`
      : "";
    // "unclosed action in action started" would stutter.
    const extra = begun !== "" && token.text.endsWith(" action") ? begun.slice(" in action".length) : begun;
    this.#fail(token.text + extra);
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#window.nextNonSpace();
    if (token.kind !== kind) this.#unexpected(token, context);
    return token;
  }

  /** Registers a definition; only an empty one may be defined again within a file. */
  #add(name: string, list: ListNode): void {
    const { lists } = this.source.definitions;
    const known = lists.get(name);
    if (known === undefined || isEmptyList(known)) lists.set(name, list);
    else if (!isEmptyList(list)) this.#fail(`template: multiple definition of template ${quote(name)}`);
  }

  /** `define NAME`; the keyword is past. */
  #definition(): void {
    const context = "define clause";
    const name = this.#templateName(this.#window.nextNonSpace(), context);
    this.#expect("rightDelim", context);
    this.#body(name, context);
  }

  /** The body of a definition up to its end. */
  #body(name: string, context: string): void {
    const [list, end] = this.#list();
    if (end.kind !== "end") this.#fail(`unexpected ${nodeText(end)} in ${context}`);
    if (name === this.source.file) this.source.definitions.definesFile = true;
    this.#add(name, list);
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== "string" && token.kind !== "rawString") this.#unexpected(token, context);
    return this.#unquoted(token);
  }

  #unquoted(token: Token): string {
    return unquote(token.text) ?? this.#fail("invalid syntax");
  }

  /** Statements up to `end` or `else`. */
  #list(): [ListNode, EndNode | ElseNode] {
    const list: ListNode = { kind: "list", pos: this.#window.peekNonSpace().pos, nodes: [] };
    while (this.#window.peekNonSpace().kind !== "eof") {
      const node = this.#textOrAction();
      if (node.kind === "end" || node.kind === "else") return [list, node];
      list.nodes.push(node);
    }
    this.#fail("unexpected EOF");
  }

  #textOrAction(): Statement | EndNode | ElseNode {
    const token = this.#window.nextNonSpace();
    if (token.kind === "text") return { kind: "text", pos: token.pos, text: token.text };
    if (token.kind !== "leftDelim") this.#unexpected(token, "input");
    this.#actionLine = token.line;
    const node = this.#action();
    this.#actionLine = 0;
    return node;
  }

  #action(): Statement | EndNode | ElseNode {
    const token = this.#window.nextNonSpace();
    switch (token.kind) {
      case "block":
        return this.#block();
      case "break":
      case "continue":
        return this.#leaveRange(token.kind, token.pos);
      case "else":
        return this.#else();
      case "end":
        return { kind: "end", pos: this.#expect("rightDelim", "end").pos };
      case "if":
      case "with":
      case "range":
        return this.#branch(token.kind);
      case "template":
        return this.#template();
    }
    this.#window.backup();
    const { pos } = this.#window.peek();
    return { kind: "action", pos, pipe: this.#pipeline("command", "rightDelim") };
  }

  #leaveRange(kind: "break" | "continue", pos: number): Statement {
    const token = this.#window.nextNonSpace();
    if (token.kind !== "rightDelim") this.#unexpected(token, `{{${kind}}}`);
    if (this.#rangeDepth === 0) this.#fail(`{{${kind}}} outside {{range}}`);
    return { kind, pos };
  }

  #else(): ElseNode {
    const next = this.#window.peekNonSpace();
    // "else if" and "else with" read as an else that holds the rest: the keyword stays pending.
    if (next.kind === "if" || next.kind === "with") return { kind: "else", pos: next.pos };
    return { kind: "else", pos: this.#expect("rightDelim", "else").pos };
  }

  #branch(kind: BranchNode["kind"]): BranchNode {
    const scope = this.#variables.length;
    const pipe = this.#pipeline(kind, "rightDelim");
    if (kind === "range") this.#rangeDepth++;
    const [list, next] = this.#list();
    if (kind === "range") this.#rangeDepth--;
    const elseList = next.kind === "else" ? this.#elseList(kind, next) : undefined;
    this.#variables.length = scope;
    return { kind, pos: pipe.pos, pipe, list, elseList };
  }

  #elseList(kind: BranchNode["kind"], start: ElseNode): ListNode {
    if (kind !== "range" && this.#window.peek().kind === kind) {
      this.#window.next();
      // The inner branch takes the one "end" for both.
      return { kind: "list", pos: start.pos, nodes: [this.#branch(kind)] };
    }
    const [list, end] = this.#list();
    if (end.kind !== "end") this.#fail(`expected end; found ${nodeText(end)}`);
    return list;
  }

  #block(): TemplateNode {
    const context = "block clause";
    const token = this.#window.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, "rightDelim");
    new Parser(this.source).#body(name, context);
    return { kind: "template", pos: token.pos, name, pipe };
  }

  #template(): TemplateNode {
    const context = "template clause";
    const token = this.#window.nextNonSpace();
    const name = this.#templateName(token, context);
    if (this.#window.nextNonSpace().kind === "rightDelim") {
      return { kind: "template", pos: token.pos, name, pipe: undefined };
    }
    this.#window.backup();
    return { kind: "template", pos: token.pos, name, pipe: this.#pipeline(context, "rightDelim") };
  }

  #pipeline(context: string, end: TokenKind): PipeNode {
    const window = this.#window;
    const pipe: PipeNode = {
      kind: "pipe",
      pos: window.peekNonSpace().pos,
      isAssign: false,
      declared: [],
      commands: [],
    };
    while (this.#declaration(pipe, context));
    for (;;) {
      const token = window.nextNonSpace();
      if (token.kind === end) break;
      if (!STARTS_OPERAND.has(token.kind)) this.#unexpected(token, context);
      window.backup();
      pipe.commands.push(this.#command());
    }
    this.#check(pipe, context);
    return pipe;
  }

  /** Reads one declared variable; true when a second one may follow. */
  #declaration(pipe: PipeNode, context: string): boolean {
    const window = this.#window;
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
    if (!comma) pipe.isAssign = next.kind === "assign";
    pipe.declared.push({ kind: "variable", pos: variable.pos, path: [variable.text] });
    this.#variables.push(variable.text);
    if (!comma) return false;
    if (context !== "range" || pipe.declared.length >= 2) this.#fail(`too many declarations in ${context}`);
    const second = window.peekNonSpace().kind;
    if (second === "variable" || second === "rightDelim" || second === "rightParen") return true;
    this.#fail("range can only initialize variables");
  }

  #check(pipe: PipeNode, context: string): void {
    if (pipe.commands.length === 0) this.#fail(`missing value for ${context}`);
    for (let stage = 1; stage < pipe.commands.length; stage++) {
      switch (pipe.commands[stage]?.words[0]?.kind) {
        case "bool":
        case "dot":
        case "nil":
        case "number":
        case "string":
          this.#fail(`non executable command in pipeline stage ${stage + 1}`);
      }
    }
  }

  #command(): CommandNode {
    const window = this.#window;
    const command: CommandNode = { kind: "command", pos: window.peekNonSpace().pos, words: [] };
    for (;;) {
      window.peekNonSpace();
      const word = this.#operand();
      if (word !== undefined) command.words.push(word);
      const token = window.next();
      if (token.kind === "space") continue;
      if (token.kind === "rightDelim" || token.kind === "rightParen") window.backup();
      else if (token.kind !== "pipe") this.#unexpected(token, "operand");
      break;
    }
    if (command.words.length === 0) this.#fail("empty command");
    return command;
  }

  /** A term and the fields behind it. */
  #operand(): Operand | undefined {
    const node = this.#term();
    if (node === undefined || this.#window.peek().kind !== "field") return node;
    // A longer path stands at the position of its second part: so it is in Go.
    const { pos } = this.#window.peek();
    const path: string[] = [];
    while (this.#window.peek().kind === "field") path.push(this.#window.next().text.slice(1));
    switch (node.kind) {
      case "field":
        return { kind: "field", pos, path: [...node.path, ...path] };
      case "variable":
        return { kind: "variable", pos, path: [...node.path, ...path] };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.#fail(`unexpected . after term ${quote(nodeText(node))}`);
    }
    return { kind: "chain", pos, node, path };
  }

  #term(): Operand | undefined {
    const token = this.#window.nextNonSpace();
    const { kind, pos, text } = token;
    switch (kind) {
      case "identifier":
        if (!this.source.hasFunction(text)) this.#fail(`function ${quote(text)} not defined`);
        this.source.definitions.functions.add(text);
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
        return { kind: "string", pos, quoted: text, text: this.#unquoted(token) };
    }
    this.#window.backup();
    return undefined;
  }

  #parenthesized(): PipeNode {
    if (this.#parenDepth >= MAX_PAREN_DEPTH) this.#fail("max expression depth exceeded");
    this.#parenDepth++;
    const pipe = this.#pipeline("parenthesized pipeline", "rightParen");
    this.#parenDepth--;
    return pipe;
  }

  #number(kind: "number" | "complex" | "charConstant", { pos, text }: Token): NumberNode {
    const constant = parseNumber(kind, text);
    if (typeof constant === "string") this.#fail(constant);
    return { kind: "number", pos, text, ...constant };
  }

  #variable({ pos, text }: Token): VariableNode {
    if (!this.#variables.includes(text)) this.#fail(`undefined variable ${quote(text)}`);
    return { kind: "variable", pos, path: [text] };
  }
}
