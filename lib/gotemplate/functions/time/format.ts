/**
 * Writes times by Go layouts.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "./civil.ts";
import { type Clock, clockOf, type Instant } from "./instant.ts";
import { type LayoutField, type LayoutPiece, parseLayout } from "./layout.ts";

/** Layouts that Go names. */
export const LAYOUTS = {
  rfc3339Nano: "2006-01-02T15:04:05.999999999Z07:00",
  /** What `String()` and `%v` print. */
  plain: "2006-01-02 15:04:05.999999999 -0700 MST",
} as const;

/** Go's `Time.Format`. */
export function formatTime(instant: Instant, layout: string): string {
  const clock = clockOf(instant);
  return parseLayout(layout).map((piece) => writePiece(piece, clock)).join("");
}

function writePiece(piece: LayoutPiece, clock: Clock): string {
  if (piece.kind === "text") return piece.text;
  if (piece.kind === "field") return WRITERS[piece.field](clock);
  const digits = pad(clock.nanosecond, 9).padEnd(piece.digits, "0").slice(0, piece.digits);
  const shown = piece.trimmed ? digits.replace(/0+$/, "") : digits;
  return shown === "" ? "" : piece.text.charAt(0) + shown;
}

function pad(value: number, width: number, fill = "0"): string {
  return (value < 0 ? "-" : "") + String(Math.abs(value)).padStart(width, fill);
}

function hour12(clock: Clock): number {
  return clock.hour % 12 || 12;
}

const WRITERS: Readonly<Record<LayoutField, (clock: Clock) => string>> = {
  January: (clock) => MONTHS[clock.month - 1] ?? "",
  Jan: (clock) => (MONTHS[clock.month - 1] ?? "").slice(0, 3),
  Monday: (clock) => WEEKDAYS[clock.weekday] ?? "",
  Mon: (clock) => (WEEKDAYS[clock.weekday] ?? "").slice(0, 3),
  MST: (clock) => clock.abbreviation === "" ? offsetText(clock, 2, "") : clock.abbreviation,
  "2006": (clock) => pad(clock.year, 4),
  "06": (clock) => pad(Math.abs(clock.year % 100), 2),
  "1": (clock) => String(clock.month),
  "01": (clock) => pad(clock.month, 2),
  "2": (clock) => String(clock.day),
  "02": (clock) => pad(clock.day, 2),
  _2: (clock) => pad(clock.day, 2, " "),
  "002": (clock) => pad(clock.yearDay, 3),
  __2: (clock) => pad(clock.yearDay, 3, " "),
  "15": (clock) => pad(clock.hour, 2),
  "3": (clock) => String(hour12(clock)),
  "03": (clock) => pad(hour12(clock), 2),
  "4": (clock) => String(clock.minute),
  "04": (clock) => pad(clock.minute, 2),
  "5": (clock) => String(clock.second),
  "05": (clock) => pad(clock.second, 2),
  PM: (clock) => clock.hour >= 12 ? "PM" : "AM",
  pm: (clock) => clock.hour >= 12 ? "pm" : "am",
  "-07": (clock) => offsetText(clock, 1, ""),
  "-0700": (clock) => offsetText(clock, 2, ""),
  "-07:00": (clock) => offsetText(clock, 2, ":"),
  "-070000": (clock) => offsetText(clock, 3, ""),
  "-07:00:00": (clock) => offsetText(clock, 3, ":"),
  Z07: (clock) => zuluOr(clock, 1, ""),
  Z0700: (clock) => zuluOr(clock, 2, ""),
  "Z07:00": (clock) => zuluOr(clock, 2, ":"),
  Z070000: (clock) => zuluOr(clock, 3, ""),
  "Z07:00:00": (clock) => zuluOr(clock, 3, ":"),
};

function zuluOr(clock: Clock, parts: number, separator: string): string {
  return clock.offset === 0 ? "Z" : offsetText(clock, parts, separator);
}

function offsetText(clock: Clock, parts: number, separator: string): string {
  const size = Math.abs(clock.offset);
  const all = [Math.trunc(size / 3600), Math.trunc(size / 60) % 60, size % 60];
  // The sign is that of the offset in minutes: seconds below a minute do not count.
  const sign = Math.trunc(clock.offset / 60) < 0 ? "-" : "+";
  return sign + all.slice(0, parts).map((part) => pad(part, 2)).join(separator);
}
