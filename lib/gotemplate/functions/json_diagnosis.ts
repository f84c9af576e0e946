/**
 * Finds the place where a text stops being JSON and says so in Go's words.
 *
 * @module
 */
import { encodeUtf8 } from "../bytes.ts";

class Stop extends Error {}

/** Go's complaint about the text, or `undefined` when it is JSON. */
export function diagnoseJson(text: string, maxDepth: number): string | undefined {
  try {
    new Scanner(text, maxDepth).scan();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.message;
    throw error;
  }
}

const BLANK = /[ \t\r\n]/;
const DIGIT = /[0-9]/;

class Scanner {
  #at = 0;

  constructor(private readonly text: string, private readonly maxDepth: number) {}

  /** Scans without recursion: `open` holds the closing brackets that are awaited. */
  scan(): void {
    const open: ("]" | "}")[] = [];
    this.#value(open);
    while (open.length > 0) {
      const close = open.at(-1);
      const char = this.#next();
      if (char === close) {
        open.pop();
      } else if (char !== ",") {
        throw this.#bad(char, close === "}" ? "after object key:value pair" : "after array element");
      } else if (close === "}") {
        this.#key("looking for beginning of object key string");
        this.#value(open);
      } else {
        this.#value(open);
      }
    }
    this.#blanks();
    const extra = this.text.charAt(this.#at);
    if (extra !== "") throw this.#bad(this.#take(), "after top-level value");
  }

  /** A value up to its end; for a list or an object with content, up to the end of the first value in it. */
  #value(open: ("]" | "}")[]): void {
    for (;;) {
      const char = this.#next();
      if (char !== "[" && char !== "{") return this.#scalar(char);
      if (open.length >= this.maxDepth) throw new Stop("exceeded max depth");
      this.#blanks();
      const close = char === "[" ? "]" : "}";
      if (this.text[this.#at] === close) {
        this.#at++;
        return;
      }
      open.push(close);
      if (char === "{") this.#key("looking for beginning of object key string");
    }
  }

  #key(context: string): void {
    const char = this.#next();
    if (char !== '"') throw this.#bad(char, context);
    this.#string();
    const colon = this.#next();
    if (colon !== ":") throw this.#bad(colon, "after object key");
  }

  #scalar(char: string): void {
    if (char === '"') return this.#string();
    if (char === "-" || DIGIT.test(char)) return this.#number(char);
    const word = { t: "true", f: "false", n: "null" }[char];
    if (word === undefined) throw this.#bad(char, "looking for beginning of value");
    for (const expected of word.slice(1)) {
      const found = this.#inside();
      if (found !== expected) throw this.#bad(found, `in literal ${word} (expecting ${quoteChar(expected)})`);
    }
  }

  #string(): void {
    for (;;) {
      const char = this.#take();
      if (char === '"') return;
      if (char < " ") throw this.#bad(char, "in string literal");
      if (char !== "\\") continue;
      const escape = this.#inside();
      if (escape === "u") {
        for (let i = 0; i < 4; i++) {
          const digit = this.#inside();
          if (!/[0-9a-fA-F]/.test(digit)) throw this.#bad(digit, "in \\u hexadecimal character escape");
        }
      } else if (!'bfnrt\\/"'.includes(escape)) throw this.#bad(escape, "in string escape code");
    }
  }

  #number(first: string): void {
    let char = first;
    if (char === "-") {
      char = this.#inside();
      if (!DIGIT.test(char)) throw this.#bad(char, "in numeric literal");
    }
    if (char !== "0") this.#digits();
    if (this.text[this.#at] === ".") {
      this.#at++;
      this.#someDigits("after decimal point in numeric literal");
    }
    if (/[eE]/.test(this.text.charAt(this.#at))) {
      this.#at++;
      if (/[+-]/.test(this.text.charAt(this.#at))) this.#at++;
      this.#someDigits("in exponent of numeric literal");
    }
  }

  #someDigits(context: string): void {
    const char = this.#inside();
    if (!DIGIT.test(char)) throw this.#bad(char, context);
    this.#digits();
  }

  #digits(): void {
    while (DIGIT.test(this.text.charAt(this.#at))) this.#at++;
  }

  #blanks(): void {
    while (BLANK.test(this.text.charAt(this.#at))) this.#at++;
  }

  /** The next character that is no blank. */
  #next(): string {
    this.#blanks();
    return this.#take();
  }

  #take(): string {
    const char = this.text[this.#at++];
    if (char === undefined) throw new Stop("unexpected end of JSON input");
    return char;
  }

  /** The next character within a word, a number or an escape: there Go takes the end of the text for a blank. */
  #inside(): string {
    return this.text[this.#at++] ?? " ";
  }

  #bad(char: string, context: string): Stop {
    // A character beyond the basic plane was taken by halves.
    const isHalf = char >= "\ud800" && char <= "\udbff";
    const whole = isHalf ? String.fromCodePoint(this.text.codePointAt(this.#at - 1) ?? 0) : char;
    return new Stop(`invalid character ${quoteChar(whole)} ${context}`);
  }
}

/** Go quotes the byte, not the character: beyond ASCII it is the first byte, shown as Latin-1. */
function quoteChar(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  if (char === "\\") return `'\\\\'`;
  const code = encodeUtf8(char)[0] ?? 0;
  const short = { 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r" }[code];
  if (short !== undefined) return `'${short}'`;
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, "0")}'`;
  if (code >= 0x80 && code < 0xa1) return `'\\u00${code.toString(16)}'`;
  return `'${String.fromCharCode(code)}'`;
}
