/**
 * The syntax tree of a template. Every node carries `pos`, its offset in the text in UTF-16 units, because Go's messages name it.
 *
 * @module
 */

/** What a list holds: text and actions. */
export type Statement =
  | TextNode
  | ActionNode
  | BranchNode
  | TemplateNode
  | BreakNode
  | ContinueNode;

/** What a command's words are. */
export type Operand =
  | FieldNode
  | VariableNode
  | ChainNode
  | IdentifierNode
  | PipeNode
  | DotNode
  | NilNode
  | BoolNode
  | NumberNode
  | StringNode;

/** Any node that may be named in a message. */
export type Node = Statement | Operand | ListNode | CommandNode | EndNode | ElseNode;

/** A run of text and actions. */
export interface ListNode {
  readonly kind: "list";
  readonly pos: number;
  readonly nodes: readonly Statement[];
}

/** Plain text. */
export interface TextNode {
  readonly kind: "text";
  readonly pos: number;
  readonly text: string;
}

/** A pipeline whose value is printed, unless it declares variables. */
export interface ActionNode {
  readonly kind: "action";
  readonly pos: number;
  readonly pipe: PipeNode;
}

/** `if`, `with` or `range`. */
export interface BranchNode {
  readonly kind: "if" | "with" | "range";
  readonly pos: number;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

/** `template NAME PIPELINE`; also what a `block` leaves behind. */
export interface TemplateNode {
  readonly kind: "template";
  readonly pos: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

/** `break`. */
export interface BreakNode {
  readonly kind: "break";
  readonly pos: number;
}

/** `continue`. */
export interface ContinueNode {
  readonly kind: "continue";
  readonly pos: number;
}

/** `end`: seen by the parser only. */
export interface EndNode {
  readonly kind: "end";
  readonly pos: number;
}

/** `else`: seen by the parser only. */
export interface ElseNode {
  readonly kind: "else";
  readonly pos: number;
}

/** Commands joined by `|`, with the variables they set. */
export interface PipeNode {
  readonly kind: "pipe";
  readonly pos: number;
  /** `=` instead of `:=`. */
  readonly isAssign: boolean;
  readonly declared: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

/** Words separated by space. */
export interface CommandNode {
  readonly kind: "command";
  readonly pos: number;
  readonly words: readonly Operand[];
}

/** `.a.b`. */
export interface FieldNode {
  readonly kind: "field";
  readonly pos: number;
  readonly path: readonly string[];
}

/** `$x.a`; `path` begins with the name, dollar included. */
export interface VariableNode {
  readonly kind: "variable";
  readonly pos: number;
  readonly path: readonly [string, ...string[]];
}

/** Fields of anything else: `(pipeline).a.b`. */
export interface ChainNode {
  readonly kind: "chain";
  readonly pos: number;
  readonly node: Operand;
  readonly path: readonly string[];
}

/** The name of a function. */
export interface IdentifierNode {
  readonly kind: "identifier";
  readonly pos: number;
  readonly name: string;
}

/** `.` */
export interface DotNode {
  readonly kind: "dot";
  readonly pos: number;
}

/** `nil` */
export interface NilNode {
  readonly kind: "nil";
  readonly pos: number;
}

/** `true` or `false` */
export interface BoolNode {
  readonly kind: "bool";
  readonly pos: number;
  readonly value: boolean;
}

/** A number, under every type that can hold it: Go's ideal constants. */
export interface NumberNode {
  readonly kind: "number";
  readonly pos: number;
  readonly text: string;
  readonly int?: bigint;
  readonly uint?: bigint;
  readonly float?: number;
  readonly complex?: { readonly re: number; readonly im: number };
}

/** A string; `quoted` is its source. */
export interface StringNode {
  readonly kind: "string";
  readonly pos: number;
  readonly quoted: string;
  readonly text: string;
}

const NOTHING: readonly never[] = [];

/** The items in an array of just their number: one that has grown has room for many more, and trees stay for long. */
export function fitted<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? NOTHING : items.slice();
}

/** Whether there is nothing but space: such a definition does not replace another one. */
export function isEmptyList(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === "text" && node.text.trim() === "");
}
