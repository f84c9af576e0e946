/**
 * Builds syntax trees. Grammar and messages are those of Go's `text/template/parse`.
 *
 * @module
 */
import { quote } from "../fmt/quote.ts";
import { Complaints } from "./complaints.ts";
import { Lexer } from "./lexer.ts";
import {
  type BranchNode,
  type ElseNode,
  type EndNode,
  fitted,
  isEmptyList,
  type ListNode,
  type Statement,
  type TemplateNode,
} from "./node.ts";
import { nodeText } from "./node_text.ts";
import { PipelineParser } from "./pipeline_parser.ts";
import type { Token } from "./token.ts";
import { TokenWindow } from "./token_window.ts";

/** What a text defines. */
export interface Definitions {
  /** The text's own body under the file's name, and each `define` and `block`. */
  readonly lists: Map<string, ListNode>;
  /** Names of all functions called. */
  readonly functions: Set<string>;
  /** Whether a definition has the file's own name: then the result depends on that name. */
  definesFile: boolean;
  /** Statements and operands in all. */
  nodes: number;
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
  const definitions: Definitions = { lists: new Map(), functions: new Set(), definesFile: false, nodes: 0 };
  new Parser({ file: name, lexer, hasFunction, definitions }).parseFile();
  return definitions;
}

interface Source {
  readonly file: string;
  readonly lexer: Lexer;
  readonly hasFunction: (name: string) => boolean;
  readonly definitions: Definitions;
}

/** One tree: the file, or one definition in it. All trees of a file share the lexer; each has its own look-ahead and variables. */
class Parser {
  readonly #window: TokenWindow;
  readonly #complaints: Complaints;
  readonly #pipelines: PipelineParser;
  #rangeDepth = 0;

  constructor(private readonly source: Source) {
    this.#window = new TokenWindow(source.lexer);
    this.#complaints = new Complaints(source.file, this.#window);
    this.#pipelines = new PipelineParser(this.#window, this.#complaints, {
      hasFunction: source.hasFunction,
      called: source.definitions.functions,
      tally: source.definitions,
    });
  }

  parseFile(): void {
    const window = this.#window;
    const { pos } = window.peek();
    const nodes: Statement[] = [];
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
      if (node.kind === "end" || node.kind === "else") this.#complaints.fail(`unexpected ${nodeText(node)}`);
      nodes.push(node);
    }
    this.#add(this.source.file, { kind: "list", pos, nodes: fitted(nodes) });
  }

  /** Registers a definition; only an empty one may be defined again within a file. */
  #add(name: string, list: ListNode): void {
    const { lists } = this.source.definitions;
    const known = lists.get(name);
    if (known === undefined || isEmptyList(known)) lists.set(name, list);
    else if (!isEmptyList(list)) this.#complaints.fail(`template: multiple definition of template ${quote(name)}`);
  }

  /** `define NAME`; the keyword is past. */
  #definition(): void {
    const context = "define clause";
    const name = this.#templateName(this.#window.nextNonSpace(), context);
    this.#complaints.expect("rightDelim", context);
    this.#body(name, context);
  }

  /** The body of a definition up to its end. */
  #body(name: string, context: string): void {
    const [list, end] = this.#list();
    if (end.kind !== "end") this.#complaints.fail(`unexpected ${nodeText(end)} in ${context}`);
    if (name === this.source.file) this.source.definitions.definesFile = true;
    this.#add(name, list);
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== "string" && token.kind !== "rawString") this.#complaints.unexpected(token, context);
    return this.#complaints.unquoted(token);
  }

  /** Statements up to `end` or `else`. */
  #list(): [ListNode, EndNode | ElseNode] {
    const { pos } = this.#window.peekNonSpace();
    const nodes: Statement[] = [];
    while (this.#window.peekNonSpace().kind !== "eof") {
      const node = this.#textOrAction();
      if (node.kind === "end" || node.kind === "else") return [{ kind: "list", pos, nodes: fitted(nodes) }, node];
      nodes.push(node);
    }
    this.#complaints.fail("unexpected EOF");
  }

  #textOrAction(): Statement | EndNode | ElseNode {
    const token = this.#window.nextNonSpace();
    this.source.definitions.nodes++;
    if (token.kind === "text") return { kind: "text", pos: token.pos, text: token.text };
    if (token.kind !== "leftDelim") this.#complaints.unexpected(token, "input");
    this.#complaints.actionLine = token.line;
    const node = this.#action();
    this.#complaints.actionLine = 0;
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
        return { kind: "end", pos: this.#complaints.expect("rightDelim", "end").pos };
      case "if":
      case "with":
      case "range":
        return this.#branch(token.kind);
      case "template":
        return this.#template();
    }
    this.#window.backup();
    const { pos } = this.#window.peek();
    return { kind: "action", pos, pipe: this.#pipelines.pipeline("command", "rightDelim") };
  }

  #leaveRange(kind: "break" | "continue", pos: number): Statement {
    const token = this.#window.nextNonSpace();
    if (token.kind !== "rightDelim") this.#complaints.unexpected(token, `{{${kind}}}`);
    if (this.#rangeDepth === 0) this.#complaints.fail(`{{${kind}}} outside {{range}}`);
    return { kind, pos };
  }

  #else(): ElseNode {
    const next = this.#window.peekNonSpace();
    // "else if" and "else with" read as an else that holds the rest: the keyword stays pending.
    if (next.kind === "if" || next.kind === "with") return { kind: "else", pos: next.pos };
    return { kind: "else", pos: this.#complaints.expect("rightDelim", "else").pos };
  }

  #branch(kind: BranchNode["kind"]): BranchNode {
    const scope = this.#pipelines.variables.length;
    const pipe = this.#pipelines.pipeline(kind, "rightDelim");
    if (kind === "range") this.#rangeDepth++;
    const [list, next] = this.#list();
    if (kind === "range") this.#rangeDepth--;
    const elseList = next.kind === "else" ? this.#elseList(kind, next) : undefined;
    this.#pipelines.variables.length = scope;
    return { kind, pos: pipe.pos, pipe, list, elseList };
  }

  #elseList(kind: BranchNode["kind"], start: ElseNode): ListNode {
    if (kind !== "range" && this.#window.peek().kind === kind) {
      this.#window.next();
      // The inner branch takes the one "end" for both.
      return { kind: "list", pos: start.pos, nodes: [this.#branch(kind)] };
    }
    const [list, end] = this.#list();
    if (end.kind !== "end") this.#complaints.fail(`expected end; found ${nodeText(end)}`);
    return list;
  }

  #block(): TemplateNode {
    const context = "block clause";
    const token = this.#window.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipelines.pipeline(context, "rightDelim");
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
    return { kind: "template", pos: token.pos, name, pipe: this.#pipelines.pipeline(context, "rightDelim") };
  }
}
