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
