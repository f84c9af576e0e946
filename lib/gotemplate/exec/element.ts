/**
 * `index`, `slice` and `len`.
 *
 * @module
 */
import { byteLength, encodeUtf8, sliceBytes } from "../bytes.ts";
import { FunctionError } from "../signature.ts";
import { GoBytes, GoInt, GoMap, GoObject, GoSlice, int, type Operand, typeOf, types, type Value } from "../value.ts";
import { assign, zeroOf } from "./convert.ts";

/** A value without its name: a named slice, map or string as the plain one. */
function plain(value: Operand): Operand {
  return value instanceof GoObject ? value.underlying() ?? value : value;
}

/** Name of a value's type; of a pointer, that of what it points to. */
function nameOf(value: Operand): string {
  const type = typeOf(value ?? null);
  if (type === undefined) return "<nil>";
  return type.kind === "ptr" ? type.elem?.name ?? type.name.replace(/^\*/, "") : type.name;
}

/** `index item i j …`. */
export function indexOf(item: Operand, indexes: readonly Operand[]): Value {
  if (item === undefined || item === null) throw new FunctionError("index of untyped nil");
  let current: Value = item;
  for (const index of indexes) {
    if (current === null) throw new FunctionError("index of nil pointer");
    current = element(current, index);
  }
  return current;
}

function element(item: Value, index: Operand): Value {
  const container = plain(item);
  if (container instanceof GoMap) return entry(container, index);
  if (Array.isArray(container)) return container[position(index, container.length, "slice")] ?? null;
  if (container instanceof GoSlice) return container.items[position(index, container.items.length, "slice")] ?? null;
  const bytes = container instanceof GoBytes
    ? container.bytes
    : typeof container === "string"
    ? encodeUtf8(container)
    : undefined;
  if (bytes === undefined) throw new FunctionError(`can't index item of type ${nameOf(item)}`);
  const kind = container instanceof GoBytes ? "slice" : "string";
  return GoInt.of("uint8", bytes[position(index, bytes.length, kind)] ?? 0);
}

function entry(map: GoMap, index: Operand): Value {
  const key = map.type.key ?? types.string;
  if (index === undefined || index === null) throw new FunctionError(`value is nil; should be of type ${key.name}`);
  if (typeof index !== "string" || assign(index, key) === undefined) {
    throw new FunctionError(`value has type ${nameOf(index)}; should be ${key.name}`);
  }
  return map.get(index) ?? (map.has(index) ? null : zeroOf(map.type.elem ?? types.any));
}

/** An index as a number; beyond the length Go panics when it reads, with a message of its own. */
function position(index: Operand, length: number, reads?: "slice" | "string"): number {
  if (index === undefined || index === null) throw new FunctionError("cannot index slice/array with nil");
  const below = plain(index);
  if (!(below instanceof GoInt)) {
    throw new FunctionError(`cannot index slice/array with type ${typeOf(index)?.name}`);
  }
  // Go reads an unsigned index as a signed one.
  const at = Number(BigInt.asIntN(64, BigInt(below.value)));
  if (at < 0 || at > length) throw new FunctionError(`index out of range: ${at}`);
  if (reads !== undefined && at === length) throw new FunctionError(`reflect: ${reads} index out of range`);
  return at;
}

/** `slice item from to max`. */
export function sliceOfItem(item: Operand, indexes: readonly Operand[]): Value {
  if (item === undefined || item === null) throw new FunctionError("slice of untyped nil");
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  const container = plain(item);
  if (typeof container === "string" && indexes.length === 3) throw new FunctionError("cannot 3-index slice a string");
  const length = lengthOf(container);
  if (length === undefined || container instanceof GoMap) {
    throw new FunctionError(`can't slice item of type ${nameOf(item)}`);
  }
  const [from = 0, to = length, max] = indexes.map((index) => position(index, length));
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  if (max !== undefined && to > max) throw new FunctionError(`invalid slice index: ${to} > ${max}`);
  if (typeof container === "string") return sliceBytes(container, from, to);
  if (container instanceof GoBytes) return new GoBytes(container.bytes.subarray(from, to));
  if (container instanceof GoSlice) return new GoSlice(container.type, container.items.slice(from, to));
  return Array.isArray(container) ? container.slice(from, to) : null;
}

/** Length of a string (bytes), slice or map; `undefined` for anything else. */
export function lengthOf(value: Operand): number | undefined {
  const container = plain(value);
  if (typeof container === "string") return byteLength(container);
  if (Array.isArray(container)) return container.length;
  if (container instanceof GoMap) return container.size;
  if (container instanceof GoSlice) return container.items.length;
  if (container instanceof GoBytes) return container.bytes.length;
  return undefined;
}

/** `len item`. */
export function len(item: Operand): GoInt {
  // A nil interface and no value at all fail in different places in Go.
  if (item === null) throw new FunctionError("len of nil pointer");
  if (item === undefined) {
    throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  }
  const length = lengthOf(item);
  if (length === undefined) throw new FunctionError(`len of type ${nameOf(item)}`);
  return int(length);
}
