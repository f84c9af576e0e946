/**
 * Numbers as Helm's validator sees them: exact decimals, whatever their size, shown in the way of an English text.
 *
 * @module
 */

/** A number of a schema whose text says more than its value: `1.0`, `1e3`, twenty digits. Shown as it was written. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** A number of values or of a schema. */
export type Numeric = number | bigint | JsonNumber;

/** Whether a value is a number, of any of its kinds. */
export function isNumeric(value: unknown): value is Numeric {
  return typeof value === "number" || typeof value === "bigint" || value instanceof JsonNumber;
}

/** A number as `digits × 10^exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Beyond this a number is infinite, or nothing: whoever writes 1e999999999 wants the host to count to it. */
const MAX_EXPONENT = 1000;

function decimalOf(value: Numeric): Decimal {
  if (typeof value === "bigint") return { digits: value, exponent: 0 };
  const text = value instanceof JsonNumber ? value.text : String(value);
  const [, whole = "0", fraction = "", power = "0"] = /^([-+]?\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const exponent = Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, Number(power)));
  return { digits: BigInt(whole + fraction), exponent: exponent - fraction.length };
}

/** Both as whole numbers of one unit. */
function aligned(a: Numeric, b: Numeric): [bigint, bigint] {
  const [x, y] = [decimalOf(a), decimalOf(b)];
  const unit = Math.min(x.exponent, y.exponent);
  return [x.digits * 10n ** BigInt(x.exponent - unit), y.digits * 10n ** BigInt(y.exponent - unit)];
}

/** Below zero where `a` is less than `b`, zero where they are equal: exactly, as decimals. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Whether `value` is a whole multiple: `0.3` is one of `0.1`. */
export function isMultiple(value: Numeric, of: Numeric): boolean {
  const [x, y] = aligned(value, of);
  return y === 0n ? x === 0n : x % y === 0n;
}

/** Whether a number is whole, `1.0` as well as `1`. */
export function isWhole(value: Numeric): boolean {
  return typeof value === "number" ? Number.isInteger(value) : isMultiple(value, 1);
}

/** The nearest float64. */
export function toFloat(value: Numeric): number {
  return Number(value instanceof JsonNumber ? value.text : value);
}

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole number as messages show it: `5,000`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A limit as messages show it: `1,234.5`, and from a million on, or below a ten-thousandth, `1.5×10⁰⁶`. */
export function limitText(value: Numeric): string {
  const number = toFloat(value);
  if (number === 0 || !Number.isFinite(number)) return String(number).replace("Infinity", "∞");
  const [mantissa = "", power = "0"] = number.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) {
    const raised = Array.from(String(Math.abs(exponent)).padStart(2, "0"), (digit) => SUPERSCRIPT[Number(digit)]).join(
      "",
    );
    return `${mantissa}×10${exponent < 0 ? "⁻" : ""}${raised}`;
  }
  const [whole = "", fraction] = String(number).split(".");
  const shown = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? shown : `${shown}.${fraction}`;
}
