/**
 * How Go's `time` package quotes texts in its messages.
 *
 * @module
 */
import { encodeUtf8 } from "../../bytes.ts";

/** The text in double quotes, with every byte escaped that is not printable ASCII. */
export function quoteBytes(text: string): string {
  let out = "";
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === "\\") out += `\\${char}`;
    else if (byte < 0x20 || byte >= 0x80) out += `\\x${byte.toString(16).padStart(2, "0")}`;
    else out += char;
  }
  return `"${out}"`;
}
