/**
 * Reads TOML piece by piece, in the order and with the complaints of Helm's decoder.
 *
 * @module
 */
import { encodeUtf8, isValidUtf8 } from "../bytes.ts";
import { quote, quoteRune } from "../fmt/quote.ts";

/** A text that is not TOML. The message is Helm's. */
export class TomlDecodeError extends Error {
  override readonly name = "TomlDecodeError";
  readonly reason = "syntax";
}

/** A number or a date as it stands in the text. */
export interface TomlWord {
  readonly kind: "integer" | "float" | "datetime" | "bool";
  readonly text: string;
}

const BARE = /[A-Za-z0-9_-]/;
const LETTER = /\p{L}/u;
const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\x1b",
  '"': '"',
  "\\": "\\",
};
/** Escapes by code point: how many digits, and the number in words. */
const CODES: Readonly<Record<string, readonly [number, string]>> = { x: [2, "two"], u: [4, "four"], U: [8, "eight"] };
const BASES = { b: [/[01_]/, "a binary"], o: [/[0-7_]/, "an octal"], x: [/[0-9A-Fa-f_]/, "a hexadecimal"] } as const;

/** A place in a TOML text. */
export class TomlReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  /** The key that messages name. */
  lastKey = "";

  constructor(text: string) {
    this.#text = text;
  }

  /** The next character, empty at the end. */
  get peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  /** Takes the next character. @throws TomlDecodeError for a control character. */
  take(): string {
    const character = this.peek;
    if (character !== "" && character < " " && !"\t\n\r".includes(character)) {
      throw this.fault(`TOML files cannot contain control characters: '0x${hex(character)}'`);
    }
    if (!isValidUtf8(character)) throw this.fault(`invalid UTF-8 byte: 0x${encodeUtf8(character)[0]?.toString(16)}`);
    this.#at += character.length;
    if (character === "\n") this.#line++;
    return character;
  }

  /** Takes the next character if it is the wanted one. */
  accept(wanted: string): boolean {
    if (this.peek !== wanted) return false;
    this.take();
    return true;
  }

  /** Goes on to what is no blank. */
  skipBlanks(): void {
    while (this.peek === " " || this.peek === "\t") this.take();
  }

  /** Goes on to what is no blank, line break or comment. */
  skipSpace(): void {
    for (;;) {
      this.skipBlanks();
      if (this.peek === "#") this.skipComment();
      else if (this.peek === "\n" || this.peek === "\r") this.take();
      else return;
    }
  }

  /** Goes on to the end of the line. */
  skipComment(): void {
    while (this.peek !== "" && this.peek !== "\n") this.take();
  }

  /** A complaint at this place. @param lines How many lines before. */
  fault(message: string, lines = 0): TomlDecodeError {
    const key = this.lastKey === "" ? "" : ` (last key ${quote(this.lastKey)})`;
    return new TomlDecodeError(`toml: line ${this.#line - lines}${key}: ${message}`);
  }

  /** A key of one or more parts, up to and with its `=`. */
  key(): string[] {
    this.skipBlanks();
    if (this.peek === "=" || this.peek === "") throw this.fault("unexpected '=': key name appears blank");
    if (this.peek === ".") throw this.fault("unexpected '.': keys cannot start with a '.'");
    const parts: string[] = [];
    for (;;) {
      this.skipBlanks();
      if (this.peek === "=" || this.peek === "") throw this.fault("unexpected '='");
      if (this.peek === ".") throw this.fault("unexpected '.'");
      parts.push(this.#keyPart());
      this.skipBlanks();
      const next = this.take();
      if (next === "=") return parts;
      if (next === "") throw this.fault("unexpected EOF; expected key separator '='");
      if (next !== ".") throw this.fault(`expected '.' or '=', but got ${shown(next)} instead`, next === "\n" ? 1 : 0);
    }
  }

  /** The name of a table, up to and with its first `]`. */
  tableName(): string[] {
    const parts: string[] = [];
    for (;;) {
      this.skipBlanks();
      if (this.peek === "]" || this.peek === "") {
        throw this.fault("unexpected end of table name (table names cannot be empty)");
      }
      if (this.peek === ".") throw this.fault("unexpected table separator (table names cannot be empty)");
      parts.push(this.#keyPart());
      this.skipBlanks();
      const next = this.take();
      if (next === "]") return parts;
      if (next !== ".") throw this.fault(`expected '.' or ']' to end table name, but got ${shown(next)} instead`);
    }
  }

  #keyPart(): string {
    if (this.accept('"')) return this.#basic();
    if (this.accept("'")) return this.#raw();
    return this.#while(BARE);
  }

  /** A value that begins with a quote. */
  string(): string {
    const mark = this.take();
    const isLong = this.#text.startsWith(mark + mark, this.#at);
    if (!isLong) return mark === '"' ? this.#basic() : this.#raw();
    this.#at += 2;
    if (this.peek === "\r") this.take();
    this.accept("\n");
    return this.#long(mark);
  }

  #basic(): string {
    const start = this.#at;
    let out = "";
    for (;;) {
      const next = this.take();
      if (next === '"') return out;
      if (next === "") throw this.fault("unexpected EOF; expected '\"'");
      if (next === "\n") throw this.fault("strings cannot contain newlines", 1);
      out += next === "\\" ? this.#escape(start) : next;
    }
  }

  #raw(): string {
    let out = "";
    for (;;) {
      const next = this.take();
      if (next === "'") return out;
      if (next === "") throw this.fault(`unexpected EOF; expected "'"`);
      if (next === "\n") throw this.fault("strings cannot contain newlines", 1);
      out += next;
    }
  }

  /** A text over several lines; up to two quotes may stand right before its end. */
  #long(mark: string): string {
    const start = this.#at;
    const end = mark.repeat(3);
    let out = "";
    for (;;) {
      if (this.#text.startsWith(end, this.#at)) {
        this.#at += 3;
        for (let more = 0; more < 2 && this.accept(mark); more++) out += mark;
        return out;
      }
      const next = this.take();
      if (next === "") throw this.fault(`unexpected EOF; expected ${mark === '"' ? `'"""'` : `"'''"`}`);
      if (next !== "\\" || mark === "'") out += next === "\r" && this.peek === "\n" ? "" : next;
      else if (/^[ \t\r]*\n/.test(this.#text.slice(this.#at, this.#at + 200))) {
        while (/[ \t\r\n]/.test(this.peek)) this.take();
      } else out += this.#escape(start);
    }
  }

  #escape(start: number): string {
    const name = this.take();
    const known = ESCAPES[name];
    if (known !== undefined) return known;
    const [length = 0, words = ""] = CODES[name] ?? [];
    if (length === 0) {
      throw this.fault(`invalid escape in string '\\${name === "" ? "\0" : name}'`, name === "" ? 1 : 0);
    }
    const from = this.#at;
    while (this.#at - from < length) {
      if (/[0-9A-Fa-f]/.test(this.take())) continue;
      const got = quote(this.#text.slice(start, this.#at));
      throw this.fault(`expected ${words} hexadecimal digits after '\\${name}', but got ${got} instead`);
    }
    const digits = this.#text.slice(from, this.#at);
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      throw this.fault(`Escaped character '\\${name}${digits}' is not valid UTF-8.`);
    }
    return String.fromCodePoint(code);
  }

  /** A value that is a word: a number, a date, `true`, `false`. */
  word(): TomlWord {
    const start = this.#at;
    const next = this.peek;
    if (/[0-9]/.test(next)) return this.#numberOrDate(start);
    if (next === "+" || next === "-") return this.#signed(start);
    if (next === ".") throw this.fault("floats must start with a digit, not '.'");
    if (this.#acceptWord("inf") || this.#acceptWord("nan")) return { kind: "float", text: this.#from(start) };
    if (LETTER.test(next)) {
      const text = this.#while(LETTER);
      if (text === "true" || text === "false") return { kind: "bool", text };
      throw this.fault(`expected value but found ${quote(text)} instead`);
    }
    if (next === "") throw this.fault("unexpected EOF; expected value");
    throw this.fault(`expected value but found ${shown(next)} instead`);
  }

  #numberOrDate(start: number): TomlWord {
    if (this.accept("0")) {
      const base = this.peek;
      if (base === "b" || base === "o" || base === "x") return this.#based(start, base);
    }
    this.#while(/[0-9]/);
    if (this.peek === "-" || this.peek === ":") {
      this.#while(/[-0-9:Tt .Zz+]/);
      return { kind: "datetime", text: this.#from(start).trim() };
    }
    return this.#decimal(start);
  }

  #signed(start: number): TomlWord {
    this.take();
    if (this.#acceptWord("inf") || this.#acceptWord("nan")) return { kind: "float", text: this.#from(start) };
    const [first, second] = [this.#text.charAt(this.#at), this.#text.charAt(this.#at + 1)];
    if (first === "0" && /[box]/.test(second)) {
      this.take();
      throw this.fault(`cannot use sign with non-decimal numbers: '${this.#from(start)}${second}'`);
    }
    if (!/[0-9]/.test(first)) throw this.fault(`expected a digit but got ${shown(this.peek)}`);
    return this.#decimal(start);
  }

  #based(start: number, base: keyof typeof BASES): TomlWord {
    this.take();
    const [digits, words] = BASES[base];
    if (this.peek === "_" || !digits.test(this.peek)) {
      throw this.fault(`not ${words} number: '${this.#from(start)}${this.peek === "" ? "\0" : this.peek}'`);
    }
    this.#while(digits);
    return { kind: "integer", text: this.#from(start) };
  }

  #decimal(start: number): TomlWord {
    this.#while(/[0-9_]/);
    if (!/[.eE]/.test(this.peek)) return { kind: "integer", text: this.#from(start) };
    this.#while(/[-+0-9_.eE]/);
    return { kind: "float", text: this.#from(start) };
  }

  #acceptWord(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #from(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  #while(allowed: RegExp): string {
    const start = this.#at;
    while (allowed.test(this.peek)) this.take();
    return this.#from(start);
  }
}

/** A character in a message; the end of the text is a character to Go. */
export function shown(character: string): string {
  return `'${quoteRune(character.codePointAt(0) ?? 0, "'", false)}'`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, "0");
}
