/**
 * Truth: what `if`, `with`, `and`, `or` and `not` go by.
 *
 * @module
 */
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type Operand } from "../value.ts";

/** Whether a value is not the zero of its type; empty maps, slices and strings are false, structs are true. */
export function truth(value: Operand): boolean {
  switch (typeof value) {
    case "string":
      return value !== "";
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "undefined":
      return false;
  }
  if (value === null) return false;
  if (value instanceof GoMap) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof GoInt) return value.value !== 0;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoBytes) return value.bytes.length > 0;
  if (value instanceof GoComplex) return value.re !== 0 || value.im !== 0;
  if (value instanceof GoObject) {
    const below = value.underlying();
    return below === undefined || truth(below);
  }
  return true;
}
