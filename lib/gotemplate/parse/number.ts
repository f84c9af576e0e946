/**
 * Number literals under Go's rules for ideal constants.
 *
 * @module
 */
import { quote, unquoteChar } from "../fmt/quote.ts";
import type { NumberNode } from "./node.ts";

type Constant = Omit<NumberNode, "kind" | "pos" | "text">;

const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);
const MAX_UINT64 = (1n << 64n) - 1n;

/** Parses a number token; a string result is Go's message. */
export function parseNumber(kind: "number" | "complex" | "charConstant", text: string): Constant | string {
  if (kind === "charConstant") return parseChar(text);
  if (kind === "complex") return parseComplex(text) ?? "syntax error scanning complex number";
  if (text.endsWith("i")) {
    const imaginary = parseFloat64(text.slice(0, -1));
    if (imaginary !== undefined) return fromComplex(0, imaginary);
  }
  const whole = parseInteger(text);
  if (whole !== undefined) return fromInteger(text, whole);
  const float = parseFloat64(text);
  if (float === undefined) return `illegal number syntax: ${quote(text)}`;
  // It reads as a float but looks like an integer: too large for one.
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${quote(text)}`;
  return fromFloat(float);
}

function parseChar(text: string): Constant | string {
  const char = unquoteChar(text, 1, "'");
  if (char === undefined) return "invalid syntax";
  if (text.slice(char.next) !== "'") return `malformed character constant: ${text}`;
  const code = BigInt(char.code);
  return { int: code, uint: code, float: char.code };
}

function parseComplex(text: string): Constant | undefined {
  const split = /^([+-]?[^+-]+(?:[eEpP][+-][^+-]+)?)([+-].+)i$/.exec(text);
  if (split === null) return undefined;
  const re = parseFloat64(split[1] ?? "");
  const im = parseFloat64(split[2] ?? "");
  return re === undefined || im === undefined ? undefined : fromComplex(re, im);
}

function fromComplex(re: number, im: number): Constant {
  return { complex: { re, im }, ...(im === 0 ? fromFloat(re) : {}) };
}

function fromFloat(float: number): Constant {
  if (!Number.isInteger(float)) return { float };
  const whole = BigInt(float);
  return {
    float,
    ...(whole >= MIN_INT64 && whole <= MAX_INT64 ? { int: whole } : {}),
    ...(whole >= 0n && whole <= MAX_UINT64 ? { uint: whole } : {}),
  };
}

function fromInteger(text: string, whole: bigint): Constant {
  const signed = /^[+-]/.test(text);
  // Go's ParseUint takes no sign, but zero is unsigned all the same.
  const isUint = whole === 0n || (!signed && whole <= MAX_UINT64);
  return {
    float: Number(whole),
    ...(whole >= MIN_INT64 && whole <= MAX_INT64 ? { int: whole } : {}),
    ...(isUint ? { uint: whole } : {}),
  };
}

const INTEGER = /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;

/** Go's `ParseInt(text, 0, 64)` and `ParseUint` in one; `undefined` for no integer or one of more than 64 bits. */
function parseInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const digits = (match[2] ?? "").replaceAll("_", "");
  const octal = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const size = BigInt(octal);
  const whole = match[1] === "-" ? -size : size;
  if (whole < MIN_INT64 || whole > (match[1] === "" ? MAX_UINT64 : MAX_INT64)) return undefined;
  return whole;
}

const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)$/;
const BAD_UNDERSCORE = /_(?![0-9a-fA-F])|(?<![0-9a-fA-FxX])_/;

/** Go's `ParseFloat`: underscores stand between digits only, infinity is an overflow. */
function parseFloat64(literal: string): number | undefined {
  if (BAD_UNDERSCORE.test(literal)) return undefined;
  const text = literal.replaceAll("_", "");
  if (DECIMAL.test(text)) return finite(Number(text));
  const match = HEXADECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole + fraction === "") return undefined;
  const size = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
  return finite(sign === "-" ? -size : size);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
