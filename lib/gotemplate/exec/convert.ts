/**
 * Whether a value may be passed where a Go type is wanted, and as what.
 *
 * @module
 */
import type { GoType } from "../go_type.ts";
import { GoFunction } from "../signature.ts";
import {
  GoBytes,
  GoComplex,
  GoInt,
  GoMap,
  GoObject,
  GoSlice,
  type Operand,
  typeOf,
  types,
  type Value,
} from "../value.ts";
import { NamedMap } from "../named_map.ts";
import { fault } from "./fault.ts";

/** Whether nil may stand for a value of the type. */
export function canBeNil({ kind }: GoType): boolean {
  return kind === "interface" || kind === "map" || kind === "slice" || kind === "ptr" || kind === "func";
}

/** The zero value of a type. A pointer's and a function's is `null`, a map's and slice's is nil but can be read. */
export function zeroOf(type: GoType): Value {
  switch (type.kind) {
    case "string":
      return "";
    case "bool":
      return false;
    case "float64":
      return 0;
    case "complex128":
      return new GoComplex(0, 0);
    case "map":
      return new GoMap(null, type, true);
    case "slice":
      return zeroSlice(type);
    case "interface":
    case "ptr":
    case "func":
    case "struct":
      return null;
    default:
      return GoInt.of(type.kind, 0);
  }
}

function zeroSlice(type: GoType): Value {
  if (type === types.slice) return [];
  if (type === types.bytes) return new GoBytes(new Uint8Array());
  return new GoSlice(type, [], true);
}

/** Whether a type is composed of others and has no name of its own: such types are assignable to and from named ones. */
function isUnnamed({ name }: GoType): boolean {
  return name.startsWith("[]") || name.startsWith("map[");
}

/**
 * Go's assignability of a value to a type; the result is what the receiver gets, `undefined` when it does not fit.
 * Besides identical types: anything to `interface{}`, a named slice or map to its plain type, a pointer to what it points to.
 */
export function assign(value: Value, type: GoType): Operand {
  if (type === types.any) return value;
  const own = typeOf(value);
  if (own === undefined) return undefined;
  if (own === type) return value;
  if (value instanceof GoFunction && type === types.func) return value;
  if (value instanceof NamedMap && type === value.plain.type) return value.plain;
  if (!(value instanceof GoObject)) return undefined;
  if (own.kind === "ptr" && own.elem === type) return value;
  const below = value.underlying();
  if (below !== undefined && below !== null && isUnnamed(type) && typeOf(below) === type) return below;
  if (type === types.error && value.goString() !== undefined) return value;
  return undefined;
}

/**
 * The argument for a parameter, or Go's complaint. `null` is a nil interface value found in data, `undefined` no value at all.
 */
export function convert(value: Operand, type: GoType, place: number): Value {
  if (value === undefined) {
    if (canBeNil(type)) return zeroOf(type);
    return fault(place, `invalid value; expected ${type.name}`);
  }
  const fitting = assign(value, type);
  if (fitting !== undefined) return fitting;
  return fault(place, `wrong type for value; expected ${type.name}; got ${typeOf(value)?.name ?? types.any.name}`);
}
