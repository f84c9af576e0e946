/** Where the scanner stands in a text, and what kinds of characters there are. */
import { YamlError } from "../errors.ts";

/** Stands behind the text, several times, so that looking ahead needs no bounds. No YAML text contains it. */
const END = "\0\0\0\0";

/** Whether a character code is a space or a tab. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Whether a character code ends a line: YAML 1.1 has five such characters. */
export function isBreak(code: number): boolean {
  return code < 0x85 ? code === 0x0a || code === 0x0d : code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Whether a character code is a line break or the end of the text. */
export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

/** Whether a character code is white space or the end of the text. */
export function isSpace(code: number): boolean {
  return code <= 0x20 ? isBlank(code) || code === 0x0a || code === 0x0d || code === 0 : code >= 0x85 && isBreak(code);
}

/** Whether a character code may stand in a name: an anchor, a tag handle, a directive. */
export function isWordCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) ||
    code === 0x5f || code === 0x2d;
}

/** A place in a text that moves forward. Lines and columns count from 0, columns in UTF-16 units. */
export class Cursor {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text + END;
  }

  /** Offset into the text. */
  get at(): number {
    return this.#at;
  }

  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#at - this.#lineStart;
  }

  get isAtEnd(): boolean {
    return this.code() === 0;
  }

  /** The character code that stands up to 4 places ahead; 0 behind the text. */
  code(ahead = 0): number {
    return this.#text.charCodeAt(this.#at + ahead);
  }

  /** The text from an offset to the current place. */
  from(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  /** Steps over characters that are no line breaks. */
  skip(count = 1): void {
    this.#at += count;
  }

  /** Steps over a line break. */
  skipBreak(): void {
    this.#at += this.code() === 0x0d && this.code(1) === 0x0a ? 2 : 1;
    this.#line++;
    this.#lineStart = this.#at;
  }

  /** Steps over a line break; what it means in a scalar. */
  readBreak(): string {
    const code = this.code();
    this.skipBreak();
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.#at++;
  }

  /** Steps to the end of the line. */
  skipLine(): void {
    let at = this.#at;
    while (!isBreakOrEnd(this.#text.charCodeAt(at))) at++;
    this.#at = at;
  }

  /** Steps over the blanks and the comment that a line may end with. @throws YamlError when more follows. */
  finishLine(): void {
    this.skipBlanks();
    if (this.code() === 0x23) this.skipLine();
    if (!isBreakOrEnd(this.code())) throw this.fault("did not find expected comment or line break");
    if (!this.isAtEnd) this.skipBreak();
  }

  /** Whether a document marker, `---` or `...`, begins here. */
  isAtMarker(): boolean {
    if (this.#at !== this.#lineStart) return false;
    const code = this.code();
    return (code === 0x2d || code === 0x2e) && this.code(1) === code && this.code(2) === code && isSpace(this.code(3));
  }

  /** Goes to the line behind an unfinished last one: that is where Go sees the end of a text. */
  finishText(): void {
    if (this.column === 0) return;
    this.#line++;
    this.#lineStart = this.#at;
  }

  /** An error at the current place. Go counts lines from 1 here, and does not name the first. */
  fault(problem: string): YamlError {
    const where = this.#line === 0 ? "" : `line ${this.#line + 1}: `;
    return new YamlError("Syntax", `yaml: ${where}${problem}`, this.#line + 1);
  }
}
