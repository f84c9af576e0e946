/**
 * Tokens of a template.
 *
 * @module
 */
import { quote } from "../fmt/quote.ts";

/** Kinds of tokens. A keyword token's kind is the keyword. */
export type TokenKind =
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelim"
  | "leftParen"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelim"
  | "rightParen"
  | "space"
  | "string"
  | "text"
  | "variable"
  | Keyword;

/** Words with a meaning of their own. `.` and `nil` count among them in Go's messages. */
export type Keyword =
  | "block"
  | "break"
  | "continue"
  | "define"
  | "dot"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

/** The keywords by spelling. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>(
  (["block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"] as const)
    .map((word) => [word, word]),
);

/** A token: its kind, offset in UTF-16 units, source text (the message for `error`) and line, from 1. */
export interface Token {
  readonly kind: TokenKind;
  readonly pos: number;
  readonly text: string;
  readonly line: number;
}

/** The token as Go's messages show it. */
export function showToken({ kind, text }: Token): string {
  if (kind === "eof") return "EOF";
  if (kind === "error") return text;
  if (kind === "dot" || KEYWORDS.has(kind)) return `<${text}>`;
  const runes = Array.from(text.slice(0, 22));
  // Go compares the length in bytes, and shows ten runes.
  return new TextEncoder().encode(text.slice(0, 11)).length > 10
    ? `${quote(runes.slice(0, 10).join(""))}...`
    : quote(text);
}
