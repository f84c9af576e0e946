/**
 * `eq ne lt le gt ge` with Go's rules of kinds.
 *
 * @module
 */
import { compareUtf8 } from "../bytes.ts";
import { Flags } from "../fmt/flags.ts";
import { valueText, verbText } from "../fmt/print.ts";
import { FunctionError } from "../signature.ts";
import { GoComplex, GoInt, GoMap, GoObject, GoSlice, isUnsigned, type Operand, typeOf } from "../value.ts";

/** Basic values, those that can be ordered or compared without looking at their type's name. */
type Basic =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "complex"; readonly value: GoComplex }
  | { readonly kind: "int" | "uint"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string };

function basic(value: Operand): Basic | undefined {
  switch (typeof value) {
    case "string":
      return { kind: "string", value };
    case "number":
      return { kind: "float", value };
    case "boolean":
      return { kind: "bool", value };
  }
  if (value instanceof GoInt) return { kind: isUnsigned(value.kind) ? "uint" : "int", value: value.value };
  if (value instanceof GoComplex) return { kind: "complex", value };
  if (value instanceof GoObject && value.type.kind !== "ptr") return basic(value.underlying());
  return undefined;
}

function isInteger({ kind }: Basic): boolean {
  return kind === "int" || kind === "uint";
}

function incompatible(a: Operand, b: Operand): never {
  throw new FunctionError(`incompatible types for comparison: ${nameOf(a)} and ${nameOf(b)}`);
}

function nameOf(value: Operand): string {
  return typeOf(value ?? null)?.name ?? "<nil>";
}

/** `eq a b`. */
export function equal(a: Operand, b: Operand): boolean {
  if (typeof a === "string" && typeof b === "string") return a === b;
  const x = basic(a);
  const y = basic(b);
  if (x !== undefined && y !== undefined) {
    if (x.kind === "complex" && y.kind === "complex") return x.value.re === y.value.re && x.value.im === y.value.im;
    // `==`: a number may stand against a bigint.
    if (x.kind === y.kind || (isInteger(x) && isInteger(y))) return x.value == y.value;
    return incompatible(a, b);
  }
  if ((x ?? y) !== undefined) return isNone(a) || isNone(b) ? false : incompatible(a, b);
  return equalOthers(a, b);
}

function isNone(value: Operand): boolean {
  return value === undefined || value === null;
}

/** Nil of its type, or no value. */
function isNil(value: Operand): boolean {
  return isNone(value) || ((value instanceof GoMap || value instanceof GoSlice) && value.isNil);
}

function equalOthers(a: Operand, b: Operand): boolean {
  if (!isNone(a) && !isNone(b) && typeOf(a ?? null)?.kind !== typeOf(b ?? null)?.kind) {
    throw new FunctionError(`non-comparable types ${show(a)}: ${nameOf(a)}, ${nameOf(b)}: ${valueText(b ?? null)}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  const kind = typeOf(b ?? null)?.kind;
  if (kind === "map" || kind === "slice" || kind === "func") {
    throw new FunctionError(`non-comparable type ${show(b)}: ${nameOf(b)}`);
  }
  return a === b || (a instanceof GoObject && b instanceof GoObject && a.type === b.type && a.equals(b));
}

function show(value: Operand): string {
  return verbText(value ?? null, "s", new Flags());
}

/** `lt a b`. */
export function less(a: Operand, b: Operand): boolean {
  const x = basic(a);
  const y = basic(b);
  if (x === undefined || y === undefined) throw new FunctionError("invalid type for comparison");
  if (isInteger(x) && isInteger(y)) return x.value < y.value;
  if (x.kind !== y.kind) return incompatible(a, b);
  if (x.kind === "string" && y.kind === "string") return compareUtf8(x.value, y.value) < 0;
  if (x.kind === "bool" || x.kind === "complex") throw new FunctionError("invalid type for comparison");
  return x.value < y.value;
}

/** `le a b`: less or equal. */
export function lessOrEqual(a: Operand, b: Operand): boolean {
  return less(a, b) || equal(a, b);
}

/** `eq a b c …`: whether the first equals any of the others. */
export function equalAny(first: Operand, others: readonly Operand[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  return others.some((other) => equal(first, other));
}
