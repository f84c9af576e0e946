import { type Cursor, isBreak, isSpace } from "./cursor.ts";
import { scanSpace } from "./plain.ts";

/** What stands for one character behind a backslash. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\x85"],
  ["_", "\xa0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);
/** Digits behind `\x`, `\u` and `\U`. */
const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([["x", 2], ["u", 4], ["U", 8]]);
const BACKSLASH = 0x5c;

/**
 * Reads a scalar in quotes.
 *
 * @throws YamlError for an unknown escape, a document marker within, or when the text ends first.
 */
export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.code();
  const isDouble = quote === 0x22;
  cursor.skip();
  let text = "";
  for (;;) {
    if (cursor.isAtMarker()) throw cursor.fault("found unexpected document indicator");
    if (cursor.isAtEnd) throw cursor.fault("found unexpected end of stream");
    let isContinued = false;
    while (!isContinued && !isSpace(cursor.code())) {
      const start = cursor.at;
      for (let code = cursor.code(); code !== quote && !(isDouble && code === BACKSLASH) && !isSpace(code);) {
        cursor.skip();
        code = cursor.code();
      }
      text += cursor.from(start);
      if (cursor.code() === quote) {
        cursor.skip();
        if (isDouble || cursor.code() !== quote) return text;
        cursor.skip();
        text += "'";
      } else if (cursor.code() === BACKSLASH && isDouble) {
        isContinued = isBreak(cursor.code(1));
        if (!isContinued) text += scanEscape(cursor);
      }
    }
    text += isContinued ? scanContinuation(cursor) : scanSpace(cursor).text;
  }
}

/** A backslash at the end of a line joins it with the next one; empty lines behind it stay. */
function scanContinuation(cursor: Cursor): string {
  cursor.skip();
  cursor.skipBreak();
  let breaks = "";
  for (;;) {
    if (isBreak(cursor.code())) breaks += cursor.readBreak();
    else if (cursor.code() === 0x20 || cursor.code() === 0x09) cursor.skip();
    else return breaks;
  }
}

function scanEscape(cursor: Cursor): string {
  const name = String.fromCharCode(cursor.code(1));
  const known = ESCAPES.get(name);
  const length = HEX_LENGTHS.get(name);
  if (known === undefined && length === undefined) throw cursor.fault("found unknown escape character");
  cursor.skip(2);
  return known ?? scanHexadecimal(cursor, length ?? 0);
}

function scanHexadecimal(cursor: Cursor, length: number): string {
  const start = cursor.at;
  for (let left = length; left > 0; left--) {
    if (!isHexDigit(cursor.code())) {
      throw cursor.fault("did not find expected hexdecimal number");
    }
    cursor.skip();
  }
  const code = Number.parseInt(cursor.from(start), 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw cursor.fault("found invalid Unicode character escape code");
  }
  return String.fromCodePoint(code);
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}
