import { JqSyntaxError } from "./errors.ts";

/** A piece of a program. */
export type Token =
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "string"; readonly parts: readonly (string | readonly Token[])[]; readonly at: number }
  | {
    readonly kind: "name" | "field" | "variable" | "format" | "punctuation";
    readonly text: string;
    readonly at: number;
  }
  | { readonly kind: "end"; readonly at: number };

const SPACE = /(?:\s|#[^\n]*)*/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*/y;
const PUNCTUATION = /\?\/\/=?|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[.[\]{}()|,:;=<>+\-*/%?$]/y;
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  "/": "/",
  "\\": "\\",
  '"': '"',
};

/** Cuts a program into tokens; the last one is `end`. */
export function tokenize(program: string): Token[] {
  return new Lexer(program).tokens(false);
}

class Lexer {
  #position = 0;

  constructor(readonly program: string) {}

  /** Tokens up to the end, or up to the parenthesis that closes an interpolation. */
  tokens(isInterpolation: boolean): Token[] {
    const found: Token[] = [];
    let depth = 0;
    for (;;) {
      this.#match(SPACE);
      const token = this.#token();
      if (token.kind === "end" && isInterpolation) {
        this.#fail("unexpected end: an interpolation \\( is not closed", token.at);
      }
      if (token.kind === "punctuation" && token.text === "(") depth++;
      if (token.kind === "punctuation" && token.text === ")" && --depth < 0 && isInterpolation) {
        return [...found, { kind: "end", at: token.at }];
      }
      found.push(token);
      if (token.kind === "end") return found;
    }
  }

  #token(): Token {
    const at = this.#position;
    if (at >= this.program.length) return { kind: "end", at };
    if (this.program.startsWith('"', at)) return this.#string();
    const number = this.#match(NUMBER);
    if (number !== undefined) return { kind: "number", value: Number(number), at };
    const word = this.#match(WORD);
    if (word !== undefined) return { kind: "name", text: word, at };
    return this.#prefixed(at) ?? this.#punctuation(at);
  }

  /** `.name`, `$name`, `@name`. */
  #prefixed(at: number): Token | undefined {
    const kind = ({ ".": "field", "$": "variable", "@": "format" } as const)[this.program.charAt(at)];
    if (kind === undefined) return undefined;
    this.#position = at + 1;
    const text = this.#match(WORD);
    if (text !== undefined) return { kind, text, at };
    this.#position = at;
    return undefined;
  }

  #punctuation(at: number): Token {
    const text = this.#match(PUNCTUATION);
    if (text === undefined) this.#fail(`unexpected ${JSON.stringify(this.program.charAt(at))}`, at);
    return { kind: "punctuation", text, at };
  }

  #string(): Token {
    const at = this.#position++;
    const parts: (string | readonly Token[])[] = [];
    let text = "";
    for (;;) {
      const character = this.program.charAt(this.#position++);
      if (character === "") this.#fail("unexpected end: a string is not closed", at);
      if (character === '"') return { kind: "string", parts: [...parts, text], at };
      if (character !== "\\") {
        text += character;
      } else if (this.program.charAt(this.#position) === "(") {
        this.#position++;
        parts.push(text, this.tokens(true));
        text = "";
      } else {
        text += this.#escape();
      }
    }
  }

  #escape(): string {
    const character = this.program.charAt(this.#position++);
    const simple = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
    if (simple !== undefined) return simple;
    const digits = this.program.slice(this.#position, this.#position + 4);
    if (character !== "u" || !/^[\da-fA-F]{4}$/.test(digits)) {
      this.#fail("unknown escape in a string", this.#position - 2);
    }
    this.#position += 4;
    return String.fromCharCode(parseInt(digits, 16));
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const text = pattern.exec(this.program)?.[0];
    if (text !== undefined) this.#position = pattern.lastIndex;
    return text;
  }

  #fail(message: string, position: number): never {
    throw new JqSyntaxError(message, position);
  }
}
