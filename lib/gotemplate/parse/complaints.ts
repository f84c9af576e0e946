import { TemplateError } from "../errors.ts";
import { unquote } from "../fmt/quote.ts";
import { showToken, type Token, type TokenKind } from "./token.ts";
import type { TokenWindow } from "./token_window.ts";

/** What is wrong with a text, at the place that is being read. */
export class Complaints {
  /** Line where the current action began, 0 outside. */
  actionLine = 0;

  /**
   * @param file Name of the template, for messages.
   * @param window Where reading is.
   */
  constructor(private readonly file: string, private readonly window: TokenWindow) {}

  /** Ends the parse. @throws {TemplateError} */
  fail(message: string): never {
    throw new TemplateError("parse", `template: ${this.file}:${this.window.line}: ${message}`);
  }

  /** A token that must not stand there. @throws {TemplateError} */
  unexpected(token: Token, context: string): never {
    if (token.kind !== "error") this.fail(`unexpected ${showToken(token)} in ${context}`);
    const begun = this.actionLine !== 0 && this.actionLine !== token.line
      ? ` in action started at ${this.file}:${this.actionLine}`
      : "";
    // "unclosed action in action started" would stutter.
    const extra = begun !== "" && token.text.endsWith(" action") ? begun.slice(" in action".length) : begun;
    this.fail(token.text + extra);
  }

  /** Takes the next token. @throws {TemplateError} when it is of another kind. */
  expect(kind: TokenKind, context: string): Token {
    const token = this.window.nextNonSpace();
    if (token.kind !== kind) this.unexpected(token, context);
    return token;
  }

  /** The text of a string constant. @throws {TemplateError} */
  unquoted(token: Token): string {
    return unquote(token.text) ?? this.fail("invalid syntax");
  }
}
