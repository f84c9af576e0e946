/**
 * Random numbers and texts from a source of random bytes.
 *
 * @module
 */

/** A source of random bytes. */
export type RandomSource = (count: number) => Uint8Array;

/** A uniform integer from 0 to below a bound (at most 2^48). */
export function randomInteger(random: RandomSource, below: number): number {
  const space = 2 ** 48;
  const limit = space - space % below;
  for (;;) {
    const value = random(6).reduce((sum, byte) => sum * 256 + byte, 0);
    // The last, incomplete, run of values would favour small results.
    if (value < limit) return value % below;
  }
}

/** A text of characters drawn from an alphabet. */
export function randomText(random: RandomSource, count: number, alphabet: string): string {
  let out = "";
  const limit = 256 - 256 % alphabet.length;
  while (out.length < count) {
    for (const byte of random(count - out.length)) {
      if (byte < limit) out += alphabet.charAt(byte % alphabet.length);
    }
  }
  return out;
}

/** The items in random order. */
export function shuffled<T>(random: RandomSource, items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    const [a, b] = [out[i], out[j]];
    if (a !== undefined && b !== undefined) [out[i], out[j]] = [b, a];
  }
  return out;
}

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The alphabets of `randNumeric`, `randAlpha`, `randAlphaNum` and `randAscii`. */
export const ALPHABETS = {
  numeric: DIGITS,
  letters: LETTERS,
  alphanumeric: LETTERS + DIGITS,
  ascii: Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join(""),
} as const;
