/**
 * Cuts a template into tokens, one at a time.
 *
 * @module
 */
import { quote } from "../fmt/quote.ts";
import { KEYWORDS, type Token, type TokenKind } from "./token.ts";

const LEFT = "{{";
const RIGHT = "}}";

// Characters are compared by their codes: texts of a character each cost several times as much.
const TAB = 9, NEWLINE = 10, RETURN = 13, SPACE = 32, QUOTE = 34, DOLLAR = 36, APOSTROPHE = 39, LEFT_PAREN = 40;
const RIGHT_PAREN = 41, PLUS = 43, COMMA = 44, MINUS = 45, DOT = 46, COLON = 58, EQUALS = 61, BACKSLASH = 92;
const BACKQUOTE = 96, PIPE = 124, RIGHT_BRACE = 125;

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === RETURN || code === NEWLINE;
}

const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}_]$/u;

/** Whether the code point may be part of a name. */
function isAlphaNumeric(code: number): boolean {
  if (code < 0x80) {
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
  }
  return LETTER_OR_DIGIT.test(String.fromCodePoint(code));
}

const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;

/** Which of `break` and `continue` are ordinary names because functions are called so. */
export interface LexerOptions {
  readonly breakIsName: boolean;
  readonly continueIsName: boolean;
}

/** A lexer over one template text. After an error it only gives `eof`. */
export class Lexer {
  #pos = 0;
  #start = 0;
  /** Line at `#pos` and at `#start`. */
  #line = 1;
  #startLine = 1;
  /** Offset of the first line break not yet counted, or one before it. */
  #lineEnd = -1;
  #insideAction = false;
  #parens = 0;
  #text: string;

  constructor(text: string, private readonly options: LexerOptions) {
    this.#text = text;
  }

  /** The next token. */
  next(): Token {
    return this.#insideAction ? this.#inside() : this.#outside();
  }

  #token(kind: TokenKind): Token {
    const token = { kind, pos: this.#start, text: this.#text.slice(this.#start, this.#pos), line: this.#startLine };
    this.#start = this.#pos;
    this.#startLine = this.#line;
    return token;
  }

  #emit(kind: TokenKind, end: number): Token {
    this.#pos = end;
    return this.#token(kind);
  }

  #error(message: string): Token {
    const token: Token = { kind: "error", pos: this.#start, text: message, line: this.#startLine };
    this.#text = "";
    this.#pos = this.#start = 0;
    this.#insideAction = false;
    return token;
  }

  /** Moves both ends, counting the lines passed. */
  #skipTo(end: number): void {
    this.#countLines(this.#start, end);
    this.#pos = this.#start = end;
    this.#startLine = this.#line;
  }

  #countLines(from: number, to: number): void {
    if (this.#lineEnd < from) this.#lineEnd = this.#lineEndFrom(from);
    while (this.#lineEnd < to) {
      this.#line++;
      this.#lineEnd = this.#lineEndFrom(this.#lineEnd + 1);
    }
  }

  /** Offset of the next line break. It is kept, since a line may be long and have many actions. */
  #lineEndFrom(from: number): number {
    const at = this.#text.indexOf("\n", from);
    return at < 0 ? Infinity : at;
  }

  #outside(): Token {
    for (;;) {
      const text = this.#text;
      const left = text.indexOf(LEFT, this.#pos);
      const end = left < 0 ? text.length : this.#trimmedEnd(left);
      if (end > this.#pos) {
        this.#countLines(this.#start, end);
        const token = this.#emit("text", end);
        if (left >= 0) this.#skipTo(left);
        return token;
      }
      if (left < 0) return { kind: "eof", pos: this.#pos, text: "EOF", line: this.#startLine };
      this.#skipTo(left);
      const token = this.#leftDelimiter();
      if (token !== undefined) return token;
    }
  }

  /** End of the text before a delimiter: without its trailing space when the delimiter carries a trim marker. */
  #trimmedEnd(left: number): number {
    if (!this.#isLeftTrim(left + LEFT.length)) return left;
    let end = left;
    while (end > this.#pos && isSpace(this.#text.charCodeAt(end - 1))) end--;
    return end;
  }

  #isLeftTrim(at: number): boolean {
    return this.#text.charCodeAt(at) === MINUS && isSpace(this.#text.charCodeAt(at + 1));
  }

  /** Opens an action; a comment is passed over and gives `undefined`. */
  #leftDelimiter(): Token | undefined {
    this.#pos += LEFT.length;
    const afterMarker = this.#pos + (this.#isLeftTrim(this.#pos) ? 2 : 0);
    if (this.#text.startsWith("/*", afterMarker)) {
      this.#skipTo(afterMarker);
      return this.#comment();
    }
    const token = this.#token("leftDelim");
    this.#insideAction = true;
    this.#skipTo(afterMarker);
    this.#parens = 0;
    return token;
  }

  #comment(): Token | undefined {
    const close = this.#text.indexOf("*/", this.#pos + 2);
    if (close < 0) return this.#error("unclosed comment");
    const end = close + 2;
    const width = this.#rightDelimiterWidth(end);
    if (width === 0) return this.#error("comment ends before closing delimiter");
    this.#skipTo(this.#afterRight(end, width));
    return undefined;
  }

  /** Width of the right delimiter at an offset with its trim marker, 0 when there is none. */
  #rightDelimiterWidth(at: number): number {
    if (this.#isRight(at)) return 2;
    const text = this.#text;
    return isSpace(text.charCodeAt(at)) && text.charCodeAt(at + 1) === MINUS && this.#isRight(at + 2) ? 4 : 0;
  }

  #isRight(at: number): boolean {
    return this.#text.charCodeAt(at) === RIGHT_BRACE && this.#text.charCodeAt(at + 1) === RIGHT_BRACE;
  }

  /** Where the text after a right delimiter begins. */
  #afterRight(at: number, width: number): number {
    let end = at + width;
    if (width === 4) { while (isSpace(this.#text.charCodeAt(end))) end++; }
    return end;
  }

  #rightDelimiter(width: number): Token {
    const after = this.#afterRight(this.#pos, width);
    if (width === 4) this.#skipTo(this.#pos + 2);
    const token = this.#emit("rightDelim", this.#pos + RIGHT.length);
    this.#skipTo(after);
    this.#insideAction = false;
    return token;
  }

  #inside(): Token {
    const text = this.#text;
    const at = this.#pos;
    const width = this.#rightDelimiterWidth(at);
    if (width !== 0) return this.#parens === 0 ? this.#rightDelimiter(width) : this.#error("unclosed left paren");
    if (at >= text.length) return this.#error("unclosed action");
    const code = text.codePointAt(at) ?? 0;
    if (isSpace(code)) return this.#space();
    switch (code) {
      case EQUALS:
        return this.#emit("assign", at + 1);
      case COLON:
        return text.charCodeAt(at + 1) === EQUALS ? this.#emit("declare", at + 2) : this.#error("expected :=");
      case PIPE:
        return this.#emit("pipe", at + 1);
      case QUOTE:
        return this.#quoted(QUOTE, "string", "unterminated quoted string");
      case APOSTROPHE:
        return this.#quoted(APOSTROPHE, "charConstant", "unterminated character constant");
      case BACKQUOTE:
        return this.#rawString();
      case DOLLAR:
        return this.#fieldOrVariable("variable", "variable");
      case LEFT_PAREN:
        this.#parens++;
        return this.#emit("leftParen", at + 1);
      case RIGHT_PAREN:
        this.#parens--;
        return this.#parens < 0 ? this.#error("unexpected right paren") : this.#emit("rightParen", at + 1);
    }
    return this.#word(code);
  }

  /** Names, fields, numbers and single characters. */
  #word(code: number): Token {
    const at = this.#pos;
    const dot = code === DOT;
    const follower = this.#text.charCodeAt(at + 1);
    if (dot && at + 1 < this.#text.length && !(follower >= 48 && follower <= 57)) {
      return this.#fieldOrVariable("field", "dot");
    }
    if (dot || code === PLUS || code === MINUS || (code >= 48 && code <= 57)) return this.#number();
    if (isAlphaNumeric(code)) return this.#identifier();
    if (code >= 0x20 && code < 0x7f) return this.#emit("char", at + 1);
    return this.#error(`unrecognized character in action: ${showRune(code)}`);
  }

  #space(): Token {
    let end = this.#pos;
    while (isSpace(this.#text.charCodeAt(end))) end++;
    // The last space may belong to a trim-marked delimiter.
    if (this.#rightDelimiterWidth(end - 1) === 4) end--;
    if (end === this.#pos) return this.#rightDelimiter(4);
    this.#countLines(this.#pos, end);
    return this.#emit("space", end);
  }

  /** End of the name that begins at an offset. */
  #nameEnd(from: number): number {
    let at = from;
    for (;;) {
      const unit = this.#text.charCodeAt(at);
      const code = unit < 0x80 ? unit : this.#text.codePointAt(at);
      if (code === undefined || !isAlphaNumeric(code)) return at;
      at += code > 0xffff ? 2 : 1;
    }
  }

  #isTerminator(at: number): boolean {
    if (at >= this.#text.length) return true;
    switch (this.#text.charCodeAt(at)) {
      case SPACE:
      case TAB:
      case RETURN:
      case NEWLINE:
      case DOT:
      case COMMA:
      case PIPE:
      case COLON:
      case LEFT_PAREN:
      case RIGHT_PAREN:
        return true;
    }
    return this.#isRight(at);
  }

  #badCharacter(at: number): Token {
    return this.#error(`bad character ${showRune(this.#text.codePointAt(at) ?? 0)}`);
  }

  #identifier(): Token {
    const end = this.#nameEnd(this.#pos);
    if (!this.#isTerminator(end)) return this.#badCharacter(end);
    const word = this.#text.slice(this.#pos, end);
    if (word === "true" || word === "false") return this.#emit("bool", end);
    const isName = (word === "break" && this.options.breakIsName) ||
      (word === "continue" && this.options.continueIsName);
    return this.#emit((isName ? undefined : KEYWORDS.get(word)) ?? "identifier", end);
  }

  /** `.name` or `$name`; with nothing interesting behind it is a token of its own. */
  #fieldOrVariable(kind: "field" | "variable", alone: "dot" | "variable"): Token {
    const from = this.#pos + 1;
    if (this.#isTerminator(from)) return this.#emit(alone, from);
    const end = this.#nameEnd(from);
    return this.#isTerminator(end) ? this.#emit(kind, end) : this.#badCharacter(end);
  }

  #quoted(mark: number, kind: TokenKind, message: string): Token {
    const text = this.#text;
    for (let at = this.#pos + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === mark) return this.#emit(kind, at + 1);
      if (code === NEWLINE) break;
      if (code === BACKSLASH && text.charCodeAt(++at) === NEWLINE) break;
    }
    return this.#error(message);
  }

  #rawString(): Token {
    const close = this.#text.indexOf("`", this.#pos + 1);
    if (close < 0) return this.#error("unterminated raw quoted string");
    this.#countLines(this.#pos, close);
    return this.#emit("rawString", close + 1);
  }

  #number(): Token {
    const end = this.#scanNumber(this.#pos);
    if (end < 0) return this.#badNumber(-end);
    const sign = this.#text[end];
    if (sign !== "+" && sign !== "-") return this.#emit("number", end);
    // Complex: 1+2i, without spaces, must end in "i".
    const last = this.#scanNumber(end);
    if (last < 0 || this.#text[last - 1] !== "i") return this.#badNumber(Math.abs(last));
    return this.#emit("complex", last);
  }

  #badNumber(end: number): Token {
    return this.#error(`bad number syntax: ${quote(this.#text.slice(this.#start, end))}`);
  }

  /** End of the number at an offset; negative (the end of what is shown) when a letter or digit follows it. */
  #scanNumber(from: number): number {
    NUMBER.lastIndex = from;
    NUMBER.test(this.#text);
    const end = Math.max(NUMBER.lastIndex, from);
    const follower = this.#text.codePointAt(end);
    if (follower === undefined || !isAlphaNumeric(follower)) return end;
    return -(end + (follower > 0xffff ? 2 : 1));
  }
}

/** A code point as Go's `%#U` shows it. */
function showRune(code: number): string {
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(String.fromCodePoint(code))
    ? `${number} '${String.fromCodePoint(code)}'`
    : number;
}
