/**
 * `camelcase`, `snakecase` and `kebabcase`: words are cut at connectors (blank, `-`, `_`), punctuation, digits and case changes.
 *
 * @module
 */
import { withValidRunes } from "../bytes.ts";
import { isSpace, lowerChar, upperChar } from "./words.ts";

type WordKind = "number" | "upper" | "alphabet" | "connector" | "punctuation" | "other";

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

const UPPER = /^\p{Lu}$/u;
const LETTER = /^\p{L}$/u;
const NUMBER = /^\p{N}$/u;
const PUNCTUATION = /^\p{P}$/u;
const CJK = /^[\u4e00-\u9fcc\u3400-\u4db5\u{20000}-\u{2a6d6}\u{2a700}-\u{2b734}\u{2b740}-\u{2b81d}]$/u;

/** A character with the bytes before it that are none, or at the end of the text behind it. */
const PIECE = /[\ufffd\p{Cs}]*[^\ufffd\p{Cs}](?:[\ufffd\p{Cs}]+$)?|[\ufffd\p{Cs}]+$/gsu;
const INVALID = /[\ufffd\p{Cs}]/gu;

function isConnector(char: string): boolean {
  return char === "-" || char === "_" || isSpace(char);
}

function isUpper(char: string): boolean {
  return UPPER.test(char);
}

function isAlphabet(char: string): boolean {
  return LETTER.test(char) && !CJK.test(char);
}

/** `http_server` → `HttpServer`. Leading connectors stay. */
export function camelCase(text: string): string {
  const chars = Array.from(withValidRunes(text));
  let at = 0;
  let out = "";
  while (at < chars.length && isConnector(chars[at] ?? "")) out += chars[at++];
  const first = chars[at++];
  // A text of connectors only gets its last one twice; charts may rely on what Helm prints.
  if (first === undefined) return out + (chars.at(-1) ?? "");
  let upperRun = isUpper(first);
  let current = upperChar(first);
  for (; at < chars.length; at++) {
    const previous = current;
    current = chars[at] ?? "";
    if (isConnector(previous)) {
      // Of several connectors all but the last are kept.
      if (isConnector(current)) {
        out += previous;
        continue;
      }
      upperRun = isUpper(current);
      current = upperChar(current);
      continue;
    }
    if (upperRun && isUpper(current)) current = lowerChar(current);
    else upperRun = false;
    out += previous;
  }
  return out + current;
}

/** `HTTPServer2` → `http_server2`. */
export function snakeCase(text: string): string {
  return joinWords(text, "_");
}

/** `HTTPServer2` → `http-server2`. */
export function kebabCase(text: string): string {
  return joinWords(text, "-");
}

function joinWords(text: string, connector: string): string {
  const words = cutWords(text);
  let at = 0;
  let out = "";
  const next = () => words[at++];
  const isText = (word: Word | undefined) => word?.kind === "alphabet" || word?.kind === "number";
  const parts = (word: Word | undefined) =>
    word !== undefined && word.kind !== "punctuation" && word.kind !== "connector";
  /** Writes the run of letters and digits that starts with a word, and a connector where another word follows. */
  const writeRun = (from: Word | undefined): Word | undefined => {
    let word = from;
    for (; word !== undefined && isText(word); word = next()) out += write(word, connector);
    if (parts(word)) out += connector;
    return word;
  };

  let word: Word | undefined = next();
  while (word !== undefined && at < words.length) {
    const previous = word;
    if (previous.kind !== "connector") out += write(previous, connector);
    word = next();
    if (previous.kind === "number") word = writeRun(word);
    else if (previous.kind === "connector") out += write(previous, connector);
    else if (previous.kind === "punctuation" || word === undefined) continue;
    else if (word.kind !== "number") {
      if (parts(word)) out += connector;
    } else if (at < words.length) {
      const digits: Word = word;
      word = next();
      if (word?.kind !== "alphabet") {
        out += write(digits, connector);
        if (parts(word)) out += connector;
      } else {
        out += connector + write(digits, connector);
        word = writeRun(word);
      }
    }
  }
  return word === undefined ? out : out + write(word, connector);
}

/** Only capitals and connectors change; the other words are already as they shall be. */
function write(word: Word, connector: string): string {
  if (word.kind !== "upper" && word.kind !== "connector") return word.text;
  return Array.from(word.text, (char) => {
    if (isConnector(char)) return connector;
    return isUpper(char) ? lowerChar(char) : withValidRunes(char);
  }).join("");
}

function cutWords(text: string): Word[] {
  const pieces = Array.from(text.matchAll(PIECE), ([piece]) => piece);
  // What a piece counts as is decided by its valid character.
  const chars = pieces.map((piece) => piece.replace(INVALID, "") || "\ufffd");
  const words: Word[] = [];
  for (let at = 0; at < chars.length;) {
    const kind = kindOf(chars[at] ?? "");
    const end = endOf(kind, chars, at);
    words.push({ kind, text: pieces.slice(at, end).join("") });
    at = end;
  }
  return words;
}

function kindOf(char: string): WordKind {
  if (isConnector(char)) return "connector";
  if (PUNCTUATION.test(char)) return "punctuation";
  if (isUpper(char)) return "upper";
  if (isAlphabet(char)) return "alphabet";
  return NUMBER.test(char) ? "number" : "other";
}

const CONTINUES: Readonly<Record<WordKind, (char: string) => boolean>> = {
  connector: isConnector,
  punctuation: (char) => PUNCTUATION.test(char),
  upper: isUpper,
  alphabet: (char) => isAlphabet(char) && !isUpper(char),
  number: (char) => NUMBER.test(char),
  other: (char) => kindOf(char) === "other",
};

function endOf(kind: WordKind, chars: readonly string[], from: number): number {
  const runTo = (test: (char: string) => boolean, start: number) => {
    let at = start;
    while (at < chars.length && test(chars[at] ?? "")) at++;
    return at;
  };
  if (kind !== "upper") return runTo(CONTINUES[kind], from + 1);
  const end = runTo(isUpper, from + 1);
  if (end === from + 1) return runTo(CONTINUES.alphabet, end); // `Server`
  // `HTTPServer`: the last capital belongs to the word that follows.
  return end < chars.length && isAlphabet(chars[end] ?? "") ? end - 1 : end;
}
