/** Anchors, aliases, tags and directives: what begins with `&`, `*`, `!` or `%`. */
import type { YamlError } from "../errors.ts";
import { type Cursor, isBlank, isSpace, isWordCharacter } from "./cursor.ts";
import { TOKEN, type Token, token } from "./token.ts";

/** What may stand right behind the name of an anchor or alias, besides white space. */
const BEHIND_NAME = "?:,]}%@`";
const URI_CHARACTERS = ";/?:@&=+$,.!~*'()[]%";
const LONGEST_VERSION = 2;

/** Reads `&name` or `*name`. @throws YamlError for a name that is none. */
export function scanAnchor(cursor: Cursor): Token {
  const [line, kind] = [cursor.line, cursor.code() === 0x2a ? TOKEN.alias : TOKEN.anchor];
  cursor.skip();
  const name = scanWord(cursor);
  const next = cursor.code();
  if (name === "" || !(isSpace(next) || BEHIND_NAME.includes(String.fromCharCode(next)))) {
    throw cursor.fault("did not find expected alphabetic or numeric character");
  }
  return token(kind, line, name);
}

/** Reads a tag: `!<uri>`, `!handle!suffix`, `!suffix` or `!`. @throws YamlError for a tag that is none. */
export function scanTag(cursor: Cursor): Token {
  const { line } = cursor;
  let [handle, suffix] = ["", ""];
  if (cursor.code(1) === 0x3c) {
    cursor.skip(2);
    suffix = scanUri(cursor, "");
    if (cursor.code() !== 0x3e) throw cursor.fault("did not find the expected '>'");
    cursor.skip();
  } else {
    handle = scanHandle(cursor, false);
    if (handle.length > 1 && handle.endsWith("!")) suffix = scanUri(cursor, "");
    else {
      suffix = scanUri(cursor, handle);
      handle = "!";
      // A lone `!` is a suffix without a handle.
      if (suffix === "") [handle, suffix] = [suffix, handle];
    }
  }
  if (!isSpace(cursor.code())) throw cursor.fault("did not find expected whitespace or line break");
  return token(TOKEN.tag, line, handle, suffix);
}

/** Reads a directive with its line. @throws YamlError for one that is unknown or none. */
export function scanDirective(cursor: Cursor): Token {
  const { line } = cursor;
  cursor.skip();
  const name = scanWord(cursor);
  if (name === "") throw cursor.fault("could not find expected directive name");
  if (!isSpace(cursor.code())) throw cursor.fault("found unexpected non-alphabetical character");
  const found = DIRECTIVES.get(name)?.(cursor, line);
  if (found === undefined) throw cursor.fault("found unknown directive name");
  cursor.finishLine();
  return found;
}

const DIRECTIVES: ReadonlyMap<string, (cursor: Cursor, line: number) => Token> = new Map([
  ["YAML", (cursor, line) => {
    cursor.skipBlanks();
    const major = scanVersion(cursor);
    if (cursor.code() !== 0x2e) throw cursor.fault("did not find expected digit or '.' character");
    cursor.skip();
    return token(TOKEN.versionDirective, line, `${major}.${scanVersion(cursor)}`);
  }],
  ["TAG", (cursor, line) => {
    cursor.skipBlanks();
    const handle = scanHandle(cursor, true);
    if (!isBlank(cursor.code())) throw cursor.fault("did not find expected whitespace");
    cursor.skipBlanks();
    const prefix = scanUri(cursor, "");
    if (!isSpace(cursor.code())) throw cursor.fault("did not find expected whitespace or line break");
    return token(TOKEN.tagDirective, line, handle, prefix);
  }],
]);

function scanWord(cursor: Cursor): string {
  const start = cursor.at;
  while (isWordCharacter(cursor.code())) cursor.skip();
  return cursor.from(start);
}

function scanVersion(cursor: Cursor): number {
  const start = cursor.at;
  while (cursor.code() >= 0x30 && cursor.code() <= 0x39) {
    if (cursor.at - start === LONGEST_VERSION) throw cursor.fault("found extremely long version number");
    cursor.skip();
  }
  if (cursor.at === start) throw cursor.fault("did not find expected version number");
  return Number(cursor.from(start));
}

function scanHandle(cursor: Cursor, isDirective: boolean): string {
  if (cursor.code() !== 0x21) throw cursor.fault("did not find expected '!'");
  const start = cursor.at;
  cursor.skip();
  scanWord(cursor);
  if (cursor.code() === 0x21) cursor.skip();
  else if (isDirective && cursor.from(start) !== "!") throw cursor.fault("did not find expected '!'");
  return cursor.from(start);
}

/** @param head What was read as a handle already: `!` and what belongs to the URI. */
function scanUri(cursor: Cursor, head: string): string {
  let uri = head.slice(1);
  let isEmpty = head === "";
  for (;;) {
    const code = cursor.code();
    if (code === 0x25) uri += scanPercent(cursor);
    else if (isWordCharacter(code) || (code !== 0 && URI_CHARACTERS.includes(String.fromCharCode(code)))) {
      uri += String.fromCharCode(code);
      cursor.skip();
    } else break;
    isEmpty = false;
  }
  if (isEmpty) throw cursor.fault("did not find expected tag URI");
  return uri;
}

/** One character as `%XX` for each of its bytes. */
function scanPercent(cursor: Cursor): string {
  const bytes: number[] = [];
  let wanted = 1;
  while (bytes.length < wanted) {
    const digits = String.fromCharCode(cursor.code(1), cursor.code(2));
    if (cursor.code() !== 0x25 || !/^[0-9A-Fa-f]{2}$/.test(digits)) {
      throw cursor.fault("did not find URI escaped octet");
    }
    const byte = Number.parseInt(digits, 16);
    if (bytes.length === 0) wanted = sequenceLength(byte, () => cursor.fault("found an incorrect leading UTF-8 octet"));
    else if ((byte & 0xc0) !== 0x80) throw cursor.fault("found an incorrect trailing UTF-8 octet");
    bytes.push(byte);
    cursor.skip(3);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function sequenceLength(first: number, fault: () => YamlError): number {
  if (first < 0x80) return 1;
  if ((first & 0xe0) === 0xc0) return 2;
  if ((first & 0xf0) === 0xe0) return 3;
  if ((first & 0xf8) === 0xf0) return 4;
  throw fault();
}
