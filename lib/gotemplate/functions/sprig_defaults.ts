/** Sprig's functions on emptiness, choice and types. */
import { deepEqual } from "./deep_equal.ts";
import { isEmpty } from "./empty.ts";
import { kindOf, typeName } from "./reflection.ts";
import { fn, fnVariadic, FunctionError, type FunctionTable } from "../signature.ts";
import { types } from "../value.ts";

/** `default`, `empty`, `coalesce`, `ternary`, `typeOf`, `kindIs`, `fail` and their like. */
export const defaultFunctions: FunctionTable = {
  default: fnVariadic([types.any], types.any, types.any, (fallback, ...given) => {
    const value = given[0];
    return value === undefined || isEmpty(value) ? fallback : value;
  }),
  empty: fn([types.any], types.bool, isEmpty),
  coalesce: fnVariadic([], types.any, types.any, (...values) => values.find((value) => !isEmpty(value)) ?? null),
  all: fnVariadic([], types.any, types.bool, (...values) => !values.some(isEmpty)),
  any: fnVariadic([], types.any, types.bool, (...values) => !values.every(isEmpty)),
  ternary: fn([types.any, types.any, types.bool], types.any, (yes, no, condition) => condition ? yes : no),
  typeOf: fn([types.any], types.string, typeName),
  typeIs: fn([types.string, types.any], types.bool, (name, value) => name === typeName(value)),
  typeIsLike: fn([types.string, types.any], types.bool, (name, value) => {
    const found = typeName(value);
    return found === name || found === `*${name}`;
  }),
  kindOf: fn([types.any], types.string, kindOf),
  kindIs: fn([types.string, types.any], types.bool, (kind, value) => kind === kindOf(value)),
  deepEqual: fn([types.any, types.any], types.bool, deepEqual),
  fail: fn([types.string], types.string, (message) => {
    throw new FunctionError(message);
  }),
};
