import { JqSyntaxError } from "./errors.ts";
import type { Token } from "./lexer.ts";

/** A position in a program's tokens, and what a parser asks of it. */
export class Cursor {
  /** Index of the next token. */
  position = 0;

  constructor(readonly tokens: readonly Token[]) {}

  /** The token at the position. */
  get next(): Token {
    return this.tokens[this.position] ?? { kind: "end", at: 0 };
  }

  /** Whether it is this punctuation or name. */
  is(text: string): boolean {
    const token = this.next;
    return (token.kind === "punctuation" || token.kind === "name") && token.text === text;
  }

  /** Goes past it if it is that. */
  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.position++;
    return true;
  }

  /** Goes past it, or fails. @throws {JqSyntaxError} */
  expect(text: string): void {
    if (!this.accept(text)) this.unexpected(JSON.stringify(text));
  }

  /** Fails. @throws {JqSyntaxError} what is there, and what was wanted. */
  unexpected(wanted: string): never {
    const token = this.next;
    const found = token.kind === "end"
      ? "end of the program"
      : token.kind === "string"
      ? "string"
      : JSON.stringify(token.kind === "number" ? String(token.value) : token.text);
    throw new JqSyntaxError(`unexpected ${found}, expected ${wanted}`, token.at);
  }

  /** Goes past a name or variable, and returns its text. @throws {JqSyntaxError} */
  word(kind: "name" | "variable"): string {
    const token = this.next;
    if (token.kind !== kind) this.unexpected(kind === "name" ? "a name" : "a variable such as $x");
    this.position++;
    return token.text;
  }
}
