import { FieldPathError } from "./errors.ts";
import { field, fieldOrIndex, type FieldPath, type Segment, trimQuotes, wildcard } from "./field_path.ts";

/**
 * Parses a field path: JavaScript's syntax without a leading dot, as patch-provider and Crossplane read it.
 *
 *     spec.containers[0].name    metadata.annotations['example.org/name']    data[.config.yml]    items[*].key
 *
 * Periods inside brackets belong to the name; quotes around a name are dropped. Within quotes a name may also hold brackets, which the
 * original refuses.
 *
 * @throws {FieldPathError} `Empty`, or `Syntax` with the original's text, `unexpected '.' at position 9`, and the position.
 */
export function parseFieldPath(text: string): FieldPath {
  if (text === "") {
    throw new FieldPathError("Empty", "Cannot parse an empty field path: name a field, such as data.key");
  }
  return new PathParser(text).parse();
}

class PathParser {
  readonly #text: string;
  readonly #segments: Segment[] = [];
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): FieldPath {
    if (this.#text.startsWith(".")) this.#unexpected(0);
    while (this.#position < this.#text.length) {
      if (this.#text[this.#position] === "[") this.#bracket();
      else this.#plain();
    }
    return this.#segments;
  }

  /** A name up to the next period or bracket, and the period. */
  #plain(): void {
    const start = this.#position;
    let end = start;
    while (end < this.#text.length && !".[]".includes(this.#text.charAt(end))) end++;
    if (this.#text[end] === "]") this.#unexpected(end);
    if (end > start) this.#name(this.#text.slice(start, end));
    this.#position = end;
    if (this.#text[end] === ".") this.#period();
  }

  #name(text: string): void {
    this.#segments.push(text === "*" ? wildcard : field(trimQuotes(text)));
  }

  #period(): void {
    const at = this.#position;
    if (at === this.#text.length - 1) this.#unexpected(at);
    if (".[]".includes(this.#text.charAt(at + 1))) this.#unexpected(at + 1);
    this.#position = at + 1;
  }

  #bracket(): void {
    const open = this.#position;
    const quoted = this.#quoted(open + 1);
    if (quoted !== undefined) {
      this.#segments.push(field(quoted));
      this.#position = open + quoted.length + 4;
    } else {
      this.#segments.push(fieldOrIndex(this.#unquoted(open)));
    }
    if (this.#text[this.#position] === ".") this.#period();
  }

  /** The name in quotes that fills the brackets. */
  #quoted(start: number): string | undefined {
    const quote = this.#text.charAt(start);
    if (quote !== "'" && quote !== '"') return undefined;
    const end = this.#text.indexOf(`${quote}]`, start + 1);
    return end < 0 ? undefined : this.#text.slice(start + 1, end);
  }

  #unquoted(open: number): string {
    const close = this.#text.indexOf("]", open);
    if (close < 0) this.#fail(`unterminated '['`, open);
    if (close === open + 1) this.#unexpected(close);
    const inside = this.#text.slice(open + 1, close);
    const nested = inside.indexOf("[");
    if (nested >= 0) this.#unexpected(open + 1 + nested);
    this.#position = close + 1;
    return inside;
  }

  #unexpected(position: number): never {
    this.#fail(`unexpected '${this.#text.charAt(position)}'`, position);
  }

  #fail(what: string, position: number): never {
    throw new FieldPathError(
      "Syntax",
      `cannot parse path ${JSON.stringify(this.#text)}: ${what} at position ${position}`,
      position,
    );
  }
}
