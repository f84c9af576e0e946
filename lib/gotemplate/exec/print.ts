/**
 * The text of an action's value.
 *
 * @module
 */
import { valueText } from "../fmt/print.ts";
import type { Node } from "../parse/node.ts";
import { nodeText } from "../parse/node_text.ts";
import { GoFunction } from "../signature.ts";
import { GoInt, GoObject, type Operand, typeOf } from "../value.ts";
import { fault } from "./fault.ts";

/** A pointer prints as what it points to, unless it prints itself. */
export function pointee(value: GoObject): GoObject {
  return value.goString() === undefined ? value.dereferenced() : value;
}

/** What an action prints; a complaint names its node. */
export function print(value: Operand, place: number, node: Node): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "<no value>";
  if (value instanceof GoInt) return String(value.value);
  if (value instanceof GoFunction) fault(place, `can't print ${nodeText(node)} of type ${typeOf(value)?.name}`);
  if (!(value instanceof GoObject)) return valueText(value);
  // A part of a struct has an address: it prints itself by the methods of its pointer, too.
  const own = value.isPart ? value.method("String")?.call() : undefined;
  if (typeof own === "string") return own;
  return valueText(pointee(value));
}
