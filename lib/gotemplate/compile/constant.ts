/**
 * Literals where a type is wanted: Go's rules for untyped constants.
 *
 * @module
 */
import { canBeNil, zeroOf } from "../exec/convert.ts";
import type { GoType } from "../go_type.ts";
import type { BoolNode, NilNode, NumberNode, StringNode } from "../parse/node.ts";
import { nodeText } from "../parse/node_text.ts";
import { GoComplex, GoInt, int, isUnsigned, type Value } from "../value.ts";

/** Nodes that are their own value. */
export type LiteralNode = BoolNode | NilNode | NumberNode | StringNode;

/** A literal's value, or Go's complaint. */
export type Constant = { readonly value: Value } | { readonly complaint: string };

/** The value of a number where its own syntax must tell the type. */
export function idealNumber(node: NumberNode): Constant {
  const { text } = node;
  if (node.complex !== undefined) return { value: new GoComplex(node.complex.re, node.complex.im) };
  const isHexInt = /^0[xX]./.test(text) && !/[pP]/.test(text);
  if (node.float !== undefined && !isHexInt && text[0] !== "'" && /[.eEpP]/.test(text)) return { value: node.float };
  if (node.int !== undefined) return { value: int(node.int) };
  return { complaint: `${text} overflows int` };
}

/** The value of a literal for a parameter of a type. */
export function literalFor(node: LiteralNode, type: GoType): Constant {
  if (node.kind === "nil") {
    return canBeNil(type) ? { value: zeroOf(type) } : { complaint: `cannot assign nil to ${type.name}` };
  }
  if (type.kind === "interface") return idealValue(node);
  return typed(node, type) ?? { complaint: complaintAbout(node, type) };
}

/** A literal without a wanted type. */
export function idealValue(node: BoolNode | NumberNode | StringNode): Constant {
  if (node.kind === "bool") return { value: node.value };
  return node.kind === "string" ? { value: node.text } : idealNumber(node);
}

function typed(node: BoolNode | NumberNode | StringNode, type: GoType): Constant | undefined {
  const value = node.kind === "number" ? typedNumber(node, type) : typedOther(node, type);
  return value === undefined ? undefined : { value };
}

function typedOther(node: BoolNode | StringNode, { kind }: GoType): Value | undefined {
  if (node.kind === "bool") return kind === "bool" ? node.value : undefined;
  return kind === "string" ? node.text : undefined;
}

function typedNumber(node: NumberNode, { kind }: GoType): Value | undefined {
  switch (kind) {
    case "float64":
      return node.float;
    case "complex128":
      return node.complex === undefined ? undefined : new GoComplex(node.complex.re, node.complex.im);
    case "bool":
    case "string":
    case "interface":
    case "slice":
    case "map":
    case "struct":
    case "ptr":
    case "func":
      return undefined;
  }
  const whole = isUnsigned(kind) ? node.uint : node.int;
  return whole === undefined ? undefined : GoInt.of(kind, whole);
}

const EXPECTED: Readonly<Record<string, string>> = {
  bool: "bool",
  string: "string",
  float64: "float",
  complex128: "complex",
};

function complaintAbout(node: LiteralNode, { kind, name }: GoType): string {
  const wanted = EXPECTED[kind] ??
    (/^int\d*$/.test(kind) ? "integer" : /^uint\d*$/.test(kind) ? "unsigned integer" : undefined);
  if (wanted === undefined) return `can't handle ${nodeText(node)} for arg of type ${name}`;
  return `expected ${wanted}; found ${nodeText(node)}`;
}

/** Whether a node is a literal. */
export function isLiteral(node: { readonly kind: string }): node is LiteralNode {
  return node.kind === "bool" || node.kind === "nil" || node.kind === "number" || node.kind === "string";
}
