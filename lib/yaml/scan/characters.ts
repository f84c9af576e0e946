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
  const fault = new YamlError("Syntax", `yaml: ${messageOf(text.charCodeAt(index))}`);
  if (before < BLOCK) throw fault;
  const seen = index - before % BLOCK;
  return (at) => {
    if (at >= seen) throw fault;
  };
}

function messageOf(code: number): string {
  return code >= 0xd800 && code <= 0xdfff ? "invalid leading UTF-8 octet" : "control characters are not allowed";
}
