/**
 * Go's `time.Duration`: nanoseconds as a bigint, with Go's text form and its reader.
 *
 * @module
 */
import { quoteBytes as quote } from "./quote.ts";

/** A duration that cannot be read. The message is Go's. */
export class DurationError extends Error {
  override readonly name = "DurationError";
  readonly reason = "invalid-duration";
}

/** Nanoseconds of a unit. */
export const NANOSECONDS = {
  ns: 1n,
  us: 1_000n,
  "µs": 1_000n,
  "μs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
} as const;

type Unit = keyof typeof NANOSECONDS;

const MAX = (1n << 63n) - 1n;
const TERM = /^([0-9]*)(\.([0-9]*))?/;
const UNIT = /^[^.0-9]+/;

function isUnit(text: string): text is Unit {
  return Object.hasOwn(NANOSECONDS, text);
}

/**
 * Reads `1h15m30.918s`, `-1.5h`, `300ms`, `0`: nanoseconds.
 *
 * @throws {DurationError} with Go's message.
 */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith("-");
  let rest = negative || text.startsWith("+") ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") throw invalid(text);
  let total = 0n;
  while (rest !== "") {
    const [term = "", whole = "", , fraction = ""] = TERM.exec(rest) ?? [];
    if ((whole === "" && fraction === "") || BigInt(whole) > MAX + 1n) throw invalid(text);
    rest = rest.slice(term.length);
    const unit = UNIT.exec(rest)?.[0];
    if (unit === undefined) throw new DurationError(`time: missing unit in duration ${quote(text)}`);
    if (!isUnit(unit)) throw new DurationError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    rest = rest.slice(unit.length);
    total += nanoseconds(whole, fraction, NANOSECONDS[unit]);
    if (total > MAX + 1n) throw invalid(text);
  }
  if (negative) return -total;
  if (total > MAX) throw invalid(text);
  return total;
}

function nanoseconds(whole: string, fraction: string, unit: bigint): bigint {
  const below = fraction === "" ? 0n : BigInt(fraction) * unit / 10n ** BigInt(fraction.length);
  return BigInt(whole) * unit + below;
}

function invalid(text: string): DurationError {
  return new DurationError(`time: invalid duration ${quote(text)}`);
}

/** Go's text form: `72h3m0.5s`, `1.5µs`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < NANOSECONDS.us) return `${sign}${size}ns`;
  if (size < NANOSECONDS.ms) return `${sign}${decimal(size, 3)}µs`;
  if (size < NANOSECONDS.s) return `${sign}${decimal(size, 6)}ms`;
  const seconds = decimal(size % NANOSECONDS.m, 9);
  const minutes = size / NANOSECONDS.m;
  if (minutes === 0n) return `${sign}${seconds}s`;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${hours}h${minutes % 60n}m${seconds}s`;
}

/** The number with the decimal point moved left, trailing zeros dropped. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  const whole = digits.slice(0, -places);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** Rounds towards zero to a multiple of the step. A step of 0 or less changes nothing. */
export function truncateDuration(value: bigint, step: bigint): bigint {
  return step <= 0n ? value : value - value % step;
}

/** Rounds to the nearest multiple of the step, halves away from zero. A step of 0 or less changes nothing. */
export function roundDuration(value: bigint, step: bigint): bigint {
  if (step <= 0n) return value;
  const rest = value % step;
  const size = rest < 0n ? -rest : rest;
  if (size * 2n < step) return value - rest;
  const rounded = value < 0n ? value - rest - step : value - rest + step;
  return rounded > MAX ? MAX : rounded < -MAX - 1n ? -MAX - 1n : rounded;
}
