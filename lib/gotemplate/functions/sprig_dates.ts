/** Sprig's dates, with Go's layouts. */
import type { Environment } from "./options.ts";
import { DurationError, formatDuration, NANOSECONDS, parseDuration, roundDuration } from "./time/duration.ts";
import { formatTime } from "./time/format.ts";
import { addNanoseconds, fromDate, unixNanoseconds, ZERO_TIME } from "./time/instant.ts";
import { parseTime, TimeParseError } from "./time/parse.ts";
import { GoTime, inZone, timeOfSeconds, timeTypes } from "./time/values.ts";
import { loadZone, UTC } from "./time/zone.ts";
import { fn, FunctionError, type FunctionTable } from "../signature.ts";
import { GoInt, int64, toBigInt, types, type Value } from "../value.ts";

const DAY = 24n * NANOSECONDS.h;
/** Units of `durationRound`, largest first. */
const ROUND_UNITS = [
  [365n * DAY, "y"],
  [30n * DAY, "mo"],
  [DAY, "d"],
  [NANOSECONDS.h, "h"],
  [NANOSECONDS.m, "m"],
  [NANOSECONDS.s, "s"],
] as const;
const HTML_DATE = "2006-01-02";

/** `now`, `date`, `dateModify`, `toDate`, `duration` and their like. */
export function dateFunctions(env: Environment): FunctionTable {
  const now = () => new GoTime(fromDate(env.now(), env.local));
  const since = (time: GoTime) => unixNanoseconds(now().instant) - unixNanoseconds(time.instant);

  /** A time as it is, an integer as seconds since 1970; everything else means now. */
  const timeOf = (value: Value, kinds: readonly string[]) => {
    if (value instanceof GoTime) return value;
    return value instanceof GoInt && kinds.includes(value.kind) ? timeOfSeconds(value, env.local) : now();
  };
  const format = (layout: string, value: Value, zone: string) => {
    const place = zone === "Local" ? env.local : loadZone(zone) ?? UTC;
    return formatTime(inZone(timeOf(value, ["int64", "int", "int32"]), place).instant, layout);
  };
  const dateInZone = fn([types.string, types.any, types.string], types.string, format);
  const dateModify = fn([types.string, timeTypes.time], timeTypes.time, (step, time) => {
    return moved(time, step) ?? time;
  });
  const mustDateModify = fn([types.string, timeTypes.time], timeTypes.time, (step, time) => {
    return moved(time, step, true) ?? time;
  });
  return {
    now: fn([], timeTypes.time, now),
    date: fn([types.string, types.any], types.string, (layout, value) => format(layout, value, "Local")),
    dateInZone,
    date_in_zone: dateInZone,
    htmlDate: fn([types.any], types.string, (value) => format(HTML_DATE, value, "Local")),
    htmlDateInZone: fn([types.any, types.string], types.string, (value, zone) => format(HTML_DATE, value, zone)),
    dateModify,
    date_modify: dateModify,
    mustDateModify,
    must_date_modify: mustDateModify,
    toDate: fn([types.string, types.string], timeTypes.time, (layout, text) => {
      try {
        return new GoTime(parseTime(layout, text, env.local));
      } catch (error) {
        if (error instanceof TimeParseError) return new GoTime(ZERO_TIME);
        throw error;
      }
    }),
    mustToDate: fn([types.string, types.string], timeTypes.time, (layout, text) => {
      try {
        return new GoTime(parseTime(layout, text, env.local));
      } catch (error) {
        if (error instanceof TimeParseError) throw new FunctionError(error.message, { cause: error });
        throw error;
      }
    }),
    unixEpoch: fn([timeTypes.time], types.string, (time) => String(time.instant.seconds)),
    ago: fn([types.any], types.string, (value) => {
      return formatDuration(roundDuration(since(timeOf(value, ["int64", "int"])), NANOSECONDS.s));
    }),
    duration: fn([types.any], types.string, (value) => formatDuration(wrap(secondsOf(value) * NANOSECONDS.s))),
    durationRound: fn(
      [types.any],
      types.string,
      (value) => roundedText(value instanceof GoTime ? since(value) : lengthOf(value)),
    ),
  };
}

/** The time moved by a duration text; a broken one gives `undefined`, or throws where asked. */
function moved(time: GoTime, step: string, strict = false): GoTime | undefined {
  try {
    return new GoTime(addNanoseconds(time.instant, parseDuration(step)));
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
    if (strict) throw new FunctionError(error.message, { cause: error });
    return undefined;
  }
}

/** Seconds as `duration` reads them: texts and int64 only. */
function secondsOf(value: Value): bigint {
  if (value instanceof GoInt && value.kind === "int64") return toBigInt(value);
  if (typeof value !== "string" || !/^[+-]?[0-9]+$/.test(value)) return 0n;
  const number = BigInt(value.replace(/^\+/, ""));
  const limit = 1n << 63n;
  // Go gives the nearest bound for what is out of range.
  return number >= limit ? limit - 1n : number < -limit ? -limit : number;
}

/** A length of time as `durationRound` reads it, in nanoseconds. */
function lengthOf(value: Value): bigint {
  if (value instanceof GoInt && value.kind === "int64") return toBigInt(value);
  if (typeof value !== "string") return 0n;
  try {
    return parseDuration(value);
  } catch (error) {
    if (error instanceof DurationError) return 0n;
    throw error;
  }
}

function roundedText(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [unit, name] of ROUND_UNITS) if (size > unit) return `${size / unit}${name}`;
  return "0s";
}

/** Go's durations are int64 and wrap around. */
function wrap(nanoseconds: bigint): bigint {
  return toBigInt(int64(nanoseconds));
}
