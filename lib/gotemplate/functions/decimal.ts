/**
 * Exact decimal arithmetic, as sprig's `addf`, `subf`, `mulf` and `divf` compute: `addf 0.1 0.2` is 0.3.
 *
 * @module
 */
import { FunctionError } from "../signature.ts";

/** `coefficient × 10^exponent`. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** Digits behind the point that a division keeps. */
const DIVISION_PLACES = 16;

/** The decimal that the shortest text of a float64 names. */
export function decimalOf(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    throw new FunctionError(`Cannot create a Decimal from ${name}`);
  }
  const [mantissa = "0", power = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

/** The nearest float64. */
export function toFloat({ coefficient, exponent }: Decimal): number {
  return Number(`${coefficient}e${exponent}`);
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (value: Decimal) => value.coefficient * 10n ** BigInt(value.exponent - exponent);
  return [scaled(a), scaled(b), exponent];
}

/** The sum. */
export function add(a: Decimal, b: Decimal): Decimal {
  const [left, right, exponent] = aligned(a, b);
  return { coefficient: left + right, exponent };
}

/** The difference. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  const [left, right, exponent] = aligned(a, b);
  return { coefficient: left - right, exponent };
}

/** The product. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** The quotient, rounded half away from zero to 16 places. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0n) throw new FunctionError("decimal division by 0");
  const [left, right] = aligned(a, b);
  const scaled = left * 10n ** BigInt(DIVISION_PLACES);
  const quotient = scaled / right;
  const rest = size(scaled - quotient * right);
  if (rest * 2n < size(right)) return { coefficient: quotient, exponent: -DIVISION_PLACES };
  const step = (left < 0n) === (right < 0n) ? 1n : -1n;
  return { coefficient: quotient + step, exponent: -DIVISION_PLACES };
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}
