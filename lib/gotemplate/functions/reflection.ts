/**
 * What Go's reflection says about a value.
 *
 * @module
 */
import { FunctionError } from "../signature.ts";
import { type Operand, typeOf } from "../value.ts";

/** The name of the kind: `string`, `map`, `slice`, `float64`, `ptr`; `invalid` for nil. */
export function kindOf(value: Operand): string {
  return value === undefined || value === null ? "invalid" : typeOf(value)?.kind ?? "invalid";
}

/** The name of the type as `%T` prints it; `<nil>` for nil. */
export function typeName(value: Operand): string {
  return value === undefined || value === null ? "<nil>" : typeOf(value)?.name ?? "<nil>";
}

/** What Go says when a function looks into nil. */
export function nilPanic(): FunctionError {
  return new FunctionError("runtime error: invalid memory address or nil pointer dereference");
}
