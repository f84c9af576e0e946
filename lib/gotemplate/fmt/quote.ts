/**
 * Go's quoted strings and characters: `strconv.Quote` and its relatives, and back.
 *
 * @module
 */
import { decodeUtf8, encodeUtf8 } from "../bytes.ts";

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** Whether Go's `unicode.IsPrint` holds: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  if (code >= 0xd800 && code <= 0xdfff) return false;
  return PRINTABLE.test(String.fromCodePoint(code));
}

const SHORT_ESCAPES: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

/** One code point as it stands between Go quotes. Escaped bytes (see `bytes.ts`) become `\xNN`. */
export function quoteRune(code: number, quote: string, asciiOnly: boolean): string {
  if (code === quote.charCodeAt(0) || code === 0x5c) return `\\${String.fromCharCode(code)}`;
  if (code < 0x80 ? code >= 0x20 && code < 0x7f : !asciiOnly && isPrintable(code)) return String.fromCodePoint(code);
  const short = SHORT_ESCAPES[code];
  if (short !== undefined) return short;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  const shown = (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff ? 0xfffd : code;
  if (shown < 0x10000) return `\\u${shown.toString(16).padStart(4, "0")}`;
  return `\\U${shown.toString(16).padStart(8, "0")}`;
}

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Go's `strconv.Quote`; `asciiOnly` makes it `QuoteToASCII`. */
export function quote(text: string, asciiOnly = false): string {
  if (PLAIN.test(text)) return `"${text}"`;
  let out = '"';
  for (const char of text) out += quoteRune(char.codePointAt(0) ?? 0, '"', asciiOnly);
  return out + '"';
}

/** Go's `strconv.CanBackquote`: printable on one line, no backquote, valid UTF-8. */
export function canBackquote(text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if ((code < 0x20 && code !== 9) || code === 0x60 || code === 0x7f || code === 0xfeff) return false;
    if (code >= 0xd800 && code <= 0xdfff) return false;
  }
  return true;
}

/** Result of {@linkcode unquoteChar}: the rune (or byte), and where the rest begins. */
interface UnquotedChar {
  readonly code: number;
  /** Whether `code` is a single byte (`\xNN`, `\NNN`), not a rune. */
  readonly isByte: boolean;
  readonly next: number;
}

const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 0x5c };
const HEX_SIZE: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads one (possibly escaped) character at an offset; `undefined` where Go says "invalid syntax". */
export function unquoteChar(text: string, at: number, quoteMark: string): UnquotedChar | undefined {
  const first = text[at];
  if (first === undefined || first === quoteMark || first === "\n") return undefined;
  if (first !== "\\") {
    const code = text.codePointAt(at) ?? 0;
    return { code, isByte: false, next: at + (code > 0xffff ? 2 : 1) };
  }
  const kind = text[at + 1];
  if (kind === undefined) return undefined;
  const simple = SIMPLE[kind];
  if (simple !== undefined) return { code: simple, isByte: false, next: at + 2 };
  if (kind === "'" || kind === '"') {
    return kind === quoteMark ? { code: kind.charCodeAt(0), isByte: false, next: at + 2 } : undefined;
  }
  const size = HEX_SIZE[kind];
  const digits = size === undefined ? text.slice(at + 1, at + 4) : text.slice(at + 2, at + 2 + size);
  const valid = size === undefined ? /^[0-7]{3}$/ : /^[0-9a-fA-F]+$/;
  if (!valid.test(digits) || digits.length !== (size ?? 3)) return undefined;
  const code = parseInt(digits, size === undefined ? 8 : 16);
  if (size === undefined || size === 2) {
    return code > 255 ? undefined : { code, isByte: true, next: at + (size === undefined ? 4 : 4) };
  }
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return { code, isByte: false, next: at + 2 + size };
}

/** Go's `strconv.Unquote` for `"…"` and `` `…` ``; `undefined` where Go says "invalid syntax". */
export function unquote(literal: string): string | undefined {
  const mark = literal[0];
  if (literal.length < 2 || mark !== literal[literal.length - 1]) return undefined;
  const body = literal.slice(1, -1);
  if (mark === "`") return body.includes("`") ? undefined : body.replaceAll("\r", "");
  if (!body.includes("\\") && !body.includes('"') && !body.includes("\n")) return body;
  return unescape(body);
}

function unescape(body: string): string | undefined {
  let out = "";
  let bytes = false;
  for (let at = 0; at < body.length;) {
    const char = unquoteChar(body, at, '"');
    if (char === undefined) return undefined;
    const asByte = char.isByte && char.code >= 0x80;
    out += asByte ? String.fromCharCode(0xdc00 + char.code) : String.fromCodePoint(char.code);
    bytes ||= asByte;
    at = char.next;
  }
  // Escaped bytes may form valid UTF-8 together: normalise.
  return bytes ? decodeUtf8(encodeUtf8(out)) : out;
}
