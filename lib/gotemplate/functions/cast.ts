/**
 * Conversions to numbers with the rules of the library behind sprig (spf13/cast): whatever cannot be converted is 0.
 *
 * @module
 */
import { GoInt, GoObject, int, int64, toNumber, type Value } from "../value.ts";

const MIN_INT64 = -(1n << 63n);
const MAX_INT64 = (1n << 63n) - 1n;

/** Go's `int64(f)` on amd64: out of range, infinite and NaN give the lowest integer. */
function truncate(value: number): number | bigint {
  return Math.abs(value) < 2 ** 63 ? Math.trunc(value) : MIN_INT64;
}

function toInteger(value: Value): number | bigint {
  if (value instanceof GoInt) return value.value;
  if (typeof value === "number") return truncate(value);
  if (typeof value === "string") return parseInteger(trimZeroDecimals(value)) ?? 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof GoObject ? calendarNumber(value) ?? 0 : 0;
}

/** Months and weekdays are the only named numbers that convert. */
function calendarNumber(value: GoObject): number | bigint | undefined {
  if (value.type.name !== "time.Month" && value.type.name !== "time.Weekday") return undefined;
  const below = value.underlying();
  return below instanceof GoInt ? below.value : undefined;
}

/** To `int`. */
export function castInt(value: Value): GoInt {
  return value instanceof GoInt && value.kind === "int" ? value : int(toInteger(value));
}

/** To `int64`. */
export function castInt64(value: Value): GoInt {
  return value instanceof GoInt && value.kind === "int64" ? value : int64(toInteger(value));
}

/** To `float64`. */
export function castFloat(value: Value): number {
  if (typeof value === "number") return value;
  if (value instanceof GoInt) return toNumber(value);
  if (typeof value === "string") return parseFloat64(value) ?? 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof GoObject ? Number(calendarNumber(value) ?? 0) : 0;
}

/** `10.00` → `10`; `1.50` stays. */
function trimZeroDecimals(text: string): string {
  return /\.0+$/.test(text) ? text.replace(/\.0+$/, "") : text;
}

const DIGITS: Readonly<Record<number, RegExp>> = {
  2: /^(_?[01])+$/,
  8: /^(_?[0-7])+$/,
  10: /^[0-9](_?[0-9])*$/,
  16: /^(_?[0-9a-fA-F])+$/,
};
const PREFIX: Readonly<Record<string, 2 | 8 | 16>> = { "0x": 16, "0o": 8, "0b": 2 };

/** Go's `ParseInt(text, 0, 64)`: the base comes from the prefix, underscores may separate digits; `undefined` on an error. */
export function parseInteger(text: string): number | bigint | undefined {
  const [, sign = "", body = ""] = /^([+-]?)(.+)$/s.exec(text) ?? [];
  const { base, digits } = splitBase(body);
  if (!DIGITS[base]?.test(digits)) return undefined;
  return inRange(sign, magnitude(base, digits.replaceAll("_", "")));
}

function splitBase(body: string): { base: number; digits: string } {
  const prefixed = PREFIX[body.slice(0, 2).toLowerCase()];
  if (prefixed !== undefined) return { base: prefixed, digits: body.slice(2) };
  // A leading zero means octal.
  return body.length > 1 && body.startsWith("0") ? { base: 8, digits: body.slice(1) } : { base: 10, digits: body };
}

function magnitude(base: number, digits: string): bigint {
  const prefix = { 2: "0b", 8: "0o", 16: "0x" }[base] ?? "";
  return BigInt(prefix + digits);
}

function inRange(sign: string, size: bigint): number | bigint | undefined {
  const value = sign === "-" ? -size : size;
  if (value < MIN_INT64 || value > MAX_INT64) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Go's `ParseInt(text, 8, 64)`; `undefined` on an error. */
export function parseOctal(text: string): number | bigint | undefined {
  const [, sign = "", digits = ""] = /^([+-]?)([0-7]+)$/.exec(text) ?? [];
  return digits === "" ? undefined : inRange(sign, BigInt(`0o${digits}`));
}

/** Go's `Atoi` with its error ignored: 0 for what is no number, the nearest bound for what is too large. */
export function atoi(text: string): GoInt {
  const [, sign = "", digits = ""] = /^([+-]?)([0-9]+)$/.exec(text) ?? [];
  if (digits === "") return int(0);
  return int(inRange(sign, BigInt(digits)) ?? (sign === "-" ? MIN_INT64 : MAX_INT64));
}

/** Digits, which underscores may separate. */
const RUN = "[0-9](?:_?[0-9])*";
const DECIMAL = new RegExp(`^[+-]?(?:${RUN}\\.?(?:${RUN})?|\\.${RUN})(?:e[+-]?${RUN})?$`, "i");
const HEXADECIMAL = /^([+-]?)0x([0-9a-f_]*)\.?([0-9a-f_]*)p([+-]?[0-9]+)$/i;

/** Go's `ParseFloat`; `undefined` on an error, which a value out of range is too. */
export function parseFloat64(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text.replaceAll("_", ""));
    return Number.isFinite(value) ? value : undefined;
  }
  const [, sign = "", name = ""] = /^([+-]?)(inf|infinity|nan)$/i.exec(text) ?? [];
  if (name !== "") return name.toLowerCase() === "nan" ? NaN : sign === "-" ? -Infinity : Infinity;
  return parseHexadecimal(text);
}

function parseHexadecimal(text: string): number | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] = HEXADECIMAL.exec(text) ?? [];
  const digits = (whole + fraction).replaceAll("_", "");
  if (digits === "") return undefined;
  const places = fraction.replaceAll("_", "").length * 4;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - places);
  if (!Number.isFinite(value)) return undefined;
  return sign === "-" ? -value : value;
}
