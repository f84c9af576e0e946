/**
 * Strings as Go indexes them, byte by byte: a *binary string* has one character (U+0000 to U+00FF) for each byte.
 *
 * @module
 */
import { decodeUtf8, encodeUtf8, isAscii } from "../bytes.ts";

/** One character for each byte of the text. */
export function toBinary(text: string): string {
  if (isAscii(text)) return text;
  return Array.from(encodeUtf8(text), (byte) => String.fromCharCode(byte)).join("");
}

/** The text whose bytes the characters are. */
export function fromBinary(binary: string): string {
  if (isAscii(binary)) return binary;
  return decodeUtf8(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

/** Orders strings by their bytes, as Go's `<` does. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const size = Math.min(a.length, b.length);
  let at = 0;
  while (at < size && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  const [left, right] = [unit(a, at), unit(b, at)];
  return left - right;
}

/** Code units ordered as their UTF-8 bytes are: surrogates, which stand for code points above U+FFFF, come last. */
function unit(text: string, at: number): number {
  if (at >= text.length) return -1;
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
}
