/**
 * Sprig's idea of *empty*: nil, false, zero, and whatever has no elements. Structs are never empty.
 *
 * @module
 */
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type Operand } from "../value.ts";

/** Whether a value is empty. */
export function isEmpty(value: Operand): boolean {
  switch (typeof value) {
    case "undefined":
      return true;
    case "string":
      return value === "";
    case "number":
      return value === 0;
    case "boolean":
      return !value;
  }
  if (value === null) return true;
  if (value instanceof GoInt) return value.value === 0;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof GoMap) return value.size === 0;
  if (value instanceof GoSlice) return value.items.length === 0;
  if (value instanceof GoBytes) return value.bytes.length === 0;
  if (value instanceof GoComplex) return value.re === 0 && value.im === 0;
  if (value instanceof GoObject) {
    const below = value.underlying();
    return below !== undefined && isEmpty(below);
  }
  return false; // a function
}
