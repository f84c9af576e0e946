/**
 * Formats a number as Go's `strconv.FormatFloat(x, 'g', -1, bits)` does: the shortest digits that read back as the same
 * number, in exponent form when the exponent is below -4 or above 5.
 *
 * `formatGoFloat(1234567.5)` is `1.2345675e+06`, `formatGoFloat(0.00001)` is `1e-05`.
 */
export function formatGoFloat(x: number, bits: 32 | 64 = 64): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "+Inf" : "-Inf";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const [mantissa = "", exponentText = "0"] = (bits === 32 ? shortest32(x) : x.toExponential()).split("e");
  const exponent = Number(exponentText);
  const sign = x < 0 ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  return sign + (exponent < -4 || exponent >= 6 ? exponentForm(digits, exponent) : pointForm(digits, exponent));
}

function exponentForm(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${size}`;
}

function pointForm(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** The shortest exponent form that reads back as the same 32-bit float; nine digits always suffice. */
function shortest32(x: number): string {
  const target = Math.fround(x);
  for (let precision = 0; precision < 8; precision++) {
    const text = target.toExponential(precision);
    if (Math.fround(Number(text)) === target) return text;
  }
  return target.toExponential(8);
}
