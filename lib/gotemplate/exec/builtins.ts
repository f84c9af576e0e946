/**
 * The functions that every template has.
 *
 * @module
 */
import { sprint, sprintln } from "../fmt/print.ts";
import { sprintf } from "../fmt/sprintf.ts";
import type { GoType, IntKind, Kind } from "../go_type.ts";
import { fnVariadic, FunctionError, type FunctionTable, GoFunction } from "../signature.ts";
import { GoInt, GoObject, type Operand, typeOf, types, type Value } from "../value.ts";
import { assign, canBeNil, zeroOf } from "./convert.ts";
import { equal, equalAny, less, lessOrEqual } from "./compare.ts";
import { indexOf, len, sliceOfItem } from "./element.ts";
import { escapeHtml, escapeQuery, escapeScript } from "./escape.ts";
import { pointee } from "./print.ts";
import { truth } from "./truth.ts";

/** A function over Go's `reflect.Value`s: it can tell a missing value from nil. */
function reflecting(count: number, isVariadic: boolean, result: GoType, call: GoFunction["call"]): GoFunction {
  const params = Array.from({ length: count }, () => types.any);
  return new GoFunction(params, isVariadic ? types.any : undefined, result, call, true);
}

/** Text of some operands as an escaping function sees it. */
function joined(values: readonly Value[]): string {
  const [first] = values;
  if (values.length === 1 && typeof first === "string") return first;
  return sprint(
    values.map((value) => value === null ? "<no value>" : value instanceof GoObject ? pointee(value) : value),
  );
}

/** `and` and `or` short-circuit: the compiler makes code of its own for them, these serve calls without arguments to evaluate. */
function chain(stopAt: boolean): GoFunction {
  return reflecting(1, true, types.any, (first, ...others) => {
    let value = first;
    for (const other of others) {
      if (truth(value) === stopAt) break;
      value = other;
    }
    return value ?? null;
  });
}

/** Go's built-in functions. A function of the same name in a template set's table takes precedence. */
export const builtins: FunctionTable = {
  and: chain(false),
  or: chain(true),
  not: reflecting(1, false, types.bool, (value) => !truth(value)),
  eq: reflecting(1, true, types.bool, (first, ...others) => equalAny(first, others)),
  ne: reflecting(2, false, types.bool, (a, b) => !equal(a, b)),
  lt: reflecting(2, false, types.bool, (a, b) => less(a, b)),
  le: reflecting(2, false, types.bool, (a, b) => lessOrEqual(a, b)),
  gt: reflecting(2, false, types.bool, (a, b) => !lessOrEqual(a, b)),
  ge: reflecting(2, false, types.bool, (a, b) => !less(a, b)),
  index: reflecting(1, true, types.any, (item, ...indexes) => indexOf(item, indexes)),
  slice: reflecting(1, true, types.any, (item, ...indexes) => sliceOfItem(item, indexes)),
  len: reflecting(1, false, types.int, len),
  call: reflecting(1, true, types.any, (target, ...args) => callValue("function", target, args)),
  print: fnVariadic([], types.any, types.string, (...values) => sprint(values)),
  println: fnVariadic([], types.any, types.string, (...values) => sprintln(values)),
  printf: fnVariadic([types.string], types.any, types.string, (format, ...values) => sprintf(format, values)),
  html: fnVariadic([], types.any, types.string, (...values) => escapeHtml(joined(values))),
  js: fnVariadic([], types.any, types.string, (...values) => escapeScript(joined(values))),
  urlquery: fnVariadic([], types.any, types.string, (...values) => escapeQuery(joined(values))),
};

/**
 * `call target arg…`.
 *
 * @param name Source text of the target, for messages.
 */
export function callValue(name: string, target: Operand, args: readonly Operand[]): Value {
  if (target === undefined || target === null) throw new FunctionError("call of nil");
  if (!(target instanceof GoFunction)) {
    throw new FunctionError(`non-function ${name} of type ${typeOf(target)?.name}`);
  }
  const fixed = target.params.length;
  if (target.rest !== undefined ? args.length < fixed : args.length !== fixed) {
    const want = target.rest === undefined ? `want ${fixed}` : `want at least ${fixed}`;
    throw new FunctionError(`wrong number of args for ${name}: got ${args.length} ${want}`);
  }
  return target.call(...args.map((argument, i) => prepared(argument, target.params[i] ?? target.rest ?? types.any, i)));
}

/** An argument of `call`: integers of any kind convert to the wanted one, unlike in an ordinary call. */
function prepared(argument: Operand, type: GoType, index: number): Value {
  if (argument === undefined || argument === null) {
    if (canBeNil(type)) return zeroOf(type);
    throw new FunctionError(`arg ${index}: value is nil; should be of type ${type.name}`);
  }
  const fitting = assign(argument, type);
  if (fitting !== undefined) return fitting;
  const below = argument instanceof GoObject ? argument.underlying() : argument;
  if (below instanceof GoInt && isIntKind(type.kind)) return GoInt.of(type.kind, below.value);
  throw new FunctionError(`arg ${index}: value has type ${typeOf(argument)?.name}; should be ${type.name}`);
}

function isIntKind(kind: Kind): kind is IntKind {
  return /^u?int(8|16|32|64)?$/.test(kind);
}
