/**
 * The data and functions under which Go gave the results in go_results.json.
 *
 * @module
 */
import { type GoType, internType } from "../go_type.ts";
import { fn, fnVariadic, FunctionError, type FunctionTable, type GoFunction } from "../signature.ts";
import {
  fromJson,
  GoBytes,
  GoComplex,
  GoInt,
  GoMap,
  GoObject,
  GoSlice,
  int,
  int64,
  type Operand,
  sliceOf,
  toBigInt,
  toNumber,
  types,
  uint64,
  type Value,
} from "../value.ts";

const POINT = internType("main.point", "struct");
const POINT_POINTER = internType("*main.point", "ptr", { elem: POINT });

class Point extends GoObject {
  constructor(override readonly type: typeof POINT, private readonly x: number, private readonly y: number) {
    super();
  }

  override dereferenced(): Point {
    return new Point(POINT, this.x, this.y);
  }

  override fieldNames(): readonly string[] {
    return ["X", "Y"];
  }

  override field(name: string): Operand {
    return name === "X" ? int(this.x) : name === "Y" ? int(this.y) : undefined;
  }

  override method(name: string): GoFunction | undefined {
    switch (name) {
      case "Sum":
        return fn([], types.int, () => int(this.x + this.y));
      case "Scale":
        return fn([types.int], types.int, (by) => int((this.x + this.y) * toNumber(by)));
      case "Join":
        return fnVariadic(
          [types.string],
          types.string,
          types.string,
          (separator, ...more) => ["p", ...more].join(separator),
        );
      case "Broken":
        return fn([], types.string, () => {
          throw new FunctionError("broken point");
        });
    }
    return undefined;
  }
}

/** A struct of named fields, or a pointer to one. */
class Record extends GoObject {
  constructor(
    override readonly type: GoType,
    private readonly fields: ReadonlyMap<string, Value>,
    private readonly text?: string,
  ) {
    super();
  }

  override dereferenced(): Record {
    return new Record(this.type.elem ?? this.type, this.fields, this.text);
  }

  override fieldNames(): readonly string[] {
    return Array.from(this.fields.keys());
  }

  override field(name: string): Operand {
    return this.fields.get(name);
  }

  override goString(): string | undefined {
    return this.text;
  }
}

class Versions extends GoObject {
  override readonly type = internType("main.versions", "slice", { elem: types.string });

  override underlying(): Value {
    return new GoSlice<Value>(types.strings, ["v1", "v2"]);
  }

  override method(name: string): GoFunction | undefined {
    if (name !== "Has") return undefined;
    return fn([types.string], types.bool, (version) => version === "v1" || version === "v2");
  }
}

class Duration extends GoObject {
  override readonly type = internType("time.Duration", "int64");

  constructor(private readonly seconds: number) {
    super();
  }

  override underlying(): Value {
    return int64(BigInt(this.seconds) * 1_000_000_000n);
  }

  override goString(): string {
    return "1m30s";
  }

  override method(name: string): GoFunction | undefined {
    if (name === "Seconds") return fn([], types.float64, () => this.seconds);
    return name === "String" ? fn([], types.string, () => this.goString()) : undefined;
  }
}

const PLAIN = internType("main.plain", "struct");

/** The values that JSON cannot express. */
const natives: Readonly<{ [name: string]: Value }> = {
  int: int(3),
  zero: int(0),
  neg: int(-7),
  i64: int64(9007199254740993n),
  i8: GoInt.of("int8", -5),
  u8: GoInt.of("uint8", 200),
  u64: uint64(18446744073709551615n),
  i32: GoInt.of("int32", 120),
  strs: new GoSlice<Value>(types.strings, ["a", "b", "c"]),
  nostrs: new GoSlice<Value>(types.strings, [], true),
  ints: new GoSlice<Value>(sliceOf(types.int), [int(1), int(2), int(3)]),
  smap: new GoMap<Value>([["k", "v"], ["b", "c"]], types.stringMap),
  nilmap: new GoMap(null, types.map, true),
  bytes: new GoBytes(Uint8Array.of(0x68, 0xc3, 0xa9, 0x79, 0xff)),
  bin: "a\udcffb",
  dur: new Duration(90),
  point: new Point(POINT, 1, 2),
  ppoint: new Point(POINT_POINTER, 3, 4),
  named: new Record(internType("*main.named", "ptr"), new Map([["Name", "n"]]), "named:n"),
  plain: new Record(PLAIN, new Map<string, Value>([["A", "x"], ["B", null]])),
  pplain: new Record(
    internType("*main.plain", "ptr", { elem: PLAIN }),
    new Map<string, Value>([["A", "y"], ["B", int(5)]]),
  ),
  vers: new Versions(),
  cplx: new GoComplex(1, -2),
  add: fn([types.int, types.int], types.int, (a, b) => int(toBigInt(a) + toBigInt(b))),
  vari: fnVariadic([types.string], types.int, types.string, (a, ...b) => `${a}[${b.join(" ")}]`),
  bad: fn([], types.string, () => {
    throw new FunctionError("no luck");
  }),
};

/** The data: what JSON gave, and {@linkcode natives}. */
export function fixtureData(json: unknown): GoMap {
  const data = fromJson(json);
  if (!(data instanceof GoMap)) throw new TypeError("fixture data is a map");
  for (const [name, value] of Object.entries(natives)) data.set(name, value);
  return data;
}

/** The functions. */
export const fixtureFunctions: FunctionTable = {
  upper: fn([types.string], types.string, (text) => text.toUpperCase()),
  add: fn([types.int, types.int], types.int, (a, b) => int(toBigInt(a) + toBigInt(b))),
  add64: fn([types.int64, types.int64], types.int64, (a, b) => int64(toBigInt(a) + toBigInt(b))),
  half: fn([types.float64], types.float64, (a) => a / 2),
  u8: fn([types.uint8], types.uint8, (a) => a),
  neg: fn([types.bool], types.bool, (a) => !a),
  any: fn([types.any], types.any, (a) => a),
  keys: fn([types.map], types.int, (map) => int(map.size)),
  dict: fn([], types.map, () => new GoMap([["a", int(1)], ["n", null]])),
  list: fnVariadic([], types.any, types.slice, (...items) => items),
  count: fn([types.slice], types.int, (items) => int(items.length)),
  joins: fnVariadic([types.string], types.string, types.string, (separator, ...items) => items.join(separator)),
  strs: fn([types.strings], types.int, ({ items }) => int(items.length)),
  fail: fn([types.string], types.string, (message) => {
    throw new FunctionError(message);
  }),
  null: fn([], types.any, () => null),
  panics: fn([], types.string, () => {
    throw new FunctionError("oh no");
  }),
  cplx: fn([types.complex128], types.complex128, (a) => a),
};
