/** Sprig's text functions. Lengths and positions count bytes, as in Go. */
import { fromBinary, toBinary } from "./binary.ts";
import { camelCase, kebabCase, snakeCase } from "./letter_case.ts";
import type { Environment } from "./options.ts";
import { ALPHABETS, randomText, shuffled } from "./random.ts";
import { printed, textOf } from "./text_of.ts";
import * as words from "./words.ts";
import { byteLength, isAscii, withValidRunes } from "../bytes.ts";
import { quote } from "../fmt/quote.ts";
import { fn, fnVariadic, FunctionError, type FunctionTable } from "../signature.ts";
import { GoMap, stringSlice, toBigInt, toNumber, types, type Value } from "../value.ts";

const word = (change: (text: string) => string) => fn([types.string], types.string, change);
const trimAll = fn([types.string, types.string], types.string, (cutset, text) => trimSet(text, cutset));

/** `trim`, `indent`, `quote`, `replace`, `randAlphaNum` and the other functions on text. */
export function stringFunctions(env: Environment): FunctionTable {
  const repeat = (name: string, text: string, count: number) => {
    if (count < 0) throw new FunctionError("strings: negative Repeat count");
    env.checkCharacters(name, text.length * count);
    return text.repeat(count);
  };
  const indent = (name: string, width: number, text: string) => {
    const pad = repeat(name, " ", width);
    if (!text.includes("\n")) return pad + text;
    const lines = text.split("\n");
    env.checkCharacters(name, text.length + lines.length * pad.length);
    return pad + lines.join(`\n${pad}`);
  };
  const random = (name: string, alphabet: string) =>
    fn([types.int], types.string, (count) => {
      const size = Math.max(toNumber(count), 0);
      env.checkCharacters(name, size);
      return randomText(env.random, size, alphabet);
    });
  const replace = (from: string, to: string, text: string) => {
    const parts = explode(text, from);
    env.checkCharacters("replace", text.length + (parts.length - 1) * to.length);
    return from === "" ? to + parts.map((part) => part + to).join("") : parts.join(to);
  };
  return {
    hello: fn([], types.string, () => "Hello!"),
    abbrev: fn([types.int, types.string], types.string, (width, text) => words.abbreviate(text, toNumber(width))),
    abbrevboth: fn([types.int, types.int, types.string], types.string, (left, width, text) => {
      return words.abbreviateBoth(text, toNumber(left), toNumber(width));
    }),
    trunc: fn([types.int, types.string], types.string, (count, text) => truncate(text, toNumber(count))),
    trim: word(words.trimSpace),
    trimAll,
    trimall: trimAll,
    trimSuffix: fn([types.string, types.string], types.string, (suffix, text) => {
      return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
    }),
    trimPrefix: fn([types.string, types.string], types.string, (prefix, text) => {
      return text.startsWith(prefix) ? text.slice(prefix.length) : text;
    }),
    upper: word(words.upper),
    lower: word(words.lower),
    title: word(words.title),
    untitle: word(words.untitle),
    swapcase: word(words.swapCase),
    initials: word(words.initials),
    nospace: word(words.deleteSpace),
    snakecase: word(snakeCase),
    camelcase: word(camelCase),
    kebabcase: word(kebabCase),
    shuffle: word((text) => shuffled(env.random, Array.from(text)).join("")),
    substr: fn([types.int, types.int, types.string], types.string, (start, end, text) => {
      return substring(text, toBigInt(start), toBigInt(end));
    }),
    repeat: fn([types.int, types.string], types.string, (count, text) => repeat("repeat", text, toNumber(count))),
    wrap: fn([types.int, types.string], types.string, (width, text) => words.wrap(text, toNumber(width), "\n", false)),
    wrapWith: fn([types.int, types.string, types.string], types.string, (width, newline, text) => {
      env.checkCharacters("wrapWith", text.length * (1 + newline.length / Math.max(toNumber(width), 1)));
      return words.wrap(text, toNumber(width), newline, true);
    }),
    contains: fn([types.string, types.string], types.bool, (part, text) => text.includes(part)),
    hasPrefix: fn([types.string, types.string], types.bool, (prefix, text) => text.startsWith(prefix)),
    hasSuffix: fn([types.string, types.string], types.bool, (suffix, text) => text.endsWith(suffix)),
    quote: fnVariadic(
      [],
      types.any,
      types.string,
      (...values) => present(values).map((value) => quote(textOf(value))).join(" "),
    ),
    squote: fnVariadic(
      [],
      types.any,
      types.string,
      (...values) => present(values).map((value) => `'${printed(value)}'`).join(" "),
    ),
    cat: fnVariadic([], types.any, types.string, (...values) => present(values).map(printed).join(" ")),
    indent: fn([types.int, types.string], types.string, (width, text) => indent("indent", toNumber(width), text)),
    nindent: fn(
      [types.int, types.string],
      types.string,
      (width, text) => `\n${indent("nindent", toNumber(width), text)}`,
    ),
    replace: fn([types.string, types.string, types.string], types.string, replace),
    plural: fn(
      [types.string, types.string, types.int],
      types.string,
      (one, many, count) => count.value === 1 ? one : many,
    ),
    toString: fn([types.any], types.string, textOf),
    split: fn([types.string, types.string], types.stringMap, (separator, text) => numbered(explode(text, separator))),
    splitn: fn([types.string, types.int, types.string], types.stringMap, (separator, count, text) => {
      return numbered(splitAtMost(text, separator, toNumber(count)));
    }),
    splitList: fn(
      [types.string, types.string],
      types.strings,
      (separator, text) => stringSlice(explode(text, separator)),
    ),
    randAlphaNum: random("randAlphaNum", ALPHABETS.alphanumeric),
    randAlpha: random("randAlpha", ALPHABETS.letters),
    randNumeric: random("randNumeric", ALPHABETS.numeric),
    randAscii: random("randAscii", ALPHABETS.ascii),
  };
}

function present(values: readonly Value[]): Value[] {
  return values.filter((value) => value !== null);
}

/** Go's `strings.Trim`: any characters of the set at both ends. */
function trimSet(text: string, cutset: string): string {
  const set = new Set(withValidRunes(cutset));
  const chars = Array.from(text);
  const isCut = (char = "") => set.has(withValidRunes(char));
  let start = 0;
  let end = chars.length;
  while (start < end && isCut(chars[start])) start++;
  while (end > start && isCut(chars[end - 1])) end--;
  return chars.slice(start, end).join("");
}

/** The first `count` bytes, or the last where it is negative. */
function truncate(text: string, count: number): string {
  const size = isAscii(text) ? text.length : byteLength(text);
  if (count < 0 ? size + count <= 0 : size <= count) return text;
  const bytes = toBinary(text);
  return fromBinary(count < 0 ? bytes.slice(size + count) : bytes.slice(0, count));
}

function substring(text: string, start: bigint, end: bigint): string {
  const bytes = toBinary(text);
  const size = BigInt(bytes.length);
  const out = (what: string) => new FunctionError(`runtime error: slice bounds out of range [${what}`);
  if (start < 0n) {
    if (end < 0n) throw out(`:${end}]`);
    if (end > size) throw out(`:${end}] with length ${size}`);
    return fromBinary(bytes.slice(0, Number(end)));
  }
  if (end < 0n || end > size) {
    if (start > size) throw out(`${start}:${size}]`);
    return fromBinary(bytes.slice(Number(start)));
  }
  if (start > end) throw out(`${start}:${end}]`);
  return fromBinary(bytes.slice(Number(start), Number(end)));
}

/** Go's `strings.Split`; an empty separator splits between characters. */
function explode(text: string, separator: string): string[] {
  return separator === "" ? Array.from(text) : text.split(separator);
}

/** Go's `strings.SplitN`: the last part keeps the rest. 0 gives nothing, a negative count everything. */
function splitAtMost(text: string, separator: string, count: number): string[] {
  if (count === 0) return [];
  const parts = explode(text, separator);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** Parts as the fields `_0`, `_1` … that templates can name. */
function numbered(parts: readonly string[]): GoMap<string> {
  return new GoMap(parts.map((part, index) => [`_${index}`, part] as const), types.stringMap);
}
