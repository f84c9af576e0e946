/**
 * `time.Time`, `time.Duration`, `time.Month` and `time.Weekday` as values of templates, with their methods.
 *
 * @module
 */
import { MONTHS, WEEKDAYS } from "./civil.ts";
import { formatDuration, NANOSECONDS, roundDuration, truncateDuration } from "./duration.ts";
import { formatTime, LAYOUTS } from "./format.ts";
import {
  addNanoseconds,
  clockOf,
  compareInstants,
  fromClock,
  type Instant,
  unixNanoseconds,
  ZERO_TIME,
} from "./instant.ts";
import { quoteBytes } from "./quote.ts";
import { UTC, type Zone } from "./zone.ts";
import { type GoType, internType } from "../../go_type.ts";
import { fn, type GoFunction } from "../../signature.ts";
import { GoInt, GoObject, int, int64, toBigInt, toNumber, types, uint64, type Value } from "../../value.ts";

/** The Go types of this module. */
export const timeTypes = {
  time: internType<GoTime>("time.Time", "struct"),
  duration: internType<GoDuration>("time.Duration", "int64"),
  location: internType<GoObject>("*time.Location", "ptr"),
  month: internType<GoNamedInt>("time.Month", "int"),
  weekday: internType<GoNamedInt>("time.Weekday", "int"),
} as const;

type Methods<T> = Readonly<Record<string, (self: T) => GoFunction>>;

function methodOf<T>(methods: Methods<T>, name: string, self: T): GoFunction | undefined {
  return Object.hasOwn(methods, name) ? methods[name]?.(self) : undefined;
}

/** A month or a weekday: a number with a name. */
export class GoNamedInt extends GoObject {
  constructor(readonly type: GoType, readonly value: number, readonly label: string) {
    super();
  }

  override goString(): string {
    return this.label;
  }

  override underlying(): Value {
    return int(this.value);
  }

  override equals(other: GoObject): boolean {
    return other instanceof GoNamedInt && other.value === this.value;
  }

  override ofType(plain: Value): Value {
    if (!(plain instanceof GoInt)) return plain;
    const value = toNumber(plain);
    return this.type === timeTypes.month ? monthOf(value) : weekdayOf(value);
  }

  override method(name: string): GoFunction | undefined {
    return name === "String" ? fn([], types.string, () => this.label) : undefined;
  }
}

function monthOf(number: number): GoNamedInt {
  return new GoNamedInt(timeTypes.month, number, MONTHS[number - 1] ?? `%!Month(${number})`);
}

function weekdayOf(number: number): GoNamedInt {
  return new GoNamedInt(timeTypes.weekday, number, WEEKDAYS[number] ?? `%!Weekday(${number})`);
}

/** `time.Duration`, in nanoseconds. */
export class GoDuration extends GoObject {
  readonly type = timeTypes.duration;

  constructor(readonly nanoseconds: bigint) {
    super();
  }

  override goString(): string {
    return formatDuration(this.nanoseconds);
  }

  override underlying(): Value {
    return int64(this.nanoseconds);
  }

  override ofType(plain: Value): Value {
    return plain instanceof GoInt ? new GoDuration(toBigInt(plain)) : plain;
  }

  override method(name: string): GoFunction | undefined {
    return methodOf(DURATION_METHODS, name, this);
  }
}

const LONGEST = 2n ** 63n - 1n;

/** A duration; the longest there is, where that is not long enough. */
function saturated(nanoseconds: bigint): GoDuration {
  return new GoDuration(nanoseconds > LONGEST ? LONGEST : nanoseconds < -LONGEST ? -LONGEST - 1n : nanoseconds);
}

/** A duration in a unit, whole and fraction apart, so that large ones keep their precision. */
function inUnit(value: bigint, unit: bigint): number {
  return Number(value / unit) + Number(value % unit) / Number(unit);
}

const DURATION_METHODS: Methods<GoDuration> = {
  String: (self) => fn([], types.string, () => self.goString()),
  Hours: (self) => fn([], types.float64, () => inUnit(self.nanoseconds, NANOSECONDS.h)),
  Minutes: (self) => fn([], types.float64, () => inUnit(self.nanoseconds, NANOSECONDS.m)),
  Seconds: (self) => fn([], types.float64, () => inUnit(self.nanoseconds, NANOSECONDS.s)),
  Milliseconds: (self) => fn([], types.int64, () => int64(self.nanoseconds / NANOSECONDS.ms)),
  Microseconds: (self) => fn([], types.int64, () => int64(self.nanoseconds / NANOSECONDS.us)),
  Nanoseconds: (self) => fn([], types.int64, () => int64(self.nanoseconds)),
  Abs: (self) => fn([], timeTypes.duration, () => self.nanoseconds < 0n ? saturated(-self.nanoseconds) : self),
  Round: (self) =>
    fn([timeTypes.duration], timeTypes.duration, (step) => {
      return new GoDuration(roundDuration(self.nanoseconds, step.nanoseconds));
    }),
  Truncate: (self) =>
    fn([timeTypes.duration], timeTypes.duration, (step) => {
      return new GoDuration(truncateDuration(self.nanoseconds, step.nanoseconds));
    }),
};

/** `*time.Location`, as verbs see it that do not suit a time. */
class GoLocation extends GoObject {
  readonly type = timeTypes.location;

  /** @param zone None in UTC: the pointer is nil. */
  constructor(readonly zone: Zone | undefined) {
    super();
  }

  override get isNil(): boolean {
    return this.zone === undefined;
  }

  override printedFields(): readonly (readonly [string, Value])[] {
    return this.zone === undefined ? [] : [["name", this.zone.name], ["offset", int(this.zone.at(0).offset)]];
  }
}

const NO_LOCATION = new GoLocation(undefined);

/** `time.Time`. */
export class GoTime extends GoObject {
  readonly type = timeTypes.time;

  constructor(readonly instant: Instant) {
    super();
  }

  override goString(): string {
    return formatTime(this.instant, LAYOUTS.plain);
  }

  override equals(other: GoObject): boolean {
    if (!(other instanceof GoTime)) return false;
    const { seconds, nanoseconds, zone } = other.instant;
    return this.instant.seconds === seconds && this.instant.nanoseconds === nanoseconds && this.instant.zone === zone;
  }

  override goSyntax(): string {
    const { year, month, day, hour, minute, second, nanosecond } = clockOf(this.instant);
    const { zone } = this.instant;
    const name = zone === UTC || zone.name === "Local" ? zone.name : `Location(${quoteBytes(zone.name)})`;
    const monthName = `time.${MONTHS[month - 1]}`;
    return `time.Date(${[year, monthName, day, hour, minute, second, nanosecond].join(", ")}, time.${name})`;
  }

  override printedFields(): readonly (readonly [string, Value])[] {
    const { seconds, nanoseconds, zone } = this.instant;
    return [
      ["wall", uint64(nanoseconds)],
      ["ext", int64(seconds - ZERO_TIME.seconds)],
      ["loc", zone === UTC ? NO_LOCATION : new GoLocation(zone)],
    ];
  }

  override toJson(): string {
    return formatTime(this.instant, LAYOUTS.rfc3339Nano);
  }

  override method(name: string): GoFunction | undefined {
    return methodOf(TIME_METHODS, name, this);
  }
}

/** The instant in another zone. */
export function inZone({ instant }: GoTime, zone: Zone): GoTime {
  return new GoTime({ ...instant, zone });
}

/** Shorthands for methods without arguments and methods on a second time. */
const number = (read: (self: GoTime) => number | bigint) => (self: GoTime) => fn([], types.int, () => int(read(self)));
const number64 = (read: (self: GoTime) => number | bigint) => (self: GoTime) =>
  fn([], types.int64, () => int64(read(self)));
const comparison = (holds: (order: number) => boolean) => (self: GoTime) =>
  fn([timeTypes.time], types.bool, (other) => holds(compareInstants(self.instant, other.instant)));

const TIME_METHODS: Methods<GoTime> = {
  Year: number((self) => clockOf(self.instant).year),
  Month: (self) => fn([], timeTypes.month, () => monthOf(clockOf(self.instant).month)),
  Weekday: (self) => fn([], timeTypes.weekday, () => weekdayOf(clockOf(self.instant).weekday)),
  Day: number((self) => clockOf(self.instant).day),
  Hour: number((self) => clockOf(self.instant).hour),
  Minute: number((self) => clockOf(self.instant).minute),
  Second: number((self) => clockOf(self.instant).second),
  Nanosecond: number((self) => self.instant.nanoseconds),
  YearDay: number((self) => clockOf(self.instant).yearDay),
  Unix: number64((self) => self.instant.seconds),
  // Parts of a unit are dropped from the second, which counts up: towards the past.
  UnixMilli: number64(({ instant }) => BigInt(instant.seconds) * 1000n + BigInt(instant.nanoseconds) / NANOSECONDS.ms),
  UnixMicro: number64(({ instant }) => {
    return BigInt(instant.seconds) * 1_000_000n + BigInt(instant.nanoseconds) / NANOSECONDS.us;
  }),
  UnixNano: number64((self) => unixNanoseconds(self.instant)),
  String: (self) => fn([], types.string, () => self.goString()),
  Format: (self) => fn([types.string], types.string, (layout) => formatTime(self.instant, layout)),
  IsZero: (self) => fn([], types.bool, () => compareInstants(self.instant, ZERO_TIME) === 0),
  UTC: (self) => fn([], timeTypes.time, () => inZone(self, UTC)),
  Before: comparison((order) => order < 0),
  After: comparison((order) => order > 0),
  Equal: comparison((order) => order === 0),
  Compare: (self) =>
    fn([timeTypes.time], types.int, (other) => int(Math.sign(compareInstants(self.instant, other.instant)))),
  Sub: (self) =>
    fn([timeTypes.time], timeTypes.duration, (other) => {
      return saturated(unixNanoseconds(self.instant) - unixNanoseconds(other.instant));
    }),
  Add: (self) =>
    fn([timeTypes.duration], timeTypes.time, (step) => new GoTime(addNanoseconds(self.instant, step.nanoseconds))),
  AddDate: (self) =>
    fn([types.int, types.int, types.int], timeTypes.time, (years, months, days) => {
      const clock = clockOf(self.instant);
      const moved = {
        ...clock,
        year: clock.year + toNumber(years),
        month: clock.month + toNumber(months),
        day: clock.day + toNumber(days),
      };
      return new GoTime(fromClock(moved, clock.nanosecond, self.instant.zone));
    }),
  Round: stepped(roundDuration),
  Truncate: stepped(truncateDuration),
};

/** Rounds the time since the zero time, as Go does. */
function stepped(round: (value: bigint, step: bigint) => bigint): (self: GoTime) => GoFunction {
  return (self) =>
    fn([timeTypes.duration], timeTypes.time, (step) => {
      const since = unixNanoseconds(self.instant) - unixNanoseconds(ZERO_TIME);
      return new GoTime(addNanoseconds(self.instant, round(since, step.nanoseconds) - since));
    });
}

/** Seconds since 1970 as a time, when the value is an integer of one of the kinds. */
export function timeOfSeconds(value: GoInt, zone: Zone): GoTime {
  return new GoTime({ seconds: Number(toBigInt(value)), nanoseconds: 0, zone });
}
