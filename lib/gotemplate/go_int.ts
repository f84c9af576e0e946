/**
 * Go's integers. A float64 is a JavaScript number, so an integer has to be told apart: it is a small immutable object
 * that carries its kind. Small ones are cached, and arithmetic that leaves the exact range of a number continues as bigint.
 *
 * @module
 */
import type { IntKind } from "./go_type.ts";

/** An integer of one of Go's kinds. Immutable. */
export class GoInt {
  /**
   * @param kind Which of Go's integer kinds.
   * @param value A number when it is a safe integer, else a bigint; never a bigint for a safe integer.
   */
  private constructor(readonly kind: IntKind, readonly value: number | bigint) {}

  /** The integer of a kind, wrapped around at the kind's width as Go's conversions do. A float is truncated towards zero. */
  static of(kind: IntKind, value: number | bigint): GoInt {
    if (typeof value === "number") {
      const whole = Math.trunc(value);
      if (Number.isSafeInteger(whole) && fits(kind, whole)) {
        // Adding 0 turns a negative zero, which no Go integer has, into zero.
        return cached(kind, whole + 0) ?? new GoInt(kind, whole + 0);
      }
      return GoInt.of(kind, Number.isFinite(whole) ? BigInt(whole) : -(1n << 63n));
    }
    const wrapped = isUnsigned(kind) ? BigInt.asUintN(bits(kind), value) : BigInt.asIntN(bits(kind), value);
    const small = Number(wrapped);
    if (!Number.isSafeInteger(small)) return new GoInt(kind, wrapped);
    return cached(kind, small) ?? new GoInt(kind, small);
  }

  /** @internal Fills the cache. */
  static fresh(kind: IntKind, value: number): GoInt {
    return new GoInt(kind, value);
  }

  /** Decimal digits, as `%d`. */
  toString(): string {
    return String(this.value);
  }
}

const WIDTH: Record<IntKind, number> = {
  int: 64,
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
};

/** Width of an integer kind in bits; `int` and `uint` have 64, as on the platforms Helm is built for. */
export function bits(kind: IntKind): number {
  return WIDTH[kind];
}

/** Whether the kind has no sign. */
export function isUnsigned(kind: IntKind): boolean {
  return kind.charCodeAt(0) === 117; // "u"
}

/** Whether a safe integer needs no wrapping in this kind. */
function fits(kind: IntKind, value: number): boolean {
  const width = WIDTH[kind];
  if (isUnsigned(kind)) return value >= 0 && (width === 64 || value < 2 ** width);
  return width === 64 || (value >= -(2 ** (width - 1)) && value < 2 ** (width - 1));
}

const CACHE_FROM = -128;
const CACHE_TO = 1023;

function row(kind: IntKind): readonly GoInt[] {
  return Array.from({ length: CACHE_TO - CACHE_FROM + 1 }, (_, i) => GoInt.fresh(kind, i + CACHE_FROM));
}

const cacheInt = row("int");
const cacheInt64 = row("int64");

function cached(kind: IntKind, value: number): GoInt | undefined {
  if (value < CACHE_FROM || value > CACHE_TO) return undefined;
  if (kind === "int") return cacheInt[value - CACHE_FROM];
  if (kind === "int64") return cacheInt64[value - CACHE_FROM];
  return undefined;
}

/** Go's `int(value)`. */
export function int(value: number | bigint): GoInt {
  return GoInt.of("int", value);
}

/** Go's `int64(value)`. */
export function int64(value: number | bigint): GoInt {
  return GoInt.of("int64", value);
}

/** Go's `uint64(value)`. */
export function uint64(value: number | bigint): GoInt {
  return GoInt.of("uint64", value);
}

/** The integer (or float64) as a float64; integers above 2^53 are rounded as Go's `float64(i)` rounds. */
export function toNumber(value: GoInt | number): number {
  return typeof value === "number" ? value : Number(value.value);
}

/** The integer as a bigint. */
export function toBigInt(value: GoInt): bigint {
  return BigInt(value.value);
}
