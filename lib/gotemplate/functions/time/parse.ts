/**
 * Reads times by Go layouts, with Go's error messages.
 *
 * @module
 */
import { civilFromDays, daysFromCivil, daysInMonth, MONTHS, WEEKDAYS } from "./civil.ts";
import { fromClock, type Instant } from "./instant.ts";
import { quoteBytes as quote } from "./quote.ts";
import { type LayoutField, type LayoutPiece, parseLayout } from "./layout.ts";
import { fixedZone, UTC, type Zone } from "./zone.ts";

/** A text that does not have the form of its layout. The message is Go's. */
export class TimeParseError extends Error {
  override readonly name = "TimeParseError";
  readonly reason = "invalid-time";
}

/** Thrown by a field that does not read on; turned into a {@linkcode TimeParseError} that shows where. */
class Mismatch extends Error {}

/** Thrown by a field whose value cannot be, e.g. month 13. */
class OutOfRange extends Error {}

/** What has been read so far. */
interface Draft {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  afternoon: boolean | undefined;
  offset: number | undefined;
  zulu: boolean;
  abbreviation: string;
}

/**
 * Reads a time. Fields that the layout does not name are those of January 1 of the year 0, midnight.
 *
 * @param zone Where the time is taken to be when the text names no offset (Go's `ParseInLocation`).
 * @throws {TimeParseError}
 */
export function parseTime(layout: string, text: string, zone: Zone = UTC): Instant {
  const reader = new Reader(layout, text);
  const draft = reader.read();
  return settle(draft, zone, reader);
}

class Reader {
  #rest: string;
  readonly #draft: Draft = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    afternoon: undefined,
    offset: undefined,
    zulu: false,
    abbreviation: "",
  };

  constructor(readonly layout: string, readonly text: string) {
    this.#rest = text;
  }

  read(): Draft {
    const pieces = parseLayout(this.layout);
    pieces.forEach((piece, index) => this.#step(piece, pieces[index + 1]));
    if (this.#rest !== "") throw this.error(`: extra text: ${quote(this.#rest)}`);
    return this.#draft;
  }

  outOfRange(what: string): TimeParseError {
    return this.error(`: ${what} out of range`);
  }

  error(message: string): TimeParseError {
    return new TimeParseError(`parsing time ${quote(this.text)}${message}`);
  }

  #step(piece: LayoutPiece, next: LayoutPiece | undefined): void {
    const held = this.#rest;
    try {
      if (piece.kind === "text") this.#skipText(piece.text);
      else if (piece.kind === "fraction") this.#readFraction(piece.digits, piece.trimmed);
      else this.#readField(piece.field, next);
    } catch (error) {
      if (error instanceof OutOfRange) throw this.outOfRange(error.message);
      if (!(error instanceof Mismatch)) throw error;
      const where = piece.kind === "text" ? this.#rest : held;
      throw new TimeParseError(
        `parsing time ${quote(this.text)} as ${quote(this.layout)}: cannot parse ${quote(where)} as ${
          quote(error.message === "" ? piece.text : error.message)
        }`,
      );
    }
  }

  /** Literal text must stand there; a run of blanks stands for any run of blanks. */
  #skipText(text: string): void {
    let left = text;
    while (left !== "") {
      if (left.startsWith(" ")) {
        if (this.#rest !== "" && !this.#rest.startsWith(" ")) throw new Mismatch();
        left = left.replace(/^ +/, "");
        this.#rest = this.#rest.replace(/^ +/, "");
        continue;
      }
      if (this.#rest === "" || this.#rest.charAt(0) !== left.charAt(0)) throw new Mismatch();
      left = left.slice(1);
      this.#rest = this.#rest.slice(1);
    }
  }

  #readFraction(digits: number, trimmed: boolean): void {
    const match = /^[.,]([0-9]+)/.exec(this.#rest);
    if (trimmed) {
      if (match === null) return; // an optional fraction that is not there
      this.#takeFraction(match[0], match[1] ?? "");
      return;
    }
    const exact = new RegExp(`^[.,]([0-9]{${digits}})`).exec(this.#rest);
    if (exact === null) throw new Mismatch();
    this.#takeFraction(exact[0], exact[1] ?? "");
  }

  #takeFraction(text: string, digits: string): void {
    this.#draft.nanosecond = Number(digits.slice(0, 9).padEnd(9, "0"));
    this.#rest = this.#rest.slice(text.length);
  }

  #take(pattern: RegExp): string {
    const match = pattern.exec(this.#rest);
    if (match === null) throw new Mismatch();
    this.#rest = this.#rest.slice(match[0].length);
    return match[0];
  }

  /** One or two digits; a fixed field needs both. */
  #number(fixed: boolean): number {
    return Number(this.#take(fixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/));
  }

  #word(words: readonly string[], short: boolean): number {
    const lower = this.#rest.toLowerCase();
    const index = words.findIndex((word) => lower.startsWith((short ? word.slice(0, 3) : word).toLowerCase()));
    if (index < 0) throw new Mismatch();
    this.#rest = this.#rest.slice(short ? 3 : (words[index] ?? "").length);
    return index;
  }

  #readField(field: LayoutField, next: LayoutPiece | undefined): void {
    const draft = this.#draft;
    switch (field) {
      case "06": {
        const year = this.#number(true);
        draft.year = year >= 69 ? 1900 + year : 2000 + year;
        return;
      }
      case "2006":
        draft.year = Number(this.#take(/^[0-9]{4}/));
        return;
      case "Jan":
      case "January":
        draft.month = this.#word(MONTHS, field === "Jan") + 1;
        return;
      case "1":
      case "01":
        draft.month = this.#number(field === "01");
        if (draft.month < 1 || draft.month > 12) throw new OutOfRange("month");
        return;
      case "Mon":
      case "Monday":
        this.#word(WEEKDAYS, field === "Mon");
        return;
      case "_2":
      case "2":
      case "02":
        if (field === "_2" && this.#rest.startsWith(" ")) this.#rest = this.#rest.slice(1);
        draft.day = this.#number(field === "02"); // whether the month has such a day is seen at the end
        return;
      case "__2":
      case "002":
        if (field === "__2") this.#rest = this.#rest.replace(/^ {1,2}/, "");
        draft.yearDay = Number(this.#take(field === "002" ? /^[0-9]{3}/ : /^[0-9]{1,3}/));
        return;
      default:
        this.#readTimeField(field, next);
    }
  }

  #readTimeField(field: LayoutField, next: LayoutPiece | undefined): void {
    const draft = this.#draft;
    switch (field) {
      case "15":
        draft.hour = this.#bounded(this.#number(false), 24, "hour");
        return;
      case "3":
      case "03":
        draft.hour = this.#bounded(this.#number(field === "03"), 13, "hour");
        return;
      case "4":
      case "04":
        draft.minute = this.#bounded(this.#number(field === "04"), 60, "minute");
        return;
      case "5":
      case "05": {
        draft.second = this.#bounded(this.#number(field === "05"), 60, "second");
        // A fraction may follow the seconds although the layout names none.
        const fraction = /^[.,]([0-9]+)/.exec(this.#rest);
        if (fraction !== null && next?.kind !== "fraction") this.#takeFraction(fraction[0], fraction[1] ?? "");
        return;
      }
      case "PM":
      case "pm":
        draft.afternoon = this.#take(field === "PM" ? /^[AP]M/ : /^[ap]m/).toLowerCase() === "pm";
        return;
      case "MST":
        this.#readAbbreviation();
        return;
      default:
        this.#readOffset(field);
    }
  }

  #bounded(value: number, limit: number, what: string): number {
    if (value >= limit) throw new OutOfRange(what);
    return value;
  }

  #readAbbreviation(): void {
    const name = this.#take(/^UTC/.test(this.#rest) ? /^UTC/ : ABBREVIATION);
    if (name === "UTC") this.#draft.zulu = true;
    else this.#draft.abbreviation = name;
  }

  #readOffset(field: LayoutField): void {
    if (field.startsWith("Z") && this.#rest.startsWith("Z")) {
      this.#rest = this.#rest.slice(1);
      this.#draft.zulu = true;
      return;
    }
    const shape = field.slice(1);
    const text = this.#rest.slice(0, field.length);
    if (text.length < field.length || !sameColons(text.slice(1), shape)) throw new Mismatch();
    const digits = [...shape].map((character, at) => character === ":" ? "" : text.charAt(at + 1)).join("");
    const pairs = digits.match(/../gs) ?? [];
    // Go asks for the range of what it could read before it says that it could not read the rest.
    const broken = pairs.findIndex((pair) => !/^[0-9]{2}$/.test(pair));
    const [hours = 0, minutes = 0, seconds = 0] = pairs.map((pair, at) => broken < 0 || at < broken ? Number(pair) : 0);
    if (seconds > 60) throw new OutOfRange("time zone offset second");
    if (minutes > 60) throw new OutOfRange("time zone offset minute");
    if (hours > 24) throw new OutOfRange("time zone offset hour");
    const sign = text.charAt(0);
    if (broken >= 0 || (sign !== "+" && sign !== "-")) throw new Mismatch();
    this.#rest = this.#rest.slice(text.length);
    const size = hours * 3600 + minutes * 60 + seconds;
    this.#draft.offset = sign === "-" ? -size : size;
  }
}

/** Up to 23, however many digits that has. */
const HOURS = "[+-]0*(?:2[0-3]|1?[0-9])(?![0-9])";
/** What Go takes for the name of a zone, where three characters are left: three letters, more of them only where they end in a T, or a number of hours. */
const ABBREVIATION = new RegExp(
  `^(?=[^]{3})(?:ChST|MeST|GMT(?:${HOURS})?|${HOURS}|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z]))`,
);

/** Whether colons stand in a text where they stand in its layout. */
function sameColons(text: string, shape: string): boolean {
  return [...shape].every((character, at) => character !== ":" || text.charAt(at) === ":");
}

function settle(draft: Draft, zone: Zone, reader: Reader): Instant {
  if (draft.afternoon === true && draft.hour < 12) draft.hour += 12;
  else if (draft.afternoon === false && draft.hour === 12) draft.hour = 0;
  settleDay(draft, reader);
  const at = (place: Zone) => fromClock(draft, draft.nanosecond, place);
  if (draft.zulu) return at(UTC);
  if (draft.offset !== undefined) {
    const fixed = at(fixedZone(draft.abbreviation, draft.offset));
    // The wanted zone is kept where it has this very offset at that time.
    const there = zone.at(fixed.seconds);
    const same = there.offset === draft.offset &&
      (draft.abbreviation === "" || there.abbreviation === draft.abbreviation);
    return same ? { ...fixed, zone } : fixed;
  }
  if (draft.abbreviation === "") return at(zone);
  const local = at(zone);
  if (zone.at(local.seconds).abbreviation === draft.abbreviation) return local;
  // An abbreviation that the zone does not use says nothing about the offset, unless it is GMT with a number.
  const gmt = /^GMT([+-][0-9]+)$/.exec(draft.abbreviation);
  // The instant is that of UTC all the same.
  return { ...at(UTC), zone: fixedZone(draft.abbreviation, gmt === null ? 0 : Number(gmt[1]) * 3600) };
}

function settleDay(draft: Draft, reader: Reader): void {
  if (draft.yearDay >= 0) {
    const days = daysInMonth(draft.year, 2) === 29 ? 366 : 365;
    if (draft.yearDay < 1 || draft.yearDay > days) throw reader.outOfRange("day-of-year");
    const found = civilFromDays(daysFromCivil(draft.year, 1, draft.yearDay));
    if (draft.month >= 0 && draft.month !== found.month) throw reader.error(": day-of-year does not match month");
    draft.month = found.month;
    if (draft.day >= 0 && draft.day !== found.day) throw reader.error(": day-of-year does not match day");
    draft.day = found.day;
  }
  if (draft.month < 0) draft.month = 1;
  if (draft.day < 0) draft.day = 1;
  if (draft.day < 1 || draft.day > daysInMonth(draft.year, draft.month)) throw reader.outOfRange("day");
}
