/**
 * An instant with nanoseconds in a zone: Go's `time.Time` as plain immutable data.
 *
 * @module
 */
import { type CivilDay, civilFromDays, daysFromCivil, modulo, weekdayOf } from "./civil.ts";
import { UTC, type Zone } from "./zone.ts";

/** A point in time, shown in a zone. */
export interface Instant {
  /** Whole seconds since 1970-01-01T00:00:00Z. */
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
  readonly zone: Zone;
}

/** The fields of the clock on the wall. */
export interface Clock extends CivilDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** From 1. */
  readonly yearDay: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly abbreviation: string;
}

const DAY = 86_400;
const BILLION = 1_000_000_000n;

/** Go's zero time, the start of the year 1. */
export const ZERO_TIME: Instant = { seconds: daysFromCivil(1, 1, 1) * DAY, nanoseconds: 0, zone: UTC };

/** The instant of a JavaScript date. */
export function fromDate(date: Date, zone: Zone = UTC): Instant {
  const milliseconds = date.getTime();
  return { seconds: Math.floor(milliseconds / 1000), nanoseconds: modulo(milliseconds, 1000) * 1_000_000, zone };
}

/** What a clock shows at the instant in its zone. */
export function clockOf({ seconds, nanoseconds, zone }: Instant): Clock {
  const { offset, abbreviation } = zone.at(seconds);
  const local = seconds + offset;
  const days = Math.floor(local / DAY);
  const rest = local - days * DAY;
  const day = civilFromDays(days);
  return {
    ...day,
    hour: Math.trunc(rest / 3600),
    minute: Math.trunc(rest / 60) % 60,
    second: rest % 60,
    nanosecond: nanoseconds,
    weekday: weekdayOf(days),
    yearDay: days - daysFromCivil(day.year, 1, 1) + 1,
    offset,
    abbreviation,
  };
}

/** The instant at which a clock in the zone shows these fields. Fields outside their range carry over. */
export function fromClock(
  fields: CivilDay & { readonly hour: number; readonly minute: number; readonly second: number },
  nanoseconds: number,
  zone: Zone,
): Instant {
  const local = daysFromCivil(fields.year, fields.month, fields.day) * DAY + fields.hour * 3600 + fields.minute * 60 +
    fields.second;
  // The offset depends on the instant that is looked for: guess with the offset nearby, then once more with that of the guess.
  const guess = zone.at(local).offset;
  const seconds = local - guess;
  const actual = zone.at(seconds).offset;
  if (actual === guess) return { seconds, nanoseconds, zone };
  return { seconds: local - actual, nanoseconds, zone };
}

/** Nanoseconds since 1970. */
export function unixNanoseconds({ seconds, nanoseconds }: Instant): bigint {
  return BigInt(seconds) * BILLION + BigInt(nanoseconds);
}

/** The instant so many nanoseconds later. */
export function addNanoseconds(instant: Instant, nanoseconds: bigint): Instant {
  const total = unixNanoseconds(instant) + nanoseconds;
  const rest = ((total % BILLION) + BILLION) % BILLION;
  return { seconds: Number((total - rest) / BILLION), nanoseconds: Number(rest), zone: instant.zone };
}

/** Negative, 0 or positive as the first instant is before, at or after the second. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}
