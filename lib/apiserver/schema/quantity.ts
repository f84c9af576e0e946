/** Kubernetes quantities: `100m`, `1.5Gi`, `2e3`, exact. */

const SYNTAX = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;
const BINARY: Readonly<Record<string, bigint>> = { Ki: 1n, Mi: 2n, Gi: 3n, Ti: 4n, Pi: 5n, Ei: 6n };
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const DECIMAL_SUFFIXES: readonly (readonly [number, string])[] = [
  [18, "E"],
  [15, "P"],
  [12, "T"],
  [9, "G"],
  [6, "M"],
  [3, "k"],
  [0, ""],
  [-3, "m"],
  [-6, "u"],
  [-9, "n"],
];
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Nothing smaller than this fraction is kept; what is, is rounded up. */
const NANO = 1_000_000_000n;

/** How a quantity was written, which is how it is printed. */
type Format = "decimal" | "binary" | "exponent";

/** An exact number of billionths, with the notation it came in. */
export interface Quantity {
  readonly nano: bigint;
  readonly format: Format;
}

/** Reads a quantity; undefined when it is none. Fractions below a billionth are rounded away from zero. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = SYNTAX.exec(text);
  if (match === null) return undefined;
  const [, sign = "", figures = "", suffix = ""] = match;
  const [whole = "", fraction = ""] = figures.split(".");
  const digits = BigInt(`${whole}${fraction}` || "0");
  const binary = BINARY[suffix];
  const format: Format = binary !== undefined ? "binary" : /^[eE]./.test(suffix) ? "exponent" : "decimal";
  const exponent = (format === "exponent" ? Number(suffix.slice(1)) : DECIMAL[suffix] ?? 0) - fraction.length + 9;
  const scaled = digits * (binary === undefined ? 1n : 1024n ** binary);
  const nano = exponent >= 0 ? scaled * 10n ** BigInt(exponent) : divideUp(scaled, 10n ** BigInt(-exponent));
  return { nano: sign === "-" ? -nano : nano, format };
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

/** Prints a quantity in its canonical form: no fraction, the largest suffix that needs none. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return "0";
  const sign = nano < 0n ? "-" : "";
  const size = nano < 0n ? -nano : nano;
  if (format === "binary" && size % NANO === 0n && size >= 1024n * NANO) return sign + formatBinary(size / NANO);
  return sign + formatDecimal(size, format === "exponent");
}

function formatBinary(value: bigint): string {
  let power = 0;
  let rest = value;
  while (rest % 1024n === 0n && power < BINARY_SUFFIXES.length - 1) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${BINARY_SUFFIXES[power]}`;
}

function formatDecimal(nano: bigint, exponent: boolean): string {
  for (const [power, suffix] of DECIMAL_SUFFIXES) {
    const unit = 10n ** BigInt(power + 9);
    if (nano % unit !== 0n) continue;
    return `${nano / unit}${exponent ? (power === 0 ? "" : `e${power}`) : suffix}`;
  }
  return String(nano);
}

/** The canonical form of a quantity given as text or number; undefined when it is none. */
export function canonicalQuantity(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const quantity = parseQuantity(String(value).trim());
  return quantity === undefined ? undefined : formatQuantity(quantity);
}
