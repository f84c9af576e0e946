/**
 * Go's `strconv.FormatFloat`: shortest or with a precision, in the forms e, f, g and their relatives.
 *
 * @module
 */

/** Forms of a float, as the verbs of `printf`. `x` is hexadecimal, `b` has a decimal power of two. */
export type FloatForm = "e" | "E" | "f" | "g" | "G" | "x" | "X" | "b";

/** Decimal digits `d1 d2 …` of the number `0.d1d2… × 10^point`; no leading zero except for zero itself (`"0"`, point 1). */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/**
 * Formats as Go does: `1e+06`, `+Inf`, `NaN`, round half to even on the exact value.
 *
 * @param precision Digits (after the point, or in all for `g`); -1 means as few as are needed to read the same number again.
 */
export function formatFloat(value: number, form: FloatForm, precision: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  return sign + formatSize(Math.abs(value), form, precision);
}

function formatSize(size: number, form: FloatForm, precision: number): string {
  switch (form) {
    case "f":
      return fixed(size, precision);
    case "e":
    case "E":
      return exponential(size, form, precision);
    case "g":
      return general(size, "e", precision);
    case "G":
      return general(size, "E", precision);
    case "b":
      return binaryExponent(size);
    default:
      return hexadecimal(size, form, precision);
  }
}

function fixed(size: number, precision: number): string {
  if (precision < 0) return plainDigits(shortest(size));
  // JavaScript rounds ties up where Go rounds to even: only then take the long way.
  if (precision <= 15 && size < 1e15 && (size * 10 ** precision * 2) % 1 !== 0) return size.toFixed(precision);
  const exact = exactDecimal(size);
  const digits = roundTo(exact, exact.point + precision);
  const text = plainDigits(digits);
  if (precision === 0) return text;
  const dot = text.indexOf(".");
  return dot < 0 ? `${text}.${"0".repeat(precision)}` : text.padEnd(dot + 1 + precision, "0");
}

function exponential(size: number, letter: "e" | "E", precision: number): string {
  if (precision < 0) return exponentForm(shortest(size), letter);
  const { digits, point } = roundTo(exactDecimal(size), precision + 1);
  return exponentForm({ digits: digits.padEnd(precision + 1, "0"), point }, letter);
}

function exponentForm({ digits, point }: Decimal, letter: "e" | "E"): string {
  const body = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${body}${letter}${signed(point - 1)}`;
}

/** An exponent with its sign and at least two digits. */
function signed(exponent: number): string {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function general(size: number, letter: "e" | "E", precision: number): string {
  const wanted = precision === 0 ? 1 : precision;
  const decimal = precision < 0 ? shortest(size) : roundTo(exactDecimal(size), wanted);
  const { digits, point } = decimal;
  // The e form is for exponents below -4 or from the precision on; the shortest form decides as if the precision were 6.
  const whole = digits.length >= point && wanted > digits.length ? digits.length : wanted;
  const limit = precision < 0 ? 6 : whole;
  return point - 1 < -4 || point - 1 >= limit ? exponentForm(decimal, letter) : plainDigits(decimal);
}

function plainDigits({ digits, point }: Decimal): string {
  if (point <= 0) return digits === "0" ? "0" : `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits.padEnd(point, "0");
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The fewest digits that read back as the same number: what JavaScript prints. */
function shortest(size: number): Decimal {
  const text = size.toExponential();
  const at = text.indexOf("e");
  return { digits: text.slice(0, at).replace(".", ""), point: Number(text.slice(at + 1)) + 1 };
}

/** All digits of the binary value. */
function exactDecimal(size: number): Decimal {
  if (size === 0) return { digits: "0", point: 1 };
  const { mantissa, exponent } = parts(size);
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString();
    return { digits, point: digits.length };
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits, point: digits.length + exponent };
}

/** Keeps a number of digits, rounding half to even, without trailing zeros. */
function roundTo({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return trimZeros(digits, point);
  if (count < 0) return { digits: "0", point: 1 };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const half = `5${"0".repeat(rest.length - 1)}`;
  const odd = count > 0 && Number(kept[count - 1]) % 2 === 1;
  if (rest < half || (rest === half && !odd)) {
    return count === 0 ? { digits: "0", point: 1 } : trimZeros(kept, point);
  }
  const up = (BigInt(kept === "" ? "0" : kept) + 1n).toString().padStart(count, "0");
  return trimZeros(up, point + up.length - count);
}

function trimZeros(digits: string, point: number): Decimal {
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? { digits: "0", point: 1 } : { digits: trimmed, point };
}

/** A float as mantissa × 2^exponent with an integer mantissa of at most 53 bits. */
function parts(size: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const raw = view.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

function binaryExponent(size: number): string {
  const { mantissa, exponent } = parts(size);
  return `${mantissa}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}

/** `0x1.8p+01`: normalised hexadecimal mantissa and a decimal exponent of two. */
function hexadecimal(size: number, form: "x" | "X", precision: number): string {
  let { mantissa, exponent } = parts(size);
  exponent = mantissa === 0n ? 0 : exponent + 52;
  while (mantissa !== 0n && mantissa < 1n << 52n) {
    mantissa <<= 1n;
    exponent -= 1;
  }
  if (precision >= 0 && precision < 13) {
    const shift = BigInt((13 - precision) * 4);
    mantissa = shiftHalfEven(mantissa, shift) << shift;
    if (mantissa >= 1n << 53n) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const fraction = (mantissa & ((1n << 52n) - 1n)).toString(16).padStart(13, "0");
  const shown = precision < 0 ? fraction.replace(/0+$/, "") : fraction.slice(0, precision).padEnd(precision, "0");
  const text = `0x${mantissa >> 52n}${shown === "" ? "" : `.${shown}`}p${signed(exponent)}`;
  return form === "X" ? text.toUpperCase() : text;
}

function shiftHalfEven(value: bigint, by: bigint): bigint {
  const whole = value >> by;
  const rest = value - (whole << by);
  const half = 1n << (by - 1n);
  return rest > half || (rest === half && (whole & 1n) === 1n) ? whole + 1n : whole;
}
