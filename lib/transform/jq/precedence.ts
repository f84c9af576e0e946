import type { Node } from "./ast.ts";

/** How strongly operators bind, and to which side they group. */
export const OPERATORS: Readonly<Record<string, readonly [strength: number, side: "left" | "right" | "none"]>> = {
  ",": [1, "left"],
  "//": [2, "right"],
  "=": [3, "none"],
  "|=": [3, "none"],
  "+=": [3, "none"],
  "-=": [3, "none"],
  "*=": [3, "none"],
  "/=": [3, "none"],
  "%=": [3, "none"],
  "//=": [3, "none"],
  or: [4, "left"],
  and: [5, "left"],
  "==": [6, "none"],
  "!=": [6, "none"],
  "<": [6, "none"],
  "<=": [6, "none"],
  ">": [6, "none"],
  ">=": [6, "none"],
  "+": [7, "left"],
  "-": [7, "left"],
  "*": [8, "left"],
  "/": [8, "left"],
  "%": [8, "left"],
};
const ASSIGNMENTS = new Set(["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="]);

/** Two operands joined by an operator. */
export function joined(operator: string, left: Node, right: Node): Node {
  if (operator === ",") return { kind: "comma", left, right };
  if (ASSIGNMENTS.has(operator)) return { kind: "assign", operator, left, right };
  return { kind: "binary", operator, left, right };
}
