/**
 * What generated code may call.
 *
 * @module
 */
import { isLiteral, literalFor } from "../compile/constant.ts";
import { valueText } from "../fmt/print.ts";
import { nodeText } from "../parse/node_text.ts";
import { GoFunction } from "../signature.ts";
import { GoInt, GoObject, type Operand, typeOf, types, type Value } from "../value.ts";
import { callValue } from "./builtins.ts";
import { equal } from "./compare.ts";
import { convert, zeroOf } from "./convert.ts";
import { enter } from "./execution.ts";
import { Fault, fault, type Place, raise } from "./fault.ts";
import { argumentType, callMethod, fieldAccess, methodArgument, methodOf, type MissingKey } from "./field.ts";
import { iterate } from "./iterate.ts";
import { truth } from "./truth.ts";

/** The names that generated code takes from the table. */
export const RUNTIME_NAMES = [
  "callMethod",
  "callValue",
  "convert",
  "enter",
  "equal",
  "fault",
  "field",
  "iterate",
  "literalArgument",
  "methodArgument",
  "methodOf",
  "print",
  "raise",
  "text",
  "truth",
  "zeroOf",
] as const;

/** The table that a unit is linked with. */
export type RuntimeTable = Readonly<Record<typeof RUNTIME_NAMES[number], unknown>>;

/** A string argument. */
function text(value: Operand, place: number): Operand {
  return typeof value === "string" ? value : convert(value, types.string, place);
}

/** The table for a `missingkey` option and a unit's places. */
export function runtimeFor(missingKey: MissingKey, places: readonly Place[]): RuntimeTable {
  return {
    callMethod,
    callValue,
    convert,
    enter,
    equal,
    fault,
    field: fieldAccess(missingKey),
    iterate,
    literalArgument: (method: GoFunction, index: number, place: number) =>
      literalArgument(method, index, place, places),
    methodArgument,
    methodOf,
    print: (value: Operand, place: number) => print(value, place, places),
    raise,
    text,
    truth,
    zeroOf,
  };
}

/** A literal as an argument of a method, whose type decides what it is. */
function literalArgument(method: GoFunction, index: number, place: number, places: readonly Place[]): Value {
  const node = places[place]?.node;
  if (node === undefined || !isLiteral(node)) throw new TypeError("place of a literal argument holds no literal");
  const made = literalFor(node, argumentType(method, index));
  return "value" in made ? made.value : fault(place, made.complaint);
}

/** The text of an action's value. */
function print(value: Operand, place: number, places: readonly Place[]): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "<no value>";
  if (value instanceof GoInt) return String(value.value);
  if (value instanceof GoFunction) {
    const node = places[place]?.node;
    throw new Fault(place, `can't print ${node === undefined ? "" : nodeText(node)} of type ${typeOf(value)?.name}`);
  }
  const shown = valueText(value);
  // A pointer prints as what it points to, unless it prints itself.
  const isPointer = value instanceof GoObject && value.type.kind === "ptr" && value.goString() === undefined;
  return isPointer ? shown.replace(/^&/, "") : shown;
}
