/** What the scanner makes of a text. */

/** Kinds of tokens. */
export const TOKEN = {
  streamEnd: 0,
  versionDirective: 1,
  tagDirective: 2,
  documentStart: 3,
  documentEnd: 4,
  blockSequenceStart: 5,
  blockMappingStart: 6,
  blockEnd: 7,
  flowSequenceStart: 8,
  flowSequenceEnd: 9,
  flowMappingStart: 10,
  flowMappingEnd: 11,
  blockEntry: 12,
  flowEntry: 13,
  key: 14,
  value: 15,
  alias: 16,
  anchor: 17,
  tag: 18,
  scalar: 19,
} as const;

/** One of {@linkcode TOKEN}. */
export type TokenKind = typeof TOKEN[keyof typeof TOKEN];

/** A piece of a text. */
export interface Token {
  readonly kind: TokenKind;
  /** Where it begins, from 0. */
  readonly line: number;
  /** Text of a scalar, name of an anchor or alias, handle of a tag, version of a directive. */
  readonly text: string;
  /** Suffix of a tag, prefix of a tag directive. */
  readonly suffix: string;
  /** Whether a scalar has no quotes and is no block. */
  readonly isPlain: boolean;
}

/** A token with the properties that most do not have. */
export function token(kind: TokenKind, line: number, text = "", suffix = "", isPlain = false): Token {
  return { kind, line, text, suffix, isPlain };
}
