/**
 * Look-ahead over the lexer: up to three tokens can go back. The order in which slots are filled follows Go's parser, because
 * the line that a message names is that of the slot read last.
 *
 * @module
 */
import type { Lexer } from "./lexer.ts";
import type { Token } from "./token.ts";

const NONE: Token = { kind: "eof", pos: 0, text: "EOF", line: 0 };

/** A reading position in a token stream. */
export class TokenWindow {
  #first = NONE;
  #second = NONE;
  #third = NONE;
  #pending = 0;

  constructor(private readonly lexer: Lexer) {}

  /** Line that a message about the current place names. */
  get line(): number {
    return this.#first.line;
  }

  #slot(index: number): Token {
    return index === 0 ? this.#first : index === 1 ? this.#second : this.#third;
  }

  /** Takes the next token. */
  next(): Token {
    if (this.#pending > 0) this.#pending--;
    else this.#first = this.lexer.next();
    return this.#slot(this.#pending);
  }

  /** Looks at the next token. */
  peek(): Token {
    if (this.#pending > 0) return this.#slot(this.#pending - 1);
    this.#pending = 1;
    this.#first = this.lexer.next();
    return this.#first;
  }

  /** Puts the token just taken back. */
  backup(): void {
    this.#pending++;
  }

  /** Puts two back: the one just taken and `before`. */
  backup2(before: Token): void {
    this.#second = before;
    this.#pending = 2;
  }

  /** Puts three back: `first`, `second` and the one just taken. */
  backup3(first: Token, second: Token): void {
    this.#second = second;
    this.#third = first;
    this.#pending = 3;
  }

  /** Takes the next token that is not space. */
  nextNonSpace(): Token {
    let token = this.next();
    while (token.kind === "space") token = this.next();
    return token;
  }

  /** Looks at the next token that is not space; passes the space. */
  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.backup();
    return token;
  }
}
