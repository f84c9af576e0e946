/** Cuts a text into tokens. */
import { YamlError } from "../errors.ts";
import { scanBlock } from "./block.ts";
import { Cursor, isBreak, isSpace } from "./cursor.ts";
import { scanPlain } from "./plain.ts";
import { scanAnchor, scanDirective, scanTag } from "./properties.ts";
import { scanQuoted } from "./quoted.ts";
import { TOKEN, type Token, token, type TokenKind } from "./token.ts";

/** Deepest nesting of collections taken. Real values files stay below 30. */
export const MAX_DEPTH = 1000;
/** A key without `?` is at most this long, and on one line. */
const LONGEST_KEY = 1024;

/** A place where a key without `?` may begin: whether it is one, a `:` behind it says. */
interface KeyPlace {
  /** False once it is settled that none begins there. */
  isPossible: boolean;
  /** A key must stand here: it is the first thing of a line of a block mapping. */
  readonly isRequired: boolean;
  /** Number of its first token. */
  readonly number: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

/** Characters with a meaning, by code; what begins with another one is a plain scalar. */
const INDICATORS = new Set("-?:,[]{}#&*!|>'\"%@`".split("").map((character) => character.charCodeAt(0)));
const FLOW_STARTS = new Map<number, TokenKind>([[0x5b, TOKEN.flowSequenceStart], [0x7b, TOKEN.flowMappingStart]]);
const FLOW_ENDS = new Map<number, TokenKind>([[0x5d, TOKEN.flowSequenceEnd], [0x7d, TOKEN.flowMappingEnd]]);

/** Tokens of a text, one after another; no more of the text is read than the next token needs, as in Go. */
export class Scanner {
  readonly #cursor: Cursor;
  #tokens: Token[] = [];
  /** Index of the next token in the queue. */
  #head = 0;
  /** Tokens taken from the queue so far. */
  #taken = 0;
  #isReady = false;
  #indent = -1;
  readonly #indents: number[] = [];
  /** The latest place of a key in each open flow collection, the outermost for none. */
  readonly #keys: KeyPlace[] = [{ isPossible: false, isRequired: false, number: 0, at: 0, line: 0, column: 0 }];
  /** Levels of {@linkcode #keys} by the number of a token that waits for a `:`. */
  readonly #levelByNumber = new Map<number, number>();
  #isKeyAllowed = true;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  /** How far the text was read. */
  get at(): number {
    return this.#cursor.at;
  }

  /** The next token; it stays the next one. @throws YamlError `Syntax` or `Depth`. */
  peek(): Token {
    if (!this.#isReady) this.#fill();
    const next = this.#tokens[this.#head];
    if (next === undefined) throw new RangeError("No token was read");
    return next;
  }

  /** Goes on to the token behind the next one. */
  skip(): void {
    this.#isReady = false;
    this.#taken++;
    if (++this.#head < this.#tokens.length) return;
    this.#head = 0;
    this.#tokens = [];
  }

  /** Reads until it is certain that no key begins before the next token. */
  #fill(): void {
    for (;;) {
      if (this.#head < this.#tokens.length) {
        const key = this.#keys[this.#levelByNumber.get(this.#taken) ?? -1];
        if (key === undefined || !this.#isValid(key)) break;
      }
      this.#fetch();
    }
    this.#isReady = true;
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unindent(cursor.column);
    if (cursor.isAtEnd) return void this.#push(this.#end());
    const code = cursor.code();
    if (code === 0x25 && cursor.column === 0) return this.#fetchDirective();
    if (cursor.isAtMarker()) return this.#fetchMarker();
    const [start, end] = [FLOW_STARTS.get(code), FLOW_ENDS.get(code)];
    if (start !== undefined) return this.#fetchFlowStart(start);
    if (end !== undefined) return this.#fetchFlowEnd(end);
    if (code === 0x2c) return this.#fetchFlowEntry();
    const isLast = isSpace(cursor.code(1));
    if (code === 0x2d && isLast) return this.#fetchBlockEntry();
    if (code === 0x3f && (this.#inFlow || isLast)) return this.#fetchKey();
    if (code === 0x3a && (this.#inFlow || isLast)) return this.#fetchValue();
    if (code === 0x26 || code === 0x2a) return this.#fetchProperty(scanAnchor);
    if (code === 0x21) return this.#fetchProperty(scanTag);
    if ((code === 0x7c || code === 0x3e) && !this.#inFlow) return this.#fetchBlock();
    if (code === 0x27 || code === 0x22) {
      return this.#fetchProperty((at) => token(TOKEN.scalar, at.line, scanQuoted(at)));
    }
    if (!this.#beginsPlain(code)) throw cursor.fault("found character that cannot start any token");
    this.#fetchPlain();
  }

  get #key(): KeyPlace {
    const key = this.#keys.at(-1);
    if (key === undefined) throw new RangeError("No level is open");
    return key;
  }

  /** Index in the queue of the token of a number; its end where the token was taken already. */
  #placeOf(number: number): number {
    return number < this.#taken ? this.#tokens.length : this.#head + number - this.#taken;
  }

  get #inFlow(): boolean {
    return this.#keys.length > 1;
  }

  #beginsPlain(code: number): boolean {
    if (!INDICATORS.has(code) && !isSpace(code)) return true;
    const next = this.#cursor.code(1);
    if (code === 0x2d) return next !== 0x20 && next !== 0x09;
    return !this.#inFlow && (code === 0x3f || code === 0x3a) && !isSpace(next);
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    // A second byte order mark at the start; further on it is a character like any other.
    if (cursor.at === 0 && cursor.code() === 0xfeff) cursor.skip();
    for (;;) {
      // A tab is white space where no indentation is meant.
      for (let code = cursor.code(); code === 0x20 || (code === 0x09 && (this.#inFlow || !this.#isKeyAllowed));) {
        cursor.skip();
        code = cursor.code();
      }
      if (cursor.code() === 0x23) cursor.skipLine();
      if (!isBreak(cursor.code())) return;
      cursor.skipBreak();
      if (!this.#inFlow) this.#isKeyAllowed = true;
    }
  }

  #end(): Token {
    this.#cursor.finishText();
    this.#unindent(-1);
    this.#removeKey();
    this.#isKeyAllowed = false;
    return token(TOKEN.streamEnd, this.#cursor.line);
  }

  #fetchDirective(): void {
    this.#unindent(-1);
    this.#removeKey();
    this.#isKeyAllowed = false;
    this.#push(scanDirective(this.#cursor));
  }

  #fetchMarker(): void {
    this.#unindent(-1);
    this.#removeKey();
    this.#isKeyAllowed = false;
    this.#pushIndicator(this.#cursor.code() === 0x2d ? TOKEN.documentStart : TOKEN.documentEnd, 3);
  }

  #fetchFlowStart(kind: TokenKind): void {
    this.#saveKey();
    this.#keys.push(this.#keyPlace(false, false));
    if (this.#keys.length > MAX_DEPTH) throw this.#tooDeep();
    this.#isKeyAllowed = true;
    this.#pushIndicator(kind);
  }

  #fetchFlowEnd(kind: TokenKind): void {
    this.#removeKey();
    // Where no key could begin in it, Go forgets that the collection itself may be one.
    if (this.#inFlow) this.#levelByNumber.delete(this.#keys.pop()?.number ?? -1);
    this.#isKeyAllowed = false;
    this.#pushIndicator(kind);
  }

  #fetchFlowEntry(): void {
    this.#removeKey();
    this.#isKeyAllowed = true;
    this.#pushIndicator(TOKEN.flowEntry);
  }

  #fetchBlockEntry(): void {
    // Within brackets it is for the parser to refuse.
    if (!this.#inFlow) this.#openBlock(TOKEN.blockSequenceStart, "block sequence entries");
    this.#removeKey();
    this.#isKeyAllowed = true;
    this.#pushIndicator(TOKEN.blockEntry);
  }

  #fetchKey(): void {
    if (!this.#inFlow) this.#openBlock(TOKEN.blockMappingStart, "mapping keys");
    this.#removeKey();
    this.#isKeyAllowed = !this.#inFlow;
    this.#pushIndicator(TOKEN.key);
  }

  #fetchValue(): void {
    const key = this.#key;
    if (this.#isValid(key)) {
      const place = this.#placeOf(key.number);
      this.#tokens.splice(place, 0, token(TOKEN.key, key.line));
      this.#indentTo(key.column, TOKEN.blockMappingStart, key.line, place);
      this.#forgetKey();
      this.#isKeyAllowed = false;
    } else {
      if (!this.#inFlow) this.#openBlock(TOKEN.blockMappingStart, "mapping values");
      this.#isKeyAllowed = !this.#inFlow;
    }
    this.#pushIndicator(TOKEN.value);
  }

  /** What may be a key, and is none of the collections. */
  #fetchProperty(scan: (cursor: Cursor) => Token): void {
    this.#saveKey();
    this.#isKeyAllowed = false;
    this.#push(scan(this.#cursor));
  }

  #fetchBlock(): void {
    this.#removeKey();
    this.#isKeyAllowed = true;
    const { line } = this.#cursor;
    this.#push(token(TOKEN.scalar, line, scanBlock(this.#cursor, this.#indent)));
  }

  #fetchPlain(): void {
    this.#saveKey();
    const { line } = this.#cursor;
    const { text, isMultiline } = scanPlain(this.#cursor, this.#indent, this.#inFlow);
    this.#isKeyAllowed = isMultiline;
    this.#push(token(TOKEN.scalar, line, text, "", true));
  }

  #push(one: Token): void {
    this.#tokens.push(one);
  }

  #pushIndicator(kind: TokenKind, length = 1): void {
    this.#push(token(kind, this.#cursor.line));
    this.#cursor.skip(length);
  }

  #openBlock(kind: TokenKind, what: string): void {
    if (!this.#isKeyAllowed) throw this.#cursor.fault(`${what} are not allowed in this context`);
    this.#indentTo(this.#cursor.column, kind, this.#cursor.line, this.#tokens.length);
  }

  /** A block collection begins where something stands further right than the one around it. */
  #indentTo(column: number, kind: TokenKind, line: number, place: number): void {
    if (this.#inFlow || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH) throw this.#tooDeep();
    this.#tokens.splice(place, 0, token(kind, line));
  }

  #unindent(column: number): void {
    if (this.#inFlow) return;
    while (this.#indent > column) {
      this.#push(token(TOKEN.blockEnd, this.#cursor.line));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #saveKey(): void {
    if (!this.#isKeyAllowed) return;
    this.#removeKey();
    const key = this.#keyPlace(true, !this.#inFlow && this.#indent === this.#cursor.column);
    this.#keys[this.#keys.length - 1] = key;
    this.#levelByNumber.set(key.number, this.#keys.length - 1);
  }

  #keyPlace(isPossible: boolean, isRequired: boolean): KeyPlace {
    const { at, line, column } = this.#cursor;
    return { isPossible, isRequired, number: this.#taken + this.#tokens.length - this.#head, at, line, column };
  }

  /** No key begins at the possible place. @throws YamlError when one must. */
  #removeKey(): void {
    if (this.#key.isPossible && this.#key.isRequired) throw this.#missingColon();
    this.#forgetKey();
  }

  #forgetKey(): void {
    const key = this.#key;
    if (!key.isPossible) return;
    key.isPossible = false;
    this.#levelByNumber.delete(key.number);
  }

  /** Whether a `:` here would still make it a key. @throws YamlError when it would not, and there must be one. */
  #isValid(key: KeyPlace): boolean {
    if (!key.isPossible) return false;
    const { line, at } = this.#cursor;
    if (key.line === line && key.at + LONGEST_KEY >= at) return true;
    if (key.isRequired) throw this.#missingColon();
    key.isPossible = false;
    return false;
  }

  #missingColon(): YamlError {
    return this.#cursor.fault("could not find expected ':'");
  }

  #tooDeep(): YamlError {
    return new YamlError("Depth", `yaml: exceeded max depth of ${MAX_DEPTH}`, this.#cursor.line + 1);
  }
}
