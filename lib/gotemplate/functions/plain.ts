/**
 * Values as plain data that still tells integers from floats.
 *
 * @module
 */
import { GoDuration } from "./time/values.ts";
import { FunctionError } from "../signature.ts";
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, toJson, type Value } from "../value.ts";

/** Plain data with every integer as a bigint, every float as a number and durations as text. @throws {FunctionError} for complex numbers. */
export function plainInts(value: Value): unknown {
  if (value instanceof GoInt) return BigInt(value.value);
  if (Array.isArray(value)) return value.map(plainInts);
  if (value instanceof GoBytes) return Array.from(value.bytes, BigInt);
  if (value instanceof GoSlice) return value.items.map(plainInts);
  if (value instanceof GoMap) {
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, item] of value) object[key] = plainInts(item);
    return object;
  }
  if (value instanceof GoComplex) throw new FunctionError("cannot marshal type: complex128");
  if (value instanceof GoDuration) return value.goString();
  if (value instanceof GoObject) {
    const below = value.underlying();
    if (below !== undefined) return plainInts(below);
  }
  return toJson(value);
}
