/**
 * Numbers under `printf`'s verbs and flags.
 *
 * @module
 */
import { isUnsigned } from "../go_int.ts";
import type { GoComplex, GoInt } from "../value.ts";
import type { Flags } from "./flags.ts";
import { type FloatForm, formatFloat } from "./float.ts";
import { isPrintable, quoteRune } from "./quote.ts";

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

/** An integer; `undefined` when the verb does not suit. */
export function integerText(value: GoInt, verb: string, flags: Flags): string | undefined {
  const base = BASES[verb];
  if (base !== undefined) {
    if (verb === "v" && flags.sharpV && isUnsigned(value.kind)) return hexadecimalLiteral(value, flags);
    return inBase(BigInt(value.value), base, verb, flags);
  }
  if (verb === "U") return unicodeText(BigInt.asUintN(64, BigInt(value.value)), flags);
  const code = Number(value.value);
  if (verb === "c") return flags.pad(String.fromCodePoint(validRune(code)));
  if (verb === "q") return flags.pad(quotedRune(code, flags));
  return undefined;
}

/** Where something would be in Go's memory; nothing is anywhere here. */
const ADDRESS = 0xc00000000000n;

/** A pointer, or what is one inside: a map, a slice, a function. `undefined` when the verb does not suit. */
export function pointerText(isNil: boolean, verb: string, flags: Flags): string | undefined {
  const address = isNil ? 0n : ADDRESS;
  if (verb === "v" && isNil) return flags.sharpV ? "nil" : flags.pad("<nil>");
  if (verb === "v" || verb === "p") {
    const { sharp } = flags;
    flags.sharp = !sharp;
    const text = inBase(address, 16, "v", flags);
    flags.sharp = sharp;
    return text;
  }
  const base = BASES[verb];
  return base === undefined || verb === "O" ? undefined : inBase(address, base, verb, flags);
}

/** `%#v` of an unsigned integer: `0x2a`. */
function hexadecimalLiteral(value: GoInt, flags: Flags): string {
  const { sharp } = flags;
  flags.sharp = true;
  const text = inBase(BigInt(value.value), 16, "v", flags);
  flags.sharp = sharp;
  return text;
}

function inBase(value: bigint, base: number, verb: string, flags: Flags): string {
  // A zero with precision 0 is nothing but padding.
  if (flags.precision === 0 && value === 0n) return flags.padBlank(flags.width < 0 ? "" : " ".repeat(flags.width));
  const sign = value < 0n ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  let least = Math.max(flags.precision, 0);
  if (flags.precision < 0 && flags.zero && !flags.minus && flags.width >= 0) least = flags.width - sign.length;
  let digits = (value < 0n ? -value : value).toString(base).padStart(least, "0");
  if (verb === "X") digits = digits.toUpperCase();
  return flags.padBlank(sign + prefix(base, verb, digits, flags) + digits);
}

function prefix(base: number, verb: string, digits: string, flags: Flags): string {
  const first = verb === "O" ? "0o" : "";
  if (!flags.sharp) return first;
  switch (base) {
    case 2:
      return "0b";
    case 8:
      return digits.startsWith("0") ? first : `${first}0`;
    case 16:
      return verb === "X" ? "0X" : "0x";
  }
  return first;
}

function validRune(code: number): number {
  return code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0xfffd : code;
}

function quotedRune(code: number, flags: Flags): string {
  return `'${quoteRune(validRune(code), "'", flags.plus)}'`;
}

function unicodeText(code: bigint, flags: Flags): string {
  const digits = code.toString(16).toUpperCase().padStart(Math.max(4, flags.precision), "0");
  const rune = Number(code);
  const shown = flags.sharp && rune <= 0x10ffff && isPrintable(rune) ? ` '${String.fromCodePoint(rune)}'` : "";
  return flags.padBlank(`U+${digits}${shown}`);
}

const FLOAT_FORMS: Readonly<Record<string, readonly [form: FloatForm, precision: number]>> = {
  v: ["g", -1],
  b: ["b", -1],
  g: ["g", -1],
  G: ["G", -1],
  x: ["x", -1],
  X: ["X", -1],
  e: ["e", 6],
  E: ["E", 6],
  f: ["f", 6],
  F: ["f", 6],
};

/** A float64; `undefined` when the verb does not suit. */
export function floatText(value: number, verb: string, flags: Flags): string | undefined {
  const form = FLOAT_FORMS[verb];
  if (form === undefined) return undefined;
  const precision = flags.precision >= 0 ? flags.precision : form[1];
  let text = formatFloat(value, form[0], precision);
  if (text[0] !== "-" && text[0] !== "+") text = `+${text}`;
  if (flags.space && text[0] === "+" && !flags.plus) text = ` ${text.slice(1)}`;
  if (text[1] === "I" || text[1] === "N") {
    // Infinity and not-a-number are not padded with zeros.
    const bare = text[1] === "N" && !flags.space && !flags.plus;
    return flags.padBlank(bare ? text.slice(1) : text);
  }
  if (flags.sharp && verb !== "b") text = withPoint(text, verb, precision);
  if (!flags.plus && text[0] === "+") return flags.pad(text.slice(1));
  if (flags.zero && !flags.minus && flags.width > text.length) {
    return text[0] + "0".repeat(flags.width - text.length) + text.slice(1);
  }
  return flags.pad(text);
}

/** `%#g`: always a decimal point, and trailing zeros up to the precision. */
function withPoint(text: string, verb: string, precision: number): string {
  const at = text.search(verb === "x" || verb === "X" ? /[pP]/ : /[eE]/);
  const body = at < 0 ? text : text.slice(0, at);
  const tail = at < 0 ? "" : text.slice(at);
  let missing = 0;
  if ("vgGx".includes(verb)) {
    // Go counts from the first character that is no zero; in `0x1.8` that is the `x`.
    const significant = body.slice(1).replace(".", "").replace(/^0+/, "").length;
    const isZero = body.length === 2 && body[1] === "0";
    missing = (precision < 0 ? 6 : precision) - significant - (isZero ? 1 : 0);
  }
  return (body.includes(".") ? body : `${body}.`) + "0".repeat(Math.max(0, missing)) + tail;
}

/** A complex128: both parts, the second always with its sign. */
export function complexText(value: GoComplex, verb: string, flags: Flags): string | undefined {
  if (FLOAT_FORMS[verb] === undefined) return undefined;
  const { plus } = flags;
  const re = floatText(value.re, verb, flags);
  flags.plus = true;
  const im = floatText(value.im, verb, flags);
  flags.plus = plus;
  return `(${re}${im}i)`;
}
