/**
 * Case and word rules of Go strings: one code point maps to one code point, and white space is Unicode's.
 *
 * @module
 */
import { fromBinary, toBinary } from "./binary.ts";
import { withValidRunes } from "../bytes.ts";

/** Unicode white space as Go's `unicode.IsSpace` sees it (unlike JavaScript's `\s`, with U+0085 and without U+FEFF). */
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const SPACES = new RegExp(SPACE.source, "g");
const LEADING = new RegExp(`^(?:${SPACE.source})+`);

/** Whether the character is white space. */
export function isSpace(char: string): boolean {
  return SPACE.test(char);
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  const start = LEADING.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The text without white space. The reference implementation reads bytes here:
 * where it drops anything, `é` becomes `Ã©`. */
export function deleteSpace(text: string): string {
  const binary = toBinary(text);
  const kept = binary.replace(SPACES, "");
  return kept.length === binary.length ? text : kept;
}

/** Greek letters with iota subscript have a one-letter upper case, which JavaScript's full mapping does not give. */
const IOTA = /^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]$/u;
const IOTA_UPPER: Readonly<Record<string, string>> = { "ᾳ": "ᾼ", "ῃ": "ῌ", "ῳ": "ῼ" };

/** Go's `unicode.ToUpper`. */
export function upperChar(char: string): string {
  if (IOTA.test(char)) return String.fromCodePoint((char.codePointAt(0) ?? 0) + 8);
  const upper = IOTA_UPPER[char] ?? char.toUpperCase();
  return isOne(upper) ? upper : char;
}

/** Go's `unicode.ToLower`. */
export function lowerChar(char: string): string {
  if (char === "\u0130") return "i"; // the full mapping would add a combining dot
  const lower = char.toLowerCase();
  return isOne(lower) ? lower : char;
}

/** Letters made of two have a third, title, case. */
const TITLE: Readonly<Record<string, string>> = {
  "Ǆ": "ǅ",
  "ǅ": "ǅ",
  "ǆ": "ǅ",
  "Ǉ": "ǈ",
  "ǈ": "ǈ",
  "ǉ": "ǈ",
  "Ǌ": "ǋ",
  "ǋ": "ǋ",
  "ǌ": "ǋ",
  "Ǳ": "ǲ",
  "ǲ": "ǲ",
  "ǳ": "ǲ",
};

/** Go's `unicode.ToTitle`. */
export function titleChar(char: string): string {
  if (/[\u10d0-\u10ff]/.test(char)) return char; // Georgian has capitals, but no title case
  return TITLE[char] ?? upperChar(char);
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && text.codePointAt(0) !== text.charCodeAt(0));
}

const ASCII_ONLY = /^[\x20-\x7e\s]*$/;

/** Changes each character; what is none becomes U+FFFD. */
function mapRunes(text: string, change: (char: string) => string): string {
  return Array.from(withValidRunes(text), change).join("");
}

/** Go's `strings.ToUpper`. */
export function upper(text: string): string {
  return ASCII_ONLY.test(text) ? text.toUpperCase() : mapRunes(text, upperChar);
}

/** Go's `strings.ToLower`. */
export function lower(text: string): string {
  return ASCII_ONLY.test(text) ? text.toLowerCase() : mapRunes(text, lowerChar);
}

/** Go's `strings.Title`: the first letter of each word in title case. Letters, digits and `_` make words. */
export function title(text: string): string {
  let inWord = false;
  return mapRunes(text, (char) => {
    const out = inWord ? char : titleChar(char);
    inWord = isWordChar(char);
    return out;
  });
}

function isWordChar(char: string): boolean {
  if (char <= "\x7f") return /[A-Za-z0-9_]/.test(char);
  // Beyond ASCII, what is neither letter nor digit separates only when it is white space.
  return !isSpace(char);
}

/** The first letter of each word in lower case. */
export function untitle(text: string): string {
  let start = true;
  return mapRunes(text, (char) => {
    if (isSpace(char)) {
      start = true;
      return char;
    }
    const out = start ? lowerChar(char) : char;
    start = false;
    return out;
  });
}

/** Upper and title case become lower, lower becomes upper, or title at the start of a word. */
export function swapCase(text: string): string {
  let start = true;
  return mapRunes(text, (char) => {
    if (/[\p{Lu}\p{Lt}]/u.test(char)) {
      start = false;
      return lowerChar(char);
    }
    if (!/\p{Ll}/u.test(char)) {
      start = isSpace(char);
      return char;
    }
    const out = start ? titleChar(char) : upperChar(char);
    start = false;
    return out;
  });
}

/** The first byte of each word, as a character: the reference implementation reads bytes here, so `é` gives `Ã`. */
export function initials(text: string): string {
  let gap = true;
  let out = "";
  for (const char of toBinary(text)) {
    if (isSpace(char)) gap = true;
    else if (gap) {
      out += char;
      gap = false;
    }
  }
  return out;
}

/** Shortens to a number of bytes, the last three of them dots. Below 4, and where the text fits, it stays. */
export function abbreviate(text: string, width: number): string {
  return width < 4 ? text : fromBinary(abbreviateBytes(toBinary(text), 0, width));
}

/** Shortens on both sides: the left edge is at (or before) an offset in bytes. */
export function abbreviateBoth(text: string, left: number, width: number): string {
  if (width < 4 || (left > 0 && width < 7)) return text;
  return fromBinary(abbreviateBytes(toBinary(text), left, width));
}

function abbreviateBytes(text: string, offset: number, width: number): string {
  if (text.length <= width) return text;
  const room = width - 3;
  const from = Math.min(Math.min(offset, text.length), text.length - room);
  if (from <= 4) return `${text.slice(0, room)}...`;
  if (from + room < text.length) {
    // The rest of the text is shortened in turn; that fails, and leaves nothing, where there is room for dots only.
    return `...${room < 4 ? "" : abbreviateBytes(text.slice(from), 0, room)}`;
  }
  return `...${text.slice(text.length - room)}`;
}

/** Wraps one line at blanks, by bytes. Longer words stay whole unless they shall be cut. */
export function wrap(text: string, width: number, newline: string, cutWords: boolean): string {
  const column = Math.max(width, 1);
  const line = toBinary(text);
  const end = toBinary(newline === "" ? "\n" : newline);
  let out = "";
  let at = 0;
  while (line.length - at > column) {
    if (line[at] === " ") {
      at++;
      continue;
    }
    const space = line.lastIndexOf(" ", at + column);
    let stop = space >= at ? space : cutWords ? at + column : line.indexOf(" ", at + column);
    if (stop < 0) stop = line.length;
    out += line.slice(at, stop);
    if (stop === line.length) {
      at = stop;
      break;
    }
    out += end;
    at = space < at && cutWords ? stop : stop + 1;
  }
  return fromBinary(out + line.slice(at));
}
