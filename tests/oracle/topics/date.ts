import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";
import type { Random } from "../random.ts";

const LAYOUT = [
  "2006",
  "06",
  "01",
  "1",
  "Jan",
  "January",
  "02",
  "2",
  "_2",
  "__2",
  "002",
  "15",
  "3",
  "03",
  "04",
  "4",
  "05",
  "5",
  "PM",
  "pm",
  "Z07:00",
  "Z0700",
  "Z07",
  "Z070000",
  "Z07:00:00",
  "-0700",
  "-07:00",
  "-07",
  "-07:00:00",
  "MST",
  "Mon",
  "Monday",
  ".000",
  ".999",
  ",000",
  ".000000000",
  ".999999999",
  "05.00",
  "05,999",
];
const WHOLE_LAYOUTS = [
  "2006-01-02",
  "2006-01-02T15:04:05Z07:00",
  "2006-01-02T15:04:05.999999999Z07:00",
  "Mon, 02 Jan 2006 15:04:05 MST",
  "Mon Jan _2 15:04:05 2006",
  "Monday, 02-Jan-06 15:04:05 MST",
  "3:04PM",
  "02 Jan 06 15:04 -0700",
  "January 2, 2006",
  "20060102150405",
  "Jan _2 15:04:05.000000",
  "2006-002",
  "15h04m",
  "Z",
  "no layout",
  "",
  "2006年01月02日",
  "YYYY-MM-DD",
];
const ZONES = [
  ...["UTC", "", "Local", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu"],
  ...["EST", "MST", "GMT", "Etc/GMT+5", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"],
  ...["No/Where", "europe/berlin", "+01:00", "../etc", "PST"],
];
const UNITS = ["h", "m", "s", "ms", "us", "µs", "μs", "ns"];
const SECONDS = ["0", "1", "59", "60", "3600", "90061", "-5", "31536000", "(int64 86400)"];
const DURATIONS = ['"75"', '"x"', "1.5", '"1h"', "nil", "true", '""', '"-90"', "(list)", '"9223372036854775807"'];
const SPANS = [
  ...['"3601s"', '"26h"', '"800h"', '"9000h"', '"1m1s"', '"x"', '"-26h"', '"0s"', '"1ms"', '"59s"', '"1h30m"', '""'],
  ...["0", "59", "1.5", "60000000000", "(int64 3600000000000)", "nil", "true"],
];
const FIELDS = [
  ...["Year", "Month", "Weekday", "YearDay", "Day", "Unix", "Hour", "Minute", "Second", "IsZero", "Nanosecond"],
  ...["UnixMilli", "UnixNano", "UnixMicro", "String", "Nope"],
];

/** Times, layouts, durations and zones. */
export const date: Maker = (random) => () => {
  const when = () => moment(random);
  const zone = () => literal(random.pick(ZONES));
  const layout = () => literal(layoutText(random));
  const span = () => literal(durationText(random));
  const two = () => `(${when()}).UTC`;
  return random.pick([
    () => `dateInZone ${layout()} ${when()} ${zone()}`,
    () => `dateInZone ${layout()} ${when()} ${zone()}`,
    () => `date_in_zone ${layout()} ${when()} "UTC"`,
    () => `date ${layout()} ${when()}`,
    () => `htmlDate ${when()}`,
    () => `htmlDateInZone ${when()} ${zone()}`,
    () => `dateInZone "2006-01-02 15:04:05" ${random.pick(SECONDS)} ${zone()}`,
    () => `(dateModify ${span()} ${when()}).UTC`,
    () => `(date_modify ${span()} ${when()}).UTC`,
    () => `dateInZone "2006-01-02T15:04:05.999999999Z07:00" (mustDateModify ${span()} ${when()}) ${zone()}`,
    () => `(must_date_modify ${span()} ${when()}).UTC`,
    () => `(mustToDate ${layout()} ${literal(dateText(random))}).UTC`,
    () => `(toDate ${layout()} ${literal(dateText(random))}).UTC`,
    () => parsed(random),
    () => parsed(random),
    () => `unixEpoch ${when()}`,
    () => `duration ${random.pick(random.chance(0.5) ? SECONDS : DURATIONS)}`,
    () => `durationRound ${random.pick(SPANS)}`,
    () => `durationRound ${literal(durationText(random))}`,
    () => `durationRound (${two()}.Sub ${two()})`,
    () => `(${when()}).${random.pick(FIELDS)}`,
    () => `(${when()}).Format ${layout()}`,
    () => `(${two()}).Sub ${two()}`,
    () => `(${when()}).${random.pick(["Before", "After", "Equal", "Compare"])} ${when()}`,
    () => `(${two()}).AddDate ${random.pick(["0 1 0", "1 0 0", "0 0 40", "-1 -13 -400", "0 25 31", "4 0 -1"])}`,
    () => `toJson ${two()}`,
    () => `(${when()}).UTC | ${random.pick(["toString", "quote", "toYaml", "print", "kindOf", "typeOf"])}`,
    () => `(${two()}.Sub ${two()}).${random.pick(["Hours", "Minutes", "Seconds", "Milliseconds", "String", "Abs"])}`,
  ])();
};

function two(random: Random, least: number, bound: number): string {
  return String(least + random.below(bound - least)).padStart(2, "0");
}

/** Mostly a day that there is. */
function dayText(random: Random): string {
  const year = random.pick([
    "1969",
    "1970",
    "1999",
    "2000",
    "2023",
    "2024",
    "2024",
    "2038",
    "0001",
    "9999",
    "1900",
    "1883",
  ]);
  if (random.chance(0.1)) return `${year}-${two(random, 0, 14)}-${two(random, 0, 33)}`;
  if (random.chance(0.1)) return `${year}-02-${two(random, 28, 30)}`;
  return `${year}-${two(random, 1, 13)}-${two(random, 1, 29)}`;
}

function timeText(random: Random): string {
  if (random.chance(0.1)) return `${two(random, 0, 26)}:${two(random, 0, 61)}:${two(random, 0, 62)}`;
  return `${two(random, 0, 24)}:${two(random, 0, 60)}:${two(random, 0, 60)}`;
}

function dateText(random: Random): string {
  const offset = random.pick(["", "Z", "+00:00", "-05:30", "+0200", " UTC", " CET", " +0100 CET", "+24:00", "+25:00"]);
  const fraction = random.pick(["", "", ".5", ".123456789", ",25", ".1234567891"]);
  return random.pick([
    () => dayText(random),
    () => `${dayText(random)} ${timeText(random)}`,
    () => `${dayText(random)}T${timeText(random)}${fraction}${offset}`,
    () => `${timeText(random)}${fraction}`,
    () => `Mon, ${two(random, 1, 32)} ${random.pick(["Jan", "feb", "MAR", "Foo"])} 2023 ${timeText(random)} GMT`,
    () => random.text([..."0123456789", "-", ":", "T", " ", "Jan", "PM", "Z"], 0, 12),
  ])();
}

/** A time, in the zone of the machine, of its own or of none. */
function moment(random: Random): string {
  const offset = random.pick(["+0000", "-0530", "+0200", "+1400", "-1200"]);
  return random.pick([
    () => `(toDate "2006-01-02" ${literal(dayText(random))})`,
    () => `(toDate "2006-01-02 15:04:05 -0700" ${literal(`${dayText(random)} ${timeText(random)} ${offset}`)})`,
    () => `(toDate "2006-01-02 15:04:05.999999999" ${literal(`${dayText(random)} ${timeText(random)}.000120450`)})`,
  ])();
}

/** A date in the very layout that it is read by. */
function parsed(random: Random): string {
  const layout = literal(layoutText(random));
  return `(mustToDate ${layout} (dateInZone ${layout} ${moment(random)} ${literal(random.pick(ZONES))})).UTC`;
}

function layoutText(random: Random): string {
  if (random.chance(0.3)) return random.pick(WHOLE_LAYOUTS);
  const separator = random.pick([" ", "-", ":", "/", "T", "", ".", "_", "x", "é"]);
  return random.several(1, 5, () => random.pick(LAYOUT)).join(separator);
}

function durationText(random: Random): string {
  if (random.chance(0.1)) return random.text(["1", "h", "-", ".", "m", " ", "d", "1e3", "0x1", "9".repeat(20)], 0, 4);
  const number = () => random.pick(["1", "90", "1.5", "0", "36", ".5", "1.", "2562047", "0.000000001", "9223372036"]);
  return random.pick(["", "", "-", "+"]) + random.several(1, 3, () => number() + random.pick(UNITS)).join("");
}
