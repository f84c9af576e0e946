import { Buffer } from "node:buffer";
import { YamlError } from "../errors.ts";

/** What no YAML text contains: control characters, surrogates (bytes that are no UTF-8). */
const FORBIDDEN = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** A cheap look that settles it for most texts. */
const UNUSUAL = /[^\t\n\r\x20-\x7e]/;
/** Go reads so many bytes at once, and looks at all of them. */
const BLOCK = 512;

/**
 * Looks for a character that must not be in a text.
 *
 * @returns What throws its error once the text was read so far that Go sees it; undefined where there is none.
 * @throws YamlError at once where Go does not get to read anything.
 */
export function checkCharacters(text: string): ((at: number) => void) | undefined {
  const index = UNUSUAL.test(text) ? text.search(FORBIDDEN) : -1;
  if (index < 0) return undefined;
  const before = Buffer.byteLength(text.slice(0, index));
  const fault = new YamlError("Syntax", `yaml: ${messageOf(text, index)}`);
  if (before < BLOCK) throw fault;
  const seen = index - before % BLOCK;
  return (at) => {
    if (at >= seen) throw fault;
  };
}

function messageOf(text: string, index: number): string {
  const octet = octetOf(text.charCodeAt(index));
  return octet === undefined
    ? "control characters are not allowed"
    : octetsFault(octet, text.slice(index + 1, index + 4));
}

/** A byte that is no UTF-8 stands in a text as a lone surrogate. */
function octetOf(code: number): number | undefined {
  return code >= 0xdc00 && code <= 0xdfff ? code - 0xdc00 : undefined;
}

/** What Go's reader says of a byte that begins no character, and what follows. */
function octetsFault(first: number, behind: string): string {
  const width = first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
  if (width === 0) return "invalid leading UTF-8 octet";
  const octets = Array.from(behind).flatMap((char) => octetOf(char.charCodeAt(0)) ?? [...Buffer.from(char)]);
  if (octets.length < width - 1) return "incomplete UTF-8 octet sequence";
  let value = first & (0xff >> (width + 1));
  for (const octet of octets.slice(0, width - 1)) {
    if ((octet & 0xc0) !== 0x80) return "invalid trailing UTF-8 octet";
    value = (value << 6) | (octet & 0x3f);
  }
  const isShort = value < (width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000);
  return isShort ? "invalid length of a UTF-8 sequence" : "invalid Unicode character";
}
