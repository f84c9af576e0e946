import type { KeyOrder } from "./natural_order.ts";
import { isOldBoolean, readsAsString } from "./scalar.ts";

/** How a string is written. */
export type ScalarStyle = "plain" | "single" | "double" | "literal";

/** What a scan of a string found out about the styles that can hold it. */
interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

/** Strings that every reader takes for themselves; nothing about them needs a scan. */
const SIMPLE = /^[A-Za-z_\/][A-Za-z0-9_.\/-]*$/;
const FIRST_INDICATORS = new Set("#,[]{}&*!|>'\"%@`");
const EMPTY: Analysis = { multiline: false, plain: true, single: true, block: false };

/**
 * Chooses the style of a string as go-yaml does: multi-line text is literal, text that would read as another type is
 * double-quoted, text that cannot be plain is single-quoted, and what those cannot hold is double-quoted.
 */
export function styleOf(text: string, isKey: boolean, dialect: KeyOrder): ScalarStyle {
  if (SIMPLE.test(text) && canBePlain(text, dialect)) return "plain";
  const found = analyze(text, dialect);
  const wanted = text.includes("\n") ? "literal" : canBePlain(text, dialect) ? "plain" : "double";
  if (isKey && found.multiline) return "double";
  if (wanted === "literal") return found.block && !isKey ? "literal" : "double";
  if (wanted === "double") return "double";
  if (found.plain && !(text === "" && isKey)) return "plain";
  return found.single ? "single" : "double";
}

/** Whether the character at a place can be written as it is; the place must be the start of a code point. */
export function isPrintable(code: number): boolean {
  return code === 0x0a || (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
}

/** Whether a code is a line break in YAML 1.1. */
export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

function canBePlain(text: string, dialect: KeyOrder): boolean {
  return readsAsString(text) && !(dialect === "v3" && isOldBoolean(text));
}

function analyze(text: string, dialect: KeyOrder): Analysis {
  if (text === "") return EMPTY;
  let indicators = text.startsWith("---") || text.startsWith("...");
  let [special, tab, multiline, breakSpace, spaceBreak] = [false, false, false, false, false];
  let [previousSpace, previousBreak, afterBlank] = [false, false, true];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    indicators ||= isIndicator(text, at, afterBlank);
    if (code === 0x09 && dialect === "v3") tab = true;
    else if (!isPrintable(code)) special = true;
    const [space, lineBreak] = [code === 0x20, isBreak(code)];
    if (space && previousBreak) breakSpace = true;
    if (lineBreak && previousSpace) spaceBreak = true;
    multiline ||= lineBreak;
    [previousSpace, previousBreak, afterBlank] = [space, lineBreak, space || code === 0x09 || lineBreak];
  }
  const [first, last] = [text.charCodeAt(0), text.charCodeAt(text.length - 1)];
  const edge = first === 0x20 || last === 0x20 || isBreak(first) || isBreak(last);
  const unquotable = spaceBreak || special;
  return {
    multiline,
    plain: !(edge || breakSpace || unquotable || tab || multiline || indicators),
    single: !(breakSpace || unquotable || tab),
    block: !(last === 0x20 || unquotable),
  };
}

function isIndicator(text: string, at: number, afterBlank: boolean): boolean {
  const character = text.charAt(at);
  if (at === 0 && FIRST_INDICATORS.has(character)) return true;
  if (character === ":" || (at === 0 && (character === "?" || character === "-"))) return blankAfter(text, at);
  return character === "#" && afterBlank;
}

function blankAfter(text: string, at: number): boolean {
  const next = text.charAt(at + 1);
  return next === "" || next === " " || next === "\t";
}
