/** Which go-yaml's key order: v3 sorts letters after digits' run differently. */
export type KeyOrder = "v2" | "v3";

/**
 * Compares map keys as go-yaml sorts them: runs of digits by their number, letters after everything else, otherwise by
 * code point (`a9` before `a10`, `_x` before `a`).
 */
export function compareKeys(a: string, b: string, order: KeyOrder): number {
  if (a === b) return 0;
  return ASCII_WORD.test(a) && ASCII_WORD.test(b) ? (a < b ? -1 : 1) : compareRunes([...a], [...b], order);
}

/** Among letters alone, code unit order is the answer; this is the usual case. */
const ASCII_WORD = /^[A-Za-z]*$/;
const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

function compareRunes(a: readonly string[], b: readonly string[], order: KeyOrder): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left = "", right = ""] = [a[at], b[at]];
    if (left === right) continue;
    const [leftIsLetter, rightIsLetter] = [LETTER.test(left), LETTER.test(right)];
    if (leftIsLetter && rightIsLetter) return byCodePoint(left, right);
    if (leftIsLetter || rightIsLetter) {
      const afterDigits = order === "v3" && at > 0 && DIGIT.test(a[at - 1] ?? "");
      return (afterDigits ? leftIsLetter : rightIsLetter) ? -1 : 1;
    }
    return compareDigits(a, b, at);
  }
  return a.length - b.length;
}

function compareDigits(a: readonly string[], b: readonly string[], at: number): number {
  // A zero counts as a digit of the number before it, unless that is all zeros.
  const carried = (a[at] === "0" || b[at] === "0") && nonZeroBefore(a, at) ? "1" : "0";
  const [left, right] = [digitsFrom(a, at), digitsFrom(b, at)];
  const [leftNumber, rightNumber] = [wrapped(carried, left), wrapped(carried, right)];
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1;
  if (left.length !== right.length) return left.length - right.length;
  return byCodePoint(a[at] ?? "", b[at] ?? "");
}

function nonZeroBefore(runes: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && DIGIT.test(runes[i] ?? ""); i--) {
    if (runes[i] !== "0") return true;
  }
  return false;
}

function digitsFrom(runes: readonly string[], at: number): readonly string[] {
  let end = at;
  while (end < runes.length && DIGIT.test(runes[end] ?? "")) end++;
  return runes.slice(at, end);
}

/** Go adds up in an int64, which wraps around for long runs. */
function wrapped(carried: string, digits: readonly string[]): bigint {
  let sum = BigInt(carried);
  for (const digit of digits) sum = BigInt.asIntN(64, sum * 10n + BigInt((digit.codePointAt(0) ?? 48) - 48));
  return sum;
}

function byCodePoint(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}
