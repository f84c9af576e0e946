import { isBreak, isPrintable, styleOf } from "./scalar_style.ts";
import type { KeyOrder } from "./natural_order.ts";

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

/** Keys longer than this are written as `? key`. Bytes, as go-yaml counts. */
const LONGEST_SIMPLE_KEY = 128;
const ENCODER = new TextEncoder();

/** Layout of one dialect of go-yaml. */
export interface Layout {
  readonly dialect: KeyOrder;
  /** Column behind which a line is folded at the next single blank. */
  readonly width: number;
  /** Whether a list below a map key is indented. */
  readonly indentLists: boolean;
}

/**
 * Writes YAML tokens with go-yaml's layout: tracks column and indentation, chooses styles, folds and escapes.
 * Containers are the caller's; it calls `indented` around what belongs deeper.
 */
export class Emitter {
  readonly layout: Layout;
  #out = "";
  #column = 0;
  #indent = -1;
  /** Whether the last thing written was white space, and whether the line has only indentation and `-` so far. */
  #whitespace = true;
  #indention = true;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** The text so far, ended by a line break. */
  finish(): string {
    this.#indent = -1;
    this.line();
    return this.#out;
  }

  /** Whether only indentation stands before the cursor, so a nested block may begin on this line. */
  get atLineStart(): boolean {
    return this.#indention;
  }

  /** Runs `body` one indentation deeper; `flat` keeps the level (a list below a key). The root level is 0. */
  indented(body: () => void, flat = false): void {
    const before = this.#indent;
    if (before < 0) this.#indent = 0;
    else if (!flat) this.#indent += 2;
    body();
    this.#indent = before;
  }

  /** Goes to the current indentation, on a new line unless this one is still blank there. */
  line(): void {
    const indent = Math.max(this.#indent, 0);
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) this.#break("\n");
    if (this.#column < indent) {
      this.#out += " ".repeat(indent - this.#column);
      this.#column = indent;
    }
    this.#whitespace = true;
    this.#indention = true;
  }

  /** Writes `-`, `?`, `:` or an empty collection. */
  indicator(text: string, needsBlank: boolean, keepsIndention: boolean): void {
    this.#put(needsBlank && !this.#whitespace ? ` ${text}` : text);
    this.#whitespace = false;
    this.#indention = this.#indention && keepsIndention;
  }

  /** Writes a key; answers whether it was a simple one, so that `: value` follows on the same line. */
  key(text: string): boolean {
    const long = text.length > LONGEST_SIMPLE_KEY ||
      text.length * 3 > LONGEST_SIMPLE_KEY && ENCODER.encode(text).length > LONGEST_SIMPLE_KEY;
    const simple = !long && !multiline(text);
    if (!simple) this.indicator("?", true, true);
    this.#scalar(text, simple);
    return simple;
  }

  /** Writes a string value. */
  text(text: string): void {
    this.#scalar(text, false);
  }

  /** Writes a value that is plain for certain: a number, a boolean, null. */
  plain(text: string): void {
    this.#put(this.#whitespace ? text : ` ${text}`);
    this.#whitespace = false;
    this.#indention = false;
  }

  #scalar(text: string, isKey: boolean): void {
    const before = this.#indent;
    this.#indent = before < 0 ? 2 : before + 2;
    const style = styleOf(text, isKey, this.layout.dialect);
    switch (style) {
      case "plain":
        if (!this.#whitespace) this.#put(" ");
        this.#folded(text, !isKey);
        break;
      case "single":
        this.indicator("'", true, false);
        this.#folded(text.replaceAll("'", "''"), !isKey, true);
        this.indicator("'", false, false);
        break;
      case "double":
        this.#doubleQuoted(text, !isKey);
        break;
      case "literal":
        this.#literal(text);
        break;
    }
    this.#indent = before;
    // A literal block has kept account itself: it may end with a line break.
    if (style !== "literal") [this.#whitespace, this.#indention] = [false, false];
  }

  /** Plain and single-quoted text: folded at single blanks behind the width; breaks are doubled. */
  #folded(text: string, mayFold: boolean, inner = false): void {
    if (!HAS_BREAK.test(text) && this.#column + text.length <= this.layout.width) return this.#put(text);
    let [spaces, breaks] = [false, false];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x20) {
        const atEdge = inner && (at === 0 || at === text.length - 1);
        const fold = mayFold && !spaces && this.#column > this.layout.width && !atEdge &&
          text.charCodeAt(at + 1) !== 0x20;
        if (fold) this.line();
        else this.#put(" ");
        spaces = true;
      } else if (isBreak(code)) {
        if (!breaks && code === 0x0a) this.#break("\n");
        this.#break(text.charAt(at));
        this.#indention = true;
        breaks = true;
      } else {
        if (breaks) this.line();
        this.#put(text.charAt(at));
        this.#indention = false;
        [spaces, breaks] = [false, false];
      }
    }
  }

  #doubleQuoted(text: string, mayFold: boolean): void {
    this.indicator('"', true, false);
    // go-yaml looks for the byte order mark at the start of the text whatever the place it is at: all is escaped.
    const allEscaped = text.startsWith("\uFEFF");
    const runes = [...text];
    let spaces = false;
    for (const [at, rune] of runes.entries()) {
      const code = rune.codePointAt(0) ?? 0;
      if (allEscaped || !isPrintable(code) || isBreak(code) || code === 0x22 || code === 0x5c) {
        this.#put(escape(code));
        spaces = false;
      } else if (
        code === 0x20 && mayFold && !spaces && this.#column > this.layout.width && at > 0 && at < runes.length - 1
      ) {
        this.line();
        if (runes[at + 1] === " ") this.#put("\\");
        spaces = true;
      } else {
        this.#put(rune);
        spaces = code === 0x20;
      }
    }
    this.indicator('"', false, false);
  }

  #literal(text: string): void {
    const first = text.charCodeAt(0);
    const hint = first === 0x20 || isBreak(first) ? "2" : "";
    this.indicator(`|${hint}${chomping(text)}`, true, false);
    this.#break("\n");
    [this.#indention, this.#whitespace] = [true, true];
    let breaks = true;
    for (const part of text.split(BREAKS)) {
      if (part === "") continue;
      if (part.length === 1 && isBreak(part.charCodeAt(0))) {
        this.#break(part);
        [this.#indention, breaks] = [true, true];
        continue;
      }
      if (breaks) this.line();
      this.#put(part);
      [this.#indention, breaks] = [false, false];
    }
  }

  #put(text: string): void {
    this.#out += text;
    this.#column += text.length;
  }

  #break(text: string): void {
    this.#out += text;
    this.#column = 0;
    this.#indention = true;
  }
}

const HAS_BREAK = /[\n\r\x85\u2028\u2029]/;
const BREAKS = /([\n\r\x85\u2028\u2029])/;

function multiline(text: string): boolean {
  return HAS_BREAK.test(text);
}

function chomping(text: string): string {
  if (!isBreak(text.charCodeAt(text.length - 1))) return "-";
  return text.length === 1 || isBreak(text.charCodeAt(text.length - 2)) ? "+" : "";
}

function escape(code: number): string {
  const short = SHORT_ESCAPES.get(code);
  if (short !== undefined) return `\\${short}`;
  const [letter, width] = code <= 0xff ? ["x", 2] as const : code <= 0xffff ? ["u", 4] as const : ["U", 8] as const;
  return `\\${letter}${code.toString(16).toUpperCase().padStart(width, "0")}`;
}
