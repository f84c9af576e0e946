/**
 * Go's strings are bytes, JavaScript's are UTF-16. Text stays a JavaScript string; bytes that are not valid UTF-8 are kept
 * inside the string as lone low surrogates U+DC80…U+DCFF (byte + 0xDC00), which no valid text contains. So every string
 * function works on ordinary strings, binary data survives, and {@linkcode encodeUtf8} gives back the exact bytes.
 *
 * @module
 */

// deno-lint-ignore no-control-regex -- the question is precisely whether the text is ASCII
const NON_ASCII = /[^\x00-\x7f]/;
/** A lone low surrogate that stands for a byte: not preceded by a high surrogate. */
const ESCAPED = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const EVERY_ESCAPED = new RegExp(ESCAPED.source, "g");

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether every character is one byte in UTF-8. */
export function isAscii(text: string): boolean {
  return !NON_ASCII.test(text);
}

/** Whether the string is valid UTF-8 in Go's eyes (it carries no escaped bytes). */
export function isValidUtf8(text: string): boolean {
  return !ESCAPED.test(text);
}

/** The string with U+FFFD for each byte that is not UTF-8: what Go's functions make of it that go by characters. */
export function withValidRunes(text: string): string {
  return ESCAPED.test(text) ? text.replace(EVERY_ESCAPED, "\ufffd") : text;
}

/** The bytes of a Go string. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (!ESCAPED.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(char));
  }
  return Uint8Array.from(out);
}

/** The Go string of some bytes; invalid UTF-8 is kept byte by byte. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    // Not UTF-8: escape what does not decode.
    return decodeEscaping(bytes);
  }
}

function decodeEscaping(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length;) {
    const size = sequenceLength(bytes, at);
    if (size === 0) {
      out += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
      at += 1;
      continue;
    }
    out += decoder.decode(bytes.subarray(at, at + size));
    at += size;
  }
  return out;
}

/** Length of the valid UTF-8 sequence at an offset, 0 when the byte there starts none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < size; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return size;
}

/** Go's `len(s)`: the number of bytes. */
export function byteLength(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) size += 1;
    else if (code < 0xd800 || code > 0xdfff) size += 2;
    else if (code < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      size += 2; // two units are four bytes
      i += 1;
    } else if (code < 0xdc80 || code > 0xdcff) size += 2; // a stray surrogate is encoded as U+FFFD
  }
  return size;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Go's `s[from:to]`, by bytes. The caller checks the bounds. */
export function sliceBytes(text: string, from: number, to: number): string {
  if (isAscii(text)) return text.slice(from, to);
  return decodeUtf8(encodeUtf8(text).subarray(from, to));
}

/** Puts bytes back together that became valid UTF-8 by concatenation; others stay as they are. */
export function rejoined(text: string): string {
  return ESCAPED.test(text) ? decodeUtf8(encodeUtf8(text)) : text;
}

/** Puts bytes back together that became valid UTF-8 by concatenation, and shows the rest as U+FFFD: text for a reader. */
export function toText(text: string): string {
  if (!ESCAPED.test(text)) return text;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(encodeUtf8(text));
}

/** Number of runes: code points, an invalid byte counting as one. */
export function runeCount(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(i + 1))) {
      count -= 1;
      i += 1;
    }
  }
  return count;
}

/**
 * Order of two strings by their bytes, as Go sorts: differs from JavaScript's order only for characters beyond U+FFFF, and for
 * bytes that are not UTF-8.
 */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const size = Math.min(a.length, b.length);
  for (let i = 0; i < size; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (isEscaped(a, i) || isEscaped(b, i)) return compareArrays(encodeUtf8(a), encodeUtf8(b));
    // A surrogate stands for a code point above all others.
    const high = x >= 0xd800 && x <= 0xdfff;
    if (high !== (y >= 0xd800 && y <= 0xdfff)) return high ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

/** Whether the unit at an index stands for a byte. */
function isEscaped(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0xdc80 || code > 0xdcff) return false;
  const before = text.charCodeAt(at - 1);
  return !(before >= 0xd800 && before <= 0xdbff);
}

function compareArrays(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}
