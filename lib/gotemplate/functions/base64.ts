/**
 * Base64 and base32 as Go reads them: line breaks are skipped, padding is required, errors name the offending byte.
 *
 * @module
 */
import { toBinary } from "./binary.ts";

/** Bytes that are not base64 or base32. The message is Go's. */
export class EncodingError extends Error {
  override readonly name = "EncodingError";
  readonly reason = "corrupt-input";
  constructor(encoding: "base64" | "base32", at: number) {
    super(`illegal ${encoding} data at input byte ${at}`);
  }
}

const ALPHABET64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ALPHABET32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const PLAIN64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of a base64 text. @throws {EncodingError} */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 === 0 && PLAIN64.test(text)) return Uint8Array.fromBase64(text);
  // Not the plain form: find out where it breaks, if it breaks.
  return Uint8Array.fromBase64(checkBase64(toBinary(text)));
}

/** The text without line breaks, when it is complete base64. */
function checkBase64(text: string): string {
  let kept = "";
  let at = 0;
  const skipBreaks = () => {
    while (text[at] === "\n" || text[at] === "\r") at++;
  };
  for (;;) {
    skipBreaks();
    if (at >= text.length) break;
    const char = text.charAt(at++);
    if (ALPHABET64.includes(char)) {
      kept += char;
      continue;
    }
    if (char !== "=" || kept.length % 4 < 2) throw new EncodingError("base64", at - 1);
    if (kept.length % 4 === 2) {
      skipBreaks();
      if (at >= text.length) throw new EncodingError("base64", text.length);
      if (text[at] !== "=") throw new EncodingError("base64", at - 1);
      at++;
    }
    skipBreaks();
    if (at < text.length) throw new EncodingError("base64", at);
    return kept.padEnd(Math.ceil(kept.length / 4) * 4, "=");
  }
  if (kept.length % 4 !== 0) throw new EncodingError("base64", text.length - kept.length % 4);
  return kept;
}

/** Base32 with padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let out = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) out += ALPHABET32.charAt((held >> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  if (bits > 0) out += ALPHABET32.charAt((held << (5 - bits)) & 31);
  return out.padEnd(Math.ceil(out.length / 8) * 8, "=");
}

/** The bytes of a base32 text. @throws {EncodingError} */
export function decodeBase32(text: string): Uint8Array<ArrayBuffer> {
  const source = toBinary(text).replace(/[\r\n]/g, "");
  const out: number[] = [];
  for (let from = 0; from < source.length; from += 8) {
    const values = blockOf(source, from);
    let held = 0n;
    for (const value of values) held = (held << 5n) | BigInt(value);
    held <<= BigInt((8 - values.length) * 5);
    const size = Math.floor(values.length * 5 / 8);
    for (let i = 0; i < size; i++) out.push(Number((held >> BigInt(32 - i * 8)) & 255n));
    if (values.length < 8) break; // padding ends the text, whatever follows
  }
  return Uint8Array.from(out);
}

/** The values of the block of eight characters at an offset. */
function blockOf(source: string, from: number): number[] {
  const values: number[] = [];
  for (let j = 0; j < 8; j++) {
    const at = from + j;
    const char = source[at];
    if (char === undefined) throw new EncodingError("base32", at - j);
    const left = source.length - at - 1;
    if (char === "=" && j >= 2 && left < 8) {
      checkPadding(source, at, j, left);
      return values;
    }
    const value = ALPHABET32.indexOf(char);
    if (value < 0) throw new EncodingError("base32", at);
    values.push(value);
  }
  return values;
}

function checkPadding(source: string, at: number, j: number, left: number): void {
  if (left + j < 7) throw new EncodingError("base32", source.length);
  for (let k = 0; k < 7 - j; k++) {
    if (left > k && source[at + 1 + k] !== "=") throw new EncodingError("base32", at + k);
  }
  // 1, 3 and 6 characters are no whole number of bytes.
  if (j === 3 || j === 6) throw new EncodingError("base32", at);
}
