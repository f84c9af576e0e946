/**
 * TOML as Helm's `fromToml` reads it: integers are int64, dates become times.
 *
 * @module
 */
import { parseToml, TomlDate } from "../../deps/smol_toml.ts";
import { parseTime } from "./time/parse.ts";
import { GoTime } from "./time/values.ts";
import { fixedZone, UTC } from "./time/zone.ts";
import { toText } from "../bytes.ts";
import { GoMap, int64, type Value } from "../value.ts";

/** A text that is not TOML. */
export class TomlDecodeError extends Error {
  override readonly name = "TomlDecodeError";
  readonly reason = "syntax";
}

/** The document as a map. @throws {TomlDecodeError} */
export function decodeToml(text: string): Value {
  try {
    return fromPlain(parseToml(toText(text), { integersAsBigInt: true }));
  } catch (error) {
    throw new TomlDecodeError(`toml: ${complaint(text, error)}`, { cause: error });
  }
}

/** YAML given for TOML, the commonest mistake, is named in Helm's words; everything else in the parser's. */
function complaint(text: string, error: unknown): string {
  const [, before = "", odd] =
    /^((?:[ \t]*(?:#[^\n]*)?\n)*)[ \t]*[A-Za-z0-9_-]+[ \t]*([^\s.=A-Za-z0-9_-])/.exec(text) ?? [];
  if (odd !== undefined) return `line ${before.split("\n").length}: expected '.' or '=', but got '${odd}' instead`;
  return error instanceof Error ? error.message.split("\n", 1)[0] ?? "" : String(error);
}

function fromPlain(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === "string" || typeof data === "number" || typeof data === "boolean") return data;
  if (typeof data === "bigint") return int64(data);
  if (Array.isArray(data)) return data.map(fromPlain);
  if (data instanceof TomlDate) return timeOf(data);
  return new GoMap(Object.entries(data).map(([key, item]) => [key, fromPlain(item)]));
}

/** Dates and times without an offset are in zones that carry their kind as a name, as Helm's decoder has it. */
const LOCAL = {
  date: fixedZone("date-local", 0),
  time: fixedZone("time-local", 0),
  both: fixedZone("datetime-local", 0),
};

function timeOf(date: TomlDate): GoTime {
  const text = date.toISOString();
  if (date.isDate()) return new GoTime(parseTime("2006-01-02", text, LOCAL.date));
  if (date.isTime()) return new GoTime(parseTime("15:04:05", text, LOCAL.time));
  if (date.isLocal()) return new GoTime(parseTime("2006-01-02T15:04:05", text, LOCAL.both));
  return new GoTime(parseTime("2006-01-02T15:04:05Z07:00", text, UTC));
}
