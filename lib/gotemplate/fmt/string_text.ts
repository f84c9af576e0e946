/**
 * Strings and bytes under `printf`'s verbs and flags.
 *
 * @module
 */
import { encodeUtf8, runeCount } from "../bytes.ts";
import type { Flags } from "./flags.ts";
import { canBackquote, quote } from "./quote.ts";

/** A string; `undefined` when the verb does not suit. */
export function stringText(value: string, verb: string, flags: Flags): string | undefined {
  switch (verb) {
    case "v":
      return flags.sharpV ? quotedText(value, flags) : flags.pad(truncated(value, flags));
    case "s":
      return flags.pad(truncated(value, flags));
    case "q":
      return quotedText(value, flags);
    case "x":
    case "X":
      return hexText(encodeUtf8(value), verb, flags);
  }
  return undefined;
}

function truncated(value: string, flags: Flags): string {
  if (flags.precision < 0 || runeCount(value) <= flags.precision) return value;
  return Array.from(value).slice(0, flags.precision).join("");
}

function quotedText(value: string, flags: Flags): string {
  const text = truncated(value, flags);
  if (flags.sharp && canBackquote(text)) return flags.pad(`\`${text}\``);
  return flags.pad(quote(text, flags.plus));
}

/** `%x` of bytes: two digits each; the precision limits the bytes taken, space separates them, `#` puts 0x before. */
export function hexText(bytes: Uint8Array, verb: string, flags: Flags): string {
  const taken = flags.precision >= 0 ? bytes.subarray(0, flags.precision) : bytes;
  const pairs = Array.from(taken, (byte) => byte.toString(16).padStart(2, "0"));
  const mark = flags.sharp && pairs.length > 0 ? "0x" : "";
  const text = flags.space ? pairs.map((pair) => mark + pair).join(" ") : mark + pairs.join("");
  return flags.pad(verb === "X" ? text.toUpperCase() : text);
}
