import { literal } from "../judge.ts";
import type { Maker } from "../maker.ts";

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
  "-0700",
  "-07",
  "MST",
  "Mon",
  "Monday",
  ".000",
  ".999",
  "002",
  "Z0700",
];
const ZONES = ["UTC", "", "Local", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "No/Where", "EST"];
/** Times, layouts, durations and zones. */
export const date: Maker = (random) => {
  const two = (bound: number) => String(random.below(bound)).padStart(2, "0");
  const day = () => `${random.pick(["1969", "1970", "2000", "2023", "2024", "0001", "9999"])}-${two(14)}-${two(31)}`;
  const time = () => `${two(25)}:${two(60)}:${two(61)}`;
  const moment = () =>
    random.chance(0.5)
      ? `(toDate "2006-01-02" ${literal(day())})`
      : `(toDate "2006-01-02 15:04:05 -0700" ${
        literal(`${day()} ${time()} ${random.pick(["+0000", "-0530", "+0200"])}`)
      })`;
  const layout = () =>
    literal(random.several(1, 5, () => random.pick(LAYOUT)).join(random.pick([" ", "-", ":", "/", "T", ""])));
  const duration = () =>
    random.pick(["", "-", "+"]) +
    random.several(1, 3, () =>
      random.pick(["1", "90", "1.5", "0", "36", ".5"]) + random.pick(["h", "m", "s", "ms", "us", "ns", "d"])).join("");
  return () =>
    random.pick([
      () => `dateInZone ${layout()} ${moment()} ${literal(random.pick(ZONES))}`,
      () => `date_in_zone ${layout()} ${moment()} "UTC"`,
      () => `(dateModify ${literal(duration())} ${moment()}).UTC`,
      () =>
        `mustDateModify ${literal(duration())} ${moment()} | dateInZone "2006-01-02T15:04:05.999999999Z07:00" | print`,
      () => `dateInZone "2006-01-02 15:04:05" (mustDateModify ${literal(duration())} ${moment()}) "UTC"`,
      () => `(mustToDate ${layout()} ${literal(`${day()} ${time()}`)}).UTC`,
      () => `(mustToDate "2006-01-02 15:04:05" ${literal(`${day()} ${time()}`)}).UTC`,
      () => `unixEpoch ${moment()}`,
      () => `htmlDateInZone ${moment()} ${literal(random.pick(ZONES))}`,
      () => `duration ${random.pick(["0", "1", "59", "3600", "90061", "-5", '"75"', '"x"', "1.5"])}`,
      () =>
        `durationRound ${
          random.pick(["0", "1", "59", '"3601s"', '"26h"', '"800h"', '"9000h"', '"1m1s"', '"x"', "1.5"])
        }`,
      () =>
        `(${moment()}).${random.pick(["Year", "Month", "Weekday", "YearDay", "Unix", "Hour", "IsZero", "Nanosecond"])}`,
      () => `(${moment()}).Format ${layout()}`,
    ])();
};
