/**
 * A node's source text as Go's `Node.String()` prints it: normalised spaces, no comments. Messages quote it.
 *
 * @module
 */
import { quote } from "../fmt/quote.ts";
import type { BranchNode, CommandNode, Node, PipeNode } from "./node.ts";

/** The text of a node. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case "list":
      return node.nodes.map(nodeText).join("");
    case "text":
      return node.text;
    case "action":
      return `{{${nodeText(node.pipe)}}}`;
    case "if":
    case "with":
    case "range":
      return branchText(node);
    case "template":
      return `{{template ${quote(node.name)}${node.pipe === undefined ? "" : ` ${nodeText(node.pipe)}`}}}`;
    case "break":
    case "continue":
    case "end":
    case "else":
      return `{{${node.kind}}}`;
    case "pipe":
      return pipeText(node);
    case "command":
      return commandText(node);
    case "field":
      return node.path.map((name) => `.${name}`).join("");
    case "variable":
      return node.path.join(".");
    case "chain":
      return [operandText(node.node), ...node.path].join(".");
    default:
      return leafText(node);
  }
}

type Leaf = Extract<Node, { kind: "identifier" | "dot" | "nil" | "bool" | "number" | "string" }>;

function leafText(node: Leaf): string {
  switch (node.kind) {
    case "identifier":
      return node.name;
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "number":
      return node.text;
    case "string":
      return node.quoted;
  }
}

function branchText({ kind, pipe, list, elseList }: BranchNode): string {
  const otherwise = elseList === undefined ? "" : `{{else}}${nodeText(elseList)}`;
  return `{{${kind} ${nodeText(pipe)}}}${nodeText(list)}${otherwise}{{end}}`;
}

function pipeText({ declared, isAssign, commands }: PipeNode): string {
  const names = declared.map(nodeText).join(", ");
  const head = declared.length === 0 ? "" : `${names} ${isAssign ? "=" : ":="} `;
  return head + commands.map(commandText).join(" | ");
}

function commandText({ words }: CommandNode): string {
  return words.map(operandText).join(" ");
}

/** A pipeline inside a command stands in parentheses. */
function operandText(node: Node): string {
  return node.kind === "pipe" ? `(${pipeText(node)})` : nodeText(node);
}
