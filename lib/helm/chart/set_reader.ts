import { HelmChartError } from "./errors.ts";

/** Reads an expression of the `--set` family character by character. */
export class SetReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(expression: string) {
    this.#characters = [...expression];
  }

  get atEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** Takes the next character; undefined at the end. */
  take(): string | undefined {
    return this.#characters[this.#at++];
  }

  /** The next character, not taken. */
  peek(): string | undefined {
    return this.#characters[this.#at];
  }

  /** What is not read yet. */
  rest(): string {
    return this.#characters.slice(this.#at).join("");
  }

  /** Takes all that is not read yet. */
  takeRest(): string {
    const rest = this.rest();
    this.#at = this.#characters.length;
    return rest;
  }

  /** Goes on by a text that `rest` began with. */
  skip(text: string): void {
    this.#at += [...text].length;
  }

  /**
   * Takes text up to one of the stop characters, which is taken too; `\` makes the next character ordinary. `stop` is
   * undefined when the end came first.
   */
  until(stops: string): { readonly text: string; readonly stop: string | undefined } {
    return this.#until(stops, "\\");
  }

  /** As `until`, but `\` is a character like any other. */
  untilRaw(stops: string): { readonly text: string; readonly stop: string | undefined } {
    return this.#until(stops, undefined);
  }

  #until(stops: string, escape: string | undefined): { readonly text: string; readonly stop: string | undefined } {
    let text = "";
    for (;;) {
      const character = this.take();
      if (character === undefined) return { text, stop: undefined };
      if (stops.includes(character)) return { text, stop: character };
      if (character !== escape) text += character;
      else {
        const escaped = this.take();
        if (escaped === undefined) return { text, stop: undefined };
        text += escaped;
      }
    }
  }

  /** Takes blanks up to a comma, which is taken too; answers whether nothing but those came. */
  takeEmpty(): boolean {
    for (;;) {
      const character = this.peek();
      if (character === undefined) return true;
      if (character !== "," && !BLANK.test(character)) return false;
      this.#at++;
      if (character === ",") return true;
    }
  }

  /** Takes one JSON value. @throws HelmChartError `InvalidValues`. */
  json(): unknown {
    const rest = this.rest();
    const text = rest.slice(0, jsonEnd(rest));
    try {
      const value: unknown = JSON.parse(text, asInGo);
      this.skip(text);
      return value;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw new HelmChartError(
      "InvalidValues",
      `failed parsing --set-json data: no JSON value at "${rest.slice(0, 40)}"`,
    );
  }
}

/** Go's `unicode.IsSpace`. */
const BLANK = /\p{White_Space}/u;

/** Go refuses numbers that a float64 does not hold, and reads half a surrogate pair as U+FFFD. */
function asInGo(_key: string, value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (value === Infinity || value === -Infinity) throw new SyntaxError("a number beyond float64");
  return value;
}

/** A number as far as Go reads it: what begins a fraction or an exponent must be one. */
const JSON_NUMBER = /-?(?:0|[1-9]\d*(?!\d))(?:\.\d+(?!\d)|(?!\.))(?:[eE][-+]?\d+(?!\d)|(?![eE]))/;
/** A JSON value that is no list and no object, or a bracket, or what stands between such. */
const JSON_TOKEN = new RegExp(
  String.raw`\s+|"(?:[^"\\]|\\[^])*"|${JSON_NUMBER.source}|true|false|null|[[\]{},:]`,
  "y",
);

/** Where the JSON value at the start of a text ends, if it is one. */
function jsonEnd(text: string): number {
  let [at, depth] = [0, 0];
  for (;;) {
    JSON_TOKEN.lastIndex = at;
    const token = JSON_TOKEN.exec(text)?.[0];
    if (token === undefined) return at;
    at += token.length;
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
    if (depth <= 0 && token.trim() !== "") return at;
  }
}
