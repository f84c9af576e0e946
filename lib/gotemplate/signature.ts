/**
 * How a function is declared for templates: its Go parameter types, result type and implementation. The engine checks and
 * converts arguments by the declared types with Go's rules and messages, so an implementation can trust what it gets.
 *
 * ```ts
 * import { fn, FunctionError, type FunctionTable, fnVariadic, sliceBytes, toNumber, types } from "./mod.ts";
 *
 * export const functions: FunctionTable = {
 *   trunc: fn([types.int, types.string], types.string, (count, text) => sliceBytes(text, 0, toNumber(count))),
 *   list: fnVariadic([], types.any, types.slice, (...items) => items),
 *   fail: fn([types.string], types.string, (message) => {
 *     throw new FunctionError(message);
 *   }),
 * };
 * ```
 *
 * What an implementation receives: `types.string` a string, every int kind a {@linkcode GoInt} of that kind, `types.float64` a
 * number, `types.any` any value with nil as `null` (never `undefined`). nil is also accepted by Go for map, slice, func and
 * pointer parameters: the implementation then gets a nil `GoMap` (`isNil`), an empty array, a nil `GoSlice` – never `null`.
 * A result is taken as it is: return `int(3)` for an int, `3` for a float64, `null` for a nil `interface{}`.
 *
 * @module
 */
import type { GoType, NativeOf } from "./go_type.ts";
import { GoFunction, type Value } from "./value.ts";

export { GoFunction };

/** Functions by the name that templates use. */
export type FunctionTable = Readonly<Record<string, GoFunction>>;

/** The TypeScript parameters behind a list of Go types. */
export type NativesOf<P extends readonly GoType[]> = { -readonly [K in keyof P]: NativeOf<P[K]> };

/** The error that a template function returns (or its panic): shown as `error calling NAME: MESSAGE`. */
export class FunctionError extends Error {
  /** `FunctionError`. */
  override readonly name = "FunctionError";
}

/** Declares a function with fixed parameters. */
export function fn<const P extends readonly GoType[], R extends Value>(
  params: P,
  result: GoType<R>,
  call: (...args: NativesOf<P>) => R,
): GoFunction {
  return new GoFunction(params, undefined, result, checked(call));
}

/** Declares a variadic function: fixed parameters, then any number of `rest`. */
export function fnVariadic<const P extends readonly GoType[], V, R extends Value>(
  params: P,
  rest: GoType<V>,
  result: GoType<R>,
  call: (...args: [...NativesOf<P>, ...V[]]) => R,
): GoFunction {
  return new GoFunction(params, rest, result, checked(call));
}

/** The one place where checked arguments meet their declared types: the engine has matched each against `params` before the call. */
function checked(call: unknown): GoFunction["call"] {
  return call as GoFunction["call"];
}
