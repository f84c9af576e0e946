/**
 * Values as what go-yaml v3 writes of them.
 *
 * @module
 */
import { PlainScalar } from "../../yaml/mod.ts";
import { GoDuration, GoTime } from "./time/values.ts";
import { FunctionError } from "../signature.ts";
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, toJson, type Value } from "../value.ts";

/**
 * The value for `emitYamlPretty`: integers are bigints and floats numbers, durations are texts and times scalars, and structs have
 * their exported fields in their order, in lower case.
 *
 * @throws {FunctionError} for complex numbers.
 */
export function yamlTree(value: Value): unknown {
  if (value instanceof GoInt) return BigInt(value.value);
  if (Array.isArray(value)) return value.map(yamlTree);
  if (value instanceof GoBytes) return Array.from(value.bytes, BigInt);
  if (value instanceof GoSlice) return value.items.map(yamlTree);
  if (value instanceof GoMap) {
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, item] of value) object[key] = yamlTree(item);
    return object;
  }
  if (value instanceof GoComplex) throw new FunctionError("cannot marshal type: complex128");
  if (value instanceof GoDuration) return value.goString();
  if (value instanceof GoTime) return new PlainScalar(String(toJson(value)));
  if (value instanceof GoObject) {
    const below = value.underlying();
    if (below !== undefined) return yamlTree(below);
    const fields = value.fieldNames();
    if (fields.length > 0) {
      return new Map(fields.map((name) => [name.toLowerCase(), yamlTree(value.field(name) ?? null)]));
    }
  }
  return toJson(value);
}
