/**
 * Go's values in JavaScript. What a template sees is a {@linkcode Value}:
 *
 * | Go | here |
 * |---|---|
 * | `float64` | `number` |
 * | `int`, `int64`, `uint8` … | {@linkcode GoInt}, made by {@linkcode int}, {@linkcode int64}; small ones are cached |
 * | `string` | `string`; bytes that are not UTF-8 ride along as lone surrogates (see `bytes.ts`) |
 * | `bool` | `boolean` |
 * | `nil` | `null`; a *missing* value (Go's zero `reflect.Value`, printed `<no value>`) is `undefined` |
 * | `[]interface{}` | a JavaScript array |
 * | `[]string`, `[]int`, `[]map[string]interface{}` … | {@linkcode GoSlice} with its type; `[]byte` is {@linkcode GoBytes} |
 * | `map[string]interface{}`, `map[string]string` … | {@linkcode GoMap}, a JavaScript `Map` with its type: keys such as `__proto__` are ordinary, `size` and iteration cost nothing |
 * | `complex128` | {@linkcode GoComplex} |
 * | structs, pointers to them, named types, anything with methods | {@linkcode GoObject} |
 * | functions as values | {@linkcode GoFunction} |
 *
 * Maps, arrays and slices are shared and mutable as in Go: who changes one changes it for everybody who holds it.
 *
 * @module
 */
import { type GoType, internType, type IntKind } from "./go_type.ts";
import { GoInt, int64 } from "./go_int.ts";

export { bits, GoInt, int, int64, isUnsigned, toBigInt, toNumber, uint64 } from "./go_int.ts";

/** A Go value. */
export type Value =
  | null
  | boolean
  | number
  | string
  | GoInt
  | GoComplex
  | Value[]
  | GoSlice
  | GoBytes
  | GoMap
  | GoObject
  | GoFunction;

/** A value, or none: the result of a pipeline that found nothing. */
export type Operand = Value | undefined;

/**
 * A map with string keys. The type tells `map[string]interface {}` (the default) from `map[string]string` and others.
 * A nil map (`isNil`) reads as empty and is `null` in JSON; Go panics with `assignment to entry in nil map` on a write.
 */
export class GoMap<V extends Value = Value> extends Map<string, V> {
  /** A map of entries; for a nil map see above. */
  constructor(
    entries?: Iterable<readonly [string, V]> | null,
    readonly type: GoType = types.map,
    readonly isNil: boolean = false,
  ) {
    super(entries ?? null);
  }

  /** The method of that name, bound to this map; only named types have some. */
  method(_name: string): GoFunction | undefined {
    return undefined;
  }
}

/** A slice whose elements are not `interface{}`: `[]string`, `[]int` … Elements are ordinary values of the element type. */
export class GoSlice<V extends Value = Value> {
  /**
   * A slice of elements, shared with the caller.
   *
   * @param type The slice's type, e.g. `sliceOf(types.string)`.
   * @param isNil Whether it is Go's nil slice, which prints as `[]` but is `null` in JSON.
   */
  constructor(readonly type: GoType, readonly items: V[], readonly isNil: boolean = false) {}
}

/** `[]byte` (`[]uint8`). */
export class GoBytes {
  /** Bytes, shared with the caller. */
  constructor(readonly bytes: Uint8Array) {}
}

/** `complex128`. */
export class GoComplex {
  /** Real and imaginary part. */
  constructor(readonly re: number, readonly im: number) {}
}

/**
 * A value with fields or methods: a struct, a pointer to one, or a named type such as `time.Duration`.
 * Subclasses override what they have.
 */
export abstract class GoObject {
  /** The dynamic type: name as `%T` prints it, kind as `kindOf` does. */
  abstract readonly type: GoType;

  /** Whether this is a part of a struct that a pointer leads to: it then has the methods of its pointer, too. */
  get isPart(): boolean {
    return false;
  }

  /** Whether this is a nil pointer. */
  get isNil(): boolean {
    return false;
  }

  /** What a parameter of type `interface {}` gets: the copy of a part is no part. */
  detached(): GoObject {
    return this;
  }

  /** A copy of the exported fields, and only these: what a copy by reflection gives. */
  exported(): GoObject {
    return this;
  }

  /** What a pointer points to; of anything else, the value itself. */
  dereferenced(): GoObject {
    return this;
  }

  /** Go's `==` with another value of the same type. */
  equals(other: GoObject): boolean {
    return this === other;
  }

  /** For a named type: another value of it, made of a plain one. */
  ofType(plain: Value): Value {
    return plain;
  }

  /** Names of the exported fields in order of declaration (for `%v` of a struct). */
  fieldNames(): readonly string[] {
    return [];
  }

  /** All fields, those that are not exported too: what verbs print that do not suit the value as a whole. */
  printedFields(): readonly (readonly [name: string, value: Value])[] {
    return this.fieldNames().map((name) => [name, this.field(name) ?? null]);
  }

  /** The exported field of that name; `undefined` when there is none. */
  field(_name: string): Operand {
    return undefined;
  }

  /** The exported method of that name, bound to this value; `undefined` when there is none. */
  method(_name: string): GoFunction | undefined {
    return undefined;
  }

  /** Go's `String()` (or `Error()`), which `%v` and `%s` use; `undefined` when the type has neither. */
  goString(): string | undefined {
    return undefined;
  }

  /** Go's `GoString()`, which `%#v` uses; `undefined` when the type has none. */
  goSyntax(): string | undefined {
    return undefined;
  }

  /** For a named type that is not a struct: the plain value below it (`time.Duration` → int64), used by comparison, range, len and index. */
  underlying(): Value | undefined {
    return undefined;
  }

  /** The value as plain JSON data (what Go's `json.Marshal` sees); by default that of the underlying value or the fields. */
  toJson(): unknown {
    const below = this.underlying();
    if (below !== undefined) return toJson(below);
    return Object.fromEntries(this.fieldNames().map((name) => [name, toJson(this.field(name) ?? null)]));
  }
}

/** A declared function or bound method (see `signature.ts`); also a value (`call .fn 1`). */
export class GoFunction {
  /** `func(int, ...string) string`. */
  readonly type: GoType;

  /**
   * A declared function; `fn` and `fnVariadic` make one with types checked.
   *
   * @param params Types of the fixed parameters.
   * @param rest Element type of the final `...` parameter, absent where the function is not variadic.
   * @param call The implementation. Throws `FunctionError` where Go returns an error or panics.
   * @param reflects Whether parameters of type `interface{}` are Go's `reflect.Value`: a missing value then arrives as
   *   `undefined` instead of `null`. The built-in functions only.
   */
  constructor(
    readonly params: readonly GoType[],
    readonly rest: GoType | undefined,
    readonly result: GoType,
    readonly call: (...args: Operand[]) => Value,
    readonly reflects: boolean = false,
  ) {
    const list = params.map((param) => param.name);
    if (rest !== undefined) list.push(`...${rest.name}`);
    this.type = internType(`func(${list.join(", ")}) ${result.name}`, "func");
  }
}

/** Go's slice type of an element type. */
export function sliceOf<T>(elem: GoType<T>): GoType<GoSlice> {
  return internType(`[]${elem.name}`, "slice", { elem });
}

/** Go's map type with string keys. */
export function mapOf<T extends Value>(elem: GoType<T>): GoType<GoMap<T>> {
  return internType(`map[string]${elem.name}`, "map", { key: types.string, elem });
}

const any: GoType<Value> = internType("interface {}", "interface");
const string: GoType<string> = internType("string", "string");
const intType = (kind: IntKind): GoType<GoInt> => internType(kind, kind);
const uint8 = intType("uint8");

/** The types that templates and functions meet most. `types.any` is `interface{}`. */
export const types = {
  any,
  string,
  bool: internType<boolean>("bool", "bool"),
  float64: internType<number>("float64", "float64"),
  complex128: internType<GoComplex>("complex128", "complex128"),
  int: intType("int"),
  int8: intType("int8"),
  int16: intType("int16"),
  int32: intType("int32"),
  int64: intType("int64"),
  uint: intType("uint"),
  uint8,
  uint16: intType("uint16"),
  uint32: intType("uint32"),
  uint64: intType("uint64"),
  bytes: internType<GoBytes>("[]uint8", "slice", { elem: uint8 }),
  /** `[]interface{}`. */
  slice: internType<Value[]>("[]interface {}", "slice", { elem: any }),
  /** `[]string`. */
  strings: internType<GoSlice<string>>("[]string", "slice", { elem: string }),
  /** `map[string]interface{}`. */
  map: internType<GoMap>("map[string]interface {}", "map", { key: string, elem: any }),
  /** `map[string]string`. */
  stringMap: internType<GoMap<string>>("map[string]string", "map", { key: string, elem: string }),
  /** `error`. */
  error: internType<GoObject | null>("error", "interface"),
  func: internType<GoFunction>("func", "func"),
} as const;

/** The dynamic type of a value; `undefined` for nil. */
export function typeOf(value: Value): GoType | undefined {
  switch (typeof value) {
    case "string":
      return types.string;
    case "number":
      return types.float64;
    case "boolean":
      return types.bool;
  }
  if (value === null) return undefined;
  if (value instanceof GoInt) return types[value.kind];
  if (Array.isArray(value)) return types.slice;
  if (value instanceof GoComplex) return types.complex128;
  if (value instanceof GoBytes) return types.bytes;
  return value.type;
}

/** The elements of any slice but `[]byte` (the live array, not a copy), also of a named slice type; else `undefined`. */
export function sliceItems(value: Operand): Value[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof GoSlice) return value.items;
  if (value instanceof GoBytes) return Array.from(value.bytes, (byte) => GoInt.of("uint8", byte));
  if (value instanceof GoObject) return sliceItems(value.underlying());
  return undefined;
}

/** A `[]string`. */
export function stringSlice(items: string[], isNil = false): GoSlice<string> {
  return new GoSlice(types.strings, items, isNil);
}

/**
 * Plain JavaScript data as Go's JSON and YAML decoders would give it: every number a float64, objects `map[string]interface{}`.
 * A bigint becomes an int64; `undefined` in an object is left out.
 */
export function fromJson(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === "string") return data;
  if (typeof data === "number" || typeof data === "boolean") return data;
  if (typeof data === "bigint") return int64(data);
  if (Array.isArray(data)) return data.map(fromJson);
  if (data instanceof Map) {
    return new GoMap(Array.from(data, ([key, value]): [string, Value] => [String(key), fromJson(value)]));
  }
  const map = new GoMap();
  for (const [key, value] of Object.entries(data)) if (value !== undefined) map.set(key, fromJson(value));
  return map;
}

/**
 * A Go value as plain JavaScript data. Integers become numbers, or bigints beyond 2^53; bytes become base64, as in Go's JSON.
 * Objects have no prototype, so a key `__proto__` is an ordinary one. Functions and complex numbers throw a `TypeError`.
 */
export function toJson(value: Value): unknown {
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (value instanceof GoInt) return value.value;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof GoMap) {
    if (value.isNil) return null;
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, item] of value) object[key] = toJson(item);
    return object;
  }
  if (value instanceof GoSlice) return value.isNil ? null : value.items.map(toJson);
  if (value instanceof GoBytes) return value.bytes.toBase64();
  if (value instanceof GoObject) return value.toJson();
  throw new TypeError(`json: unsupported type: ${typeOf(value)?.name}`);
}
