import assert from "node:assert/strict";
import { fc } from "../../../deps/fast_check.ts";
import { civilFromDays, daysFromCivil } from "./civil.ts";
import { formatDuration, NANOSECONDS, parseDuration, roundDuration, truncateDuration } from "./duration.ts";
import { formatTime, LAYOUTS } from "./format.ts";
import { addNanoseconds, fromDate, type Instant } from "./instant.ts";
import { parseTime } from "./parse.ts";
import { loadZone, UTC } from "./zone.ts";
import { TemplateSet } from "../../mod.ts";
import { sprigFunctions } from "../mod.ts";

const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });

Deno.test("parseDuration() reads back what formatDuration() writes", () => {
  fc.assert(fc.property(int64, (value) => assert.equal(parseDuration(formatDuration(value)), value)));
});

Deno.test("parseDuration() refuses with Go's words", () => {
  const table: [string, string][] = [
    ["", 'time: invalid duration ""'],
    ["1", 'time: missing unit in duration "1"'],
    ["1d", 'time: unknown unit "d" in duration "1d"'],
    ["9999999h", 'time: invalid duration "9999999h"'],
    ["99999999999999999999x", 'time: invalid duration "99999999999999999999x"'],
    [".s", 'time: invalid duration ".s"'],
  ];
  for (const [text, message] of table) assert.throws(() => parseDuration(text), { name: "DurationError", message });
});

Deno.test("roundDuration() rounds halves away from zero, truncateDuration() towards it", () => {
  const minute = NANOSECONDS.m;
  assert.equal(roundDuration(90n * NANOSECONDS.s, minute), 2n * minute);
  assert.equal(roundDuration(-90n * NANOSECONDS.s, minute), -2n * minute);
  assert.equal(truncateDuration(-119n * NANOSECONDS.s, minute), -minute);
  assert.equal(roundDuration(5n, 0n), 5n);
});

Deno.test("civilFromDays() undoes daysFromCivil() over all of Go's years", () => {
  fc.assert(fc.property(fc.integer({ min: -800_000, max: 3_000_000 }), (days) => {
    const { year, month, day } = civilFromDays(days);
    assert.equal(daysFromCivil(year, month, day), days);
  }));
});

Deno.test("formatTime() and parseTime() agree on full layouts", () => {
  const instants = fc.tuple(fc.integer({ min: -62_000_000_000, max: 250_000_000_000 }), fc.nat(999_999_999));
  fc.assert(fc.property(instants, ([seconds, nanoseconds]) => {
    const instant: Instant = { seconds, nanoseconds, zone: UTC };
    assert.deepEqual(parseTime(LAYOUTS.rfc3339Nano, formatTime(instant, LAYOUTS.rfc3339Nano)), instant);
  }));
});

Deno.test("formatTime() shows zones with their offsets and names", () => {
  const instant = fromDate(new Date("2023-07-05T09:08:07Z"));
  const table: [string, string][] = [
    ["Europe/Berlin", "11:08 +0200 CEST"],
    ["America/New_York", "05:08 -0400 EDT"],
    ["Asia/Kathmandu", "14:53 +0545 +0545"],
    ["Asia/Tokyo", "18:08 +0900 JST"],
  ];
  for (const [name, text] of table) {
    const zone = loadZone(name);
    assert.ok(zone !== undefined, name);
    assert.equal(formatTime({ ...instant, zone }, "15:04 -0700 MST"), text);
  }
});

Deno.test("loadZone() knows no offsets, no lower case names and no paths", () => {
  for (const name of ["+01:00", "europe/berlin", "../etc/passwd", "Nowhere/Town"]) {
    assert.equal(loadZone(name), undefined, name);
  }
});

Deno.test("parseTime() takes a local time on the day the clock changes", () => {
  const zone = loadZone("Europe/Berlin");
  const summer = parseTime("2006-01-02 15:04", "2023-03-26 03:30", zone);
  assert.equal(new Date(summer.seconds * 1000).toISOString(), "2023-03-26T01:30:00.000Z");
});

Deno.test("addNanoseconds() keeps nanoseconds within their second", () => {
  const start: Instant = { seconds: 0, nanoseconds: 0, zone: UTC };
  assert.deepEqual(addNanoseconds(start, -1n), { seconds: -1, nanoseconds: 999_999_999, zone: UTC });
});

Deno.test("loadZone() knows the zones of the zone data, and no abbreviations that only the engine knows", () => {
  assert.equal(loadZone("PST"), undefined);
  assert.equal(loadZone("Australia/Lord_Howe")?.at(1_734_739_200).abbreviation, "+11");
  assert.equal(loadZone("America/New_York")?.at(1_734_739_200).abbreviation, "EST");
});

Deno.test("parseTime() takes for the name of a zone what Go takes", () => {
  const taken = (text: string) => {
    try {
      return parseTime("2006 MST", `2024 ${text}`) !== undefined;
    } catch {
      return false;
    }
  };
  for (const name of ["ABC", "ABCT", "WITA", "ABCDT", "ChST", "GMT", "GMT-3", "GMT+023", "+05", "-023"]) {
    assert.equal(taken(name), true, name);
  }
  for (const name of ["AB", "ABCD", "ABCDE", "ABCDEF", "GMT+25", "+0545", "-3", "abc"]) {
    assert.equal(taken(name), false, name);
  }
});

Deno.test("parseTime() asks for the range of an offset before it asks for its form", () => {
  assert.throws(() => parseTime("Z0700", "+2561"), {
    message: 'parsing time "+2561": time zone offset minute out of range',
  });
  assert.throws(() => parseTime("Z0700", "07:52:07"), {
    message: 'parsing time "07:52:07" as "Z0700": cannot parse "07:52:07" as "Z0700"',
  });
});

Deno.test("time.Time's UnixMilli counts up from the second, Sub ends at the longest duration", () => {
  const long = sprig('(toDate "2006" "2024").Sub (toDate "2006" "0001")');
  assert.equal(long, "2562047h47m16.854775807s");
  assert.equal(sprig('(toDate "2006-01-02 15:04:05.9999" "1969-12-31 23:59:59.0006").UnixMilli'), "-1000");
});

Deno.test("time.Time shows its fields under verbs that do not suit it, and Go's syntax under %#v", () => {
  const utc = '((toDate "2006-01-02" "2023-07-05").UTC)';
  assert.equal(sprig(`printf "%d" ${utc}`), "{0 63824112000 0}");
  assert.equal(sprig(`printf "%t" ${utc}`), "{%!t(uint64=0) %!t(int64=63824112000) %!t(*time.Location=<nil>)}");
  assert.equal(sprig(`printf "%#v" ${utc}`), "time.Date(2023, time.July, 5, 0, 0, 0, 0, time.UTC)");
});

Deno.test("semver.Version has the methods of a pointer only as one", () => {
  assert.equal(sprig('(semver "1.2").Value'), "1.2.0");
  assert.equal(sprig('(semver "1.2").MarshalText'), "[49 46 50 46 48]");
  assert.throws(
    () => sprig('((semver "1.2").IncMinor).Original'),
    /can't evaluate field Original in type semver.Version/,
  );
});

function sprig(expression: string): string {
  const set = new TemplateSet({ functions: sprigFunctions(), name: "t" });
  set.parse("t", `{{ ${expression} }}`);
  return set.execute("t", null);
}
