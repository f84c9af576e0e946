/**
 * Text, actions and branches as JavaScript statements: one function a definition.
 *
 * @module
 */
import type { ActionNode, BranchNode, ListNode, Statement, TemplateNode } from "../parse/node.ts";
import { types } from "../value.ts";
import { type DefinitionScope, literal } from "./code.ts";
import { type Dot, Expressions } from "./expression.ts";
import { Variables } from "./variables.ts";

/** The JavaScript function of one definition: `(S, d0) => string`, where `S` is the execution and `d0` dot; `L` is its site. */
export function definitionCode(list: ListNode, unit: DefinitionScope): string {
  const writer = new StatementWriter(unit);
  writer.list(list, { js: "d0", boxed: undefined });
  const { variables, lines } = writer;
  return [
    "function (S, d0) {",
    `let o = "", at = -1; ${variables.declarations()}`,
    "const B = S.budget; if (--B.fuel < 0) B.check(0);",
    "try {",
    ...lines,
    `} catch (error) { throw raise(error, at, L, B.depth); }`,
    "if (o.length > B.output) B.tooLong();",
    "return o;",
    "}",
  ].join("\n");
}

/** Longer texts stay out of the source, which JavaScript would have to read once more. */
const LONG_TEXT = 80;

class StatementWriter {
  readonly lines: string[] = [];
  readonly variables = new Variables();
  readonly #expressions: Expressions;

  constructor(private readonly unit: DefinitionScope) {
    this.#expressions = new Expressions(unit, this.variables);
  }

  list(list: ListNode, dot: Dot): void {
    for (const node of list.nodes) {
      this.#statement(node, dot);
      this.variables.release();
    }
  }

  #statement(node: Statement, dot: Dot): void {
    switch (node.kind) {
      case "text":
        return this.#line(`o += ${node.text.length > LONG_TEXT ? this.unit.constant(node.text) : literal(node.text)};`);
      case "action":
        return this.#action(node, dot);
      case "if":
      case "with":
        return this.variables.scoped(() => this.#condition(node, dot));
      case "range":
        return this.variables.scoped(() => this.#range(node, dot));
      case "template":
        return this.#template(node, dot);
      case "break":
      case "continue":
        return this.#line(`${node.kind};`);
    }
  }

  #line(code: string): void {
    this.lines.push(code);
  }

  #action(node: ActionNode, dot: Dot): void {
    const value = this.#expressions.pipeline(node.pipe, dot);
    if (node.pipe.declared.length > 0) return this.#line(`${value.js};`);
    if (value.type === types.string) return this.#line(`o += ${value.js};`);
    this.#line(`o += print(${value.js}, ${this.unit.place(node)});`);
  }

  #condition(node: BranchNode, dot: Dot): void {
    const value = this.#expressions.pipeline(node.pipe, dot);
    this.variables.release();
    if (node.kind === "if") {
      const test = value.type === types.bool ? value.js : `truth(${value.js})`;
      this.#line(`if (${test}) {`);
      this.#scope(node.list, dot);
    } else {
      const inner = this.variables.unique("v");
      this.#line(`if (truth(${inner} = ${value.js})) {`);
      this.#scope(node.list, { js: inner, boxed: undefined });
    }
    if (node.elseList !== undefined) {
      this.#line("} else {");
      this.#scope(node.elseList, dot);
    }
    this.#line("}");
  }

  #scope(list: ListNode, dot: Dot): void {
    this.variables.scoped(() => this.list(list, dot));
  }

  #range(node: BranchNode, dot: Dot): void {
    const { declared } = node.pipe;
    const value = this.#expressions.pipeline(node.pipe, dot);
    this.variables.release();
    const names = declared.map(({ path: [name] }) => this.variables.find(name)?.js ?? this.variables.unique("v"));
    const id = this.variables.unique("v");
    const [items, step, inner] = [`i${id}`, `n${id}`, `e${id}`];
    this.#line(`{ const ${items} = iterate(${value.js}, ${declared.length}, ${value.place});`);
    this.#line(`if (${items}.length > 0) {`);
    this.#line(`for (let ${step} = 0; ${step} < ${items}.length; ${step}++) {`);
    this.#line(`if (--B.fuel < 0) B.check(o.length);`);
    this.#line(`const ${inner} = ${items}.item(${step});`);
    const boxed = `${items}.boxed`;
    const element = names[names.length - 1];
    if (names.length === 2) this.#line(`${names[0]} = ${items}.key(${step});`);
    if (element !== undefined) this.#line(`${element} = ${inner};`);
    this.variables.scoped(() => {
      if (element !== undefined) this.variables.box(element, boxed);
      this.list(node.list, { js: inner, boxed });
    });
    this.#line("}");
    if (node.elseList !== undefined) {
      this.#line("} else {");
      this.#scope(node.elseList, dot);
    }
    this.#line("} }");
  }

  #template(node: TemplateNode, dot: Dot): void {
    const place = this.unit.place(node);
    const target = this.variables.unique("v");
    this.#line(`${target} = enter(S, ${literal(node.name)}, ${place});`);
    const value = node.pipe === undefined ? "undefined" : this.#expressions.pipeline(node.pipe, dot).js;
    const temporary = this.variables.temporary();
    this.#line(`${temporary} = ${value}; at = ${~place}; o += ${target}(S, ${temporary}); S.depth--;`);
    this.#line("if (o.length > B.output) B.tooLong();");
  }
}
