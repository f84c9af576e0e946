import { byteLength } from "../../gotemplate/mod.ts";
import { parseTime, TimeParseError } from "../../gotemplate/functions/mod.ts";
import { characterText, prefixed } from "./format_address.ts";

/** What keeps a text from being a date in Go's eyes. */
export function dateFault(text: string): string | undefined {
  try {
    parseTime("2006-01-02", text);
    return undefined;
  } catch (error) {
    if (error instanceof TimeParseError) return error.message;
    throw error;
  }
}

/** What keeps a text from being a time of RFC 3339 in the eyes of Helm's validator. */
export function timeFault(text: string): string | undefined {
  if (byteLength(text) < 9) return "less than 9 characters long";
  if (text[2] !== ":" || text[5] !== ":") return "missing colon in correct place";
  const numbers = numbersOf(text.slice(0, 8), "hour/min/sec");
  if (typeof numbers === "string") return numbers;
  const [hour = 0, minute = 0, second = 0] = numbers;
  if (hour > 23 || minute > 59 || second > 60) return "hour/min/sec out of range";
  let rest = text.slice(8);
  if (rest.startsWith(".")) {
    const [digits = ""] = /^\d*/.exec(rest.slice(1)) ?? [];
    if (digits === "") return "no digits in second fraction";
    rest = rest.slice(1 + digits.length);
  }
  const offset = offsetOf(rest);
  if (typeof offset === "string") return offset;
  // A leap second is the last of a day in Greenwich.
  const inUtc = hour * 60 + minute - offset;
  return second >= 60 && (inUtc < 0 ? inUtc + 24 * 60 : inUtc) !== 23 * 60 + 59 ? "invalid leap second" : undefined;
}

/** Minutes east of Greenwich, or what is wrong with them. */
function offsetOf(text: string): number | string {
  if (text === "z" || text === "Z") return 0;
  if (byteLength(text) !== 6) return "offset must be 6 characters long";
  const sign = text.startsWith("+") ? 1 : text.startsWith("-") ? -1 : undefined;
  if (sign === undefined) return "offset must begin with plus/minus";
  if (text[3] !== ":") return "missing colon in offset in correct place";
  const numbers = numbersOf(text.slice(1), "hour/min", " in offset");
  if (typeof numbers === "string") return numbers;
  const [hours = 0, minutes = 0] = numbers;
  return hours > 23 || minutes > 59 ? "hour/min in offset out of range" : sign * (hours * 60 + minutes);
}

function numbersOf(text: string, what: string, where = ""): readonly number[] | string {
  const numbers: number[] = [];
  for (const part of text.split(":")) {
    if (!/^[-+]?\d+$/.test(part)) return `invalid ${what}${where}`;
    if (Number(part) < 0) return `non-positive ${what}${where}`;
    numbers.push(Number(part));
  }
  return numbers;
}

/** What keeps a text from being a date and time of RFC 3339 in the eyes of Helm's validator. */
export function dateTimeFault(text: string): string | undefined {
  if (byteLength(text) < 20) return "less than 20 characters long";
  if (text[10] !== "t" && text[10] !== "T") return "11th character must be t or T";
  return prefixed("invalid date element", dateFault(text.slice(0, 10))) ??
    prefixed("invalid time element", timeFault(text.slice(11)));
}

/** What keeps a text from being a duration of RFC 3339 in the eyes of Helm's validator. */
export function durationFault(text: string): string | undefined {
  if (!text.startsWith("P")) return "must start with P";
  const rest = text.slice(1);
  if (rest === "") return "nothing after P";
  if (rest.endsWith("W")) {
    if (rest === "W") return "no number in week";
    return /^\d+W$/.test(rest) ? undefined : "invalid week";
  }
  for (const [index, part] of rest.split("T").entries()) {
    if (index > 0 && part === "") return "no time elements";
    const units = ["YMD", "HMS"][index];
    if (units === undefined) return "more than one T";
    const fault = elementsFault(part, units);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function elementsFault(text: string, units: string): string | undefined {
  let left = units;
  for (let rest = text; rest !== "";) {
    const [digits = ""] = /^\d*/.exec(rest) ?? [];
    if (digits === "") return "missing number";
    const unit = rest[digits.length];
    if (unit === undefined) return "missing unit";
    const at = left.indexOf(unit);
    if (at < 0) {
      return units.includes(unit) ? `unit ${characterText(unit)} out of order` : `invalid unit ${characterText(unit)}`;
    }
    left = left.slice(at + 1);
    rest = rest.slice(digits.length + 1);
  }
  return undefined;
}

/** What keeps a text from being a period (`start/end`) in the eyes of Helm's validator. */
export function periodFault(text: string): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return "missing slash";
  const [start, end] = [text.slice(0, slash), text.slice(slash + 1)];
  if (start.startsWith("P")) {
    return prefixed("invalid start duration", durationFault(start)) ??
      prefixed("invalid end date-time", dateTimeFault(end));
  }
  return prefixed("invalid start date-time", dateTimeFault(start)) ??
    (end.startsWith("P")
      ? prefixed("invalid end duration", durationFault(end))
      : prefixed("invalid end date-time", dateTimeFault(end)));
}
