/** Sprig's list functions. Lists are copied, never changed in place, except by `sortAlpha` on a `[]string`. */
import { kindOf, nilPanic } from "./reflection.ts";
import { compareUtf8 } from "../bytes.ts";
import { castInt } from "./cast.ts";
import { deepEqual } from "./deep_equal.ts";
import { isEmpty } from "./empty.ts";
import type { Environment } from "./options.ts";
import { stringsOf, textOf } from "./text_of.ts";
import type { GoType } from "../go_type.ts";
import { fn, fnVariadic, FunctionError, type FunctionTable } from "../signature.ts";
import {
  GoBytes,
  GoInt,
  GoObject,
  GoSlice,
  sliceItems,
  sliceOf,
  stringSlice,
  toNumber,
  types,
  type Value,
} from "../value.ts";

const LISTS = sliceOf(types.slice);
/** `[]interface{}` as the result of functions that may also give its nil. */
const SLICE: GoType<Value> = types.slice;

/** `list`, `first`, `append`, `uniq`, `slice` and the other functions on lists. */
export function listFunctions(env: Environment): FunctionTable {
  const grown = (name: string, items: Value[]) => {
    env.checkItems(name, items.length);
    return items;
  };
  const push = fn(
    [types.any, types.any],
    types.slice,
    (list, item) => grown("append", [...itemsOf(list, "push on"), item]),
  );
  const prepend = fn([types.any, types.any], types.slice, (list, item) => {
    return grown("prepend", [item, ...itemsOf(list, "prepend on")]);
  });
  const has = fn([types.any, types.any], types.bool, (needle, list) => {
    return list !== null && itemsOf(list, "find has on").some((item) => deepEqual(needle, item));
  });
  const without = fnVariadic([types.any], types.any, types.slice, (list, ...omitted) => {
    return itemsOf(list, "find without on").filter((item) => !omitted.some((one) => deepEqual(one, item)));
  });
  const list = fnVariadic([], types.any, types.slice, (...items) => items);
  const chunk = fn([types.int, types.any], LISTS, (size, value) => {
    return new GoSlice<Value>(LISTS, chunks(toNumber(size), itemsOf(value, "chunk")));
  });
  const slice = fnVariadic([types.any], types.any, types.any, (value, ...indices) => sliced(value, indices));
  const one = (verb: string, pick: (items: Value[]) => Value) =>
    fn([types.any], types.any, (value) => pick(itemsOf(value, verb)));
  const many = (verb: string, pick: (items: Value[]) => Value) =>
    fn([types.any], SLICE, (value) => pick(itemsOf(value, verb)));

  const first = one("find first on", (items) => items[0] ?? null);
  const last = one("find last on", (items) => items.at(-1) ?? null);
  const rest = many("find rest on", (items) => items.length === 0 ? NIL : items.slice(1));
  const initial = many("find initial on", (items) => items.length === 0 ? NIL : items.slice(0, -1));
  const reverse = many("find reverse on", (items) => items.toReversed());
  const compact = many("compact on", (items) => items.filter((item) => !isEmpty(item)));
  const uniq = many("find uniq on", distinct);

  return {
    list,
    tuple: list,
    first,
    mustFirst: first,
    last,
    mustLast: last,
    rest,
    mustRest: rest,
    initial,
    mustInitial: initial,
    append: push,
    mustAppend: push,
    push,
    mustPush: push,
    prepend,
    mustPrepend: prepend,
    reverse,
    mustReverse: reverse,
    compact,
    mustCompact: compact,
    uniq,
    mustUniq: uniq,
    without,
    mustWithout: without,
    has,
    mustHas: has,
    slice,
    mustSlice: slice,
    chunk,
    mustChunk: chunk,
    concat: fnVariadic([], types.any, types.any, (...lists) => {
      const all = lists.flatMap((value) => itemsOr(value, (kind) => `Cannot concat type ${kind} as list`));
      return all.length === 0 ? NIL : grown("concat", all);
    }),
    sortAlpha: fn([types.any], types.strings, sortAlpha),
    join: fn([types.string, types.any], types.string, (separator, value) => {
      const items = stringsOf(value).items;
      env.checkCharacters("join", items.reduce((sum, item) => sum + item.length + separator.length, 0));
      return items.join(separator);
    }),
    toStrings: fn([types.any], types.strings, stringsOf),
  };
}

/** A nil `[]interface{}`: it prints like an empty list, but is `null` in JSON. */
const NIL: Value = new GoSlice(types.slice, [], true);

/** The items of a list, or Go's complaint that the verb does not go with such a value. */
function itemsOf(value: Value, verb: string): Value[] {
  return itemsOr(value, (kind) => `Cannot ${verb} type ${kind}`);
}

function itemsOr(value: Value, complaint: (kind: string) => string): Value[] {
  if (value === null) throw nilPanic();
  const items = sliceItems(value);
  if (items === undefined) throw new FunctionError(complaint(kindOf(value)));
  return items;
}

/** The distinct items in order of first appearance. Plain values, the common case, are told apart by a set. */
function distinct(items: readonly Value[]): Value[] {
  const seen = new Set<string>();
  const complex: Value[] = [];
  return items.filter((item) => {
    const key = plainKey(item);
    if (key !== undefined) return !seen.has(key) && seen.add(key);
    if (complex.some((other) => deepEqual(item, other))) return false;
    complex.push(item);
    return true;
  });
}

function plainKey(value: Value): string | undefined {
  if (value === null) return "nil";
  if (typeof value === "string") return `s${value}`;
  // NaN is equal to nothing, itself included.
  if (typeof value === "number" && !Number.isNaN(value)) return `f${value}`;
  if (typeof value === "boolean") return `b${value}`;
  return value instanceof GoInt ? `${value.kind} ${value.value}` : undefined;
}

/** Cuts into lists of a size. The arithmetic is the reference's, whose results for sizes below 1 follow from it. */
function chunks(size: number, items: readonly Value[]): Value[][] {
  const count = Math.floor((items.length - 1) / size) + 1;
  if (!Number.isFinite(count) || count < 0) throw new FunctionError("runtime error: makeslice: len out of range");
  return Array.from({ length: count }, (_, index) => {
    const length = index === count - 1 ? items.length % size || size : size;
    if (length < 0) throw new FunctionError("runtime error: makeslice: len out of range");
    return items.slice(index * size, index * size + length);
  });
}

function sliced(value: Value, indices: readonly Value[]): Value {
  const items = itemsOr(value, (kind) => `list should be type of slice or array but ${kind}`);
  if (items.length === 0) return null;
  const [from, to] = indices;
  const start = from === undefined ? 0 : toNumber(castInt(from));
  const end = to === undefined ? items.length : toNumber(castInt(to));
  if (start < 0 || end < start || end > items.length) {
    throw new FunctionError("reflect.Value.Slice: slice index out of bounds");
  }
  if (value instanceof GoBytes) return new GoBytes(value.bytes.subarray(start, end));
  if (value instanceof GoObject) return value.ofType(sliced(value.underlying() ?? null, indices));
  const part = items.slice(start, end);
  return value instanceof GoSlice ? new GoSlice(value.type, part) : part;
}

function sortAlpha(value: Value): GoSlice<string> {
  if (sliceItems(value) === undefined) return stringSlice([textOf(value)]);
  const strings = stringsOf(value);
  strings.items.sort(compareUtf8);
  return strings;
}
