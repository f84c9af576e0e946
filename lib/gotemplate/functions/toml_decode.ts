/**
 * TOML as Helm's `fromToml` reads it: integers are int64, dates become times.
 *
 * @module
 */
import { rejoined, sliceBytes } from "../bytes.ts";
import { quote } from "../fmt/quote.ts";
import { GoMap, int64, type Value } from "../value.ts";
import { parseTime, TimeParseError } from "./time/parse.ts";
import { GoTime } from "./time/values.ts";
import { fixedZone, UTC, type Zone } from "./time/zone.ts";
import { shown, TomlDecodeError, TomlReader, type TomlWord } from "./toml_reader.ts";
import { keyText, TomlTables } from "./toml_tables.ts";

export { TomlDecodeError };

/** Arrays and inline tables nest no deeper than this. */
const MAX_DEPTH = 1_000;

/** The document as a map. @throws {TomlDecodeError} */
export function decodeToml(text: string): Value {
  // Helm's decoder looks at the first six bytes for what UTF-16 would have there.
  if (sliceBytes(text, 0, 6).includes("\0")) {
    throw new TomlDecodeError(
      "toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8",
    );
  }
  return new Decoder(rejoined(text)).document();
}

class Decoder {
  readonly #in: TomlReader;
  readonly #tables: TomlTables;
  /** Last part of the key whose value is being read. */
  #key = "";
  #depth = 0;

  constructor(text: string) {
    this.#in = new TomlReader(text);
    this.#tables = new TomlTables((message) => this.#in.fault(message));
  }

  document(): GoMap {
    const reader = this.#in;
    for (;;) {
      reader.skipSpace();
      if (reader.peek === "") return this.#tables.root;
      if (reader.accept("[")) this.#header();
      else {
        const outer = this.#tables.context;
        this.#pair();
        this.#at(outer, "");
      }
      this.#endOfLine();
    }
  }

  /** Goes to another key; messages name it from now on. */
  #at(context: readonly string[], key: string): void {
    this.#tables.context = context;
    this.#key = key;
    const outer = keyText(context);
    this.#in.lastKey = key === "" ? outer : outer === "" ? key : `${outer}.${key}`;
  }

  #endOfLine(): void {
    this.#in.skipBlanks();
    if (this.#in.peek === "#") this.#in.skipComment();
    const next = this.#in.take();
    if (next === "" || next === "\n" || next === "\r") return;
    throw this.#in.fault(
      `expected a top-level item to end with a newline, comment, or EOF, but got ${shown(next)} instead`,
    );
  }

  #header(): void {
    const isArray = this.#in.accept("[");
    const name = this.#in.tableName();
    if (isArray) {
      const next = this.#in.take();
      if (next !== "]") {
        throw this.#in.fault(`expected end of table array name delimiter ']', but got ${shown(next)} instead`);
      }
    }
    this.#at(name.slice(0, -1), "");
    this.#tables.open(name, isArray);
    this.#at(name, "");
  }

  /** `key = value`, in the table that keys go into now. @returns What was set, the path included. */
  #pair(): { readonly path: readonly string[]; readonly value: Value } {
    const path = this.#in.key();
    const key = path.at(-1) ?? "";
    for (const part of path.slice(0, -1)) {
      const name = [...this.#tables.context, part];
      this.#tables.implicit(name);
      this.#tables.open(name, false);
    }
    this.#at(this.#tables.context, key);
    this.#in.skipBlanks();
    const value = this.#value(false);
    this.#tables.set(key, value);
    return { path, value };
  }

  #value(isInArray: boolean): Value {
    switch (this.#in.peek) {
      case '"':
      case "'":
        return this.#in.string();
      case "[":
        return this.#nested(() => this.#array());
      case "{":
        return this.#nested(() => this.#inlineTable(isInArray));
      default:
        return this.#word(this.#in.word());
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.#in.fault("arrays and tables nest too deeply");
    this.#in.take();
    const value = read();
    this.#depth--;
    return value;
  }

  #array(): Value[] {
    this.#tables.array(this.#key);
    const items: Value[] = [];
    for (;;) {
      this.#in.skipSpace();
      if (this.#in.peek === ",") throw this.#in.fault("unexpected comma");
      if (this.#in.accept("]")) return items;
      items.push(this.#value(true));
      this.#in.skipSpace();
      const next = this.#in.take();
      if (next === "]") return items;
      if (next !== ",") {
        throw this.#in.fault(`expected a comma (',') or array terminator (']'), but got ${ofText(next)}`);
      }
    }
  }

  #inlineTable(isInArray: boolean): GoMap {
    const [outer, outerKey] = [this.#tables.context, this.#key];
    const inner = [...outer, outerKey];
    const table = new GoMap();
    this.#at(outer, "");
    this.#tables.implicit(inner);
    this.#tables.open(inner, isInArray);
    this.#at(inner, "");
    for (;;) {
      this.#in.skipSpace();
      if (this.#in.peek === ",") throw this.#in.fault("unexpected comma");
      if (this.#in.accept("}")) break;
      const { path, value } = this.#pair();
      put(table, path, value);
      this.#tables.context = inner;
      this.#in.skipSpace();
      const next = this.#in.take();
      if (next === "}") break;
      if (next === ",") continue;
      throw this.#in.fault(`expected a comma or an inline table terminator '}', but got ${ofText(next)} instead`);
    }
    this.#at(outer, outerKey);
    return table;
  }

  #word({ kind, text }: TomlWord): Value {
    switch (kind) {
      case "bool":
        return text === "true";
      case "integer":
        return this.#integer(text);
      case "float":
        return this.#float(text);
      case "datetime":
        return this.#time(text);
    }
  }

  #integer(text: string): Value {
    if (!hasGoodUnderscores(text)) {
      throw this.#in.fault(`Invalid integer ${quote(text)}: underscores must be surrounded by digits`);
    }
    if (hasLeadingZero(text)) throw this.#in.fault(`Invalid integer ${quote(text)}: cannot have leading zeroes`);
    const [, sign = "", digits = ""] = /^([+-]?)(.*)$/.exec(text.replaceAll("_", "")) ?? [];
    const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
    if (BigInt.asIntN(64, value) !== value) throw this.#in.fault(`${text} is out of range for int64`);
    return int64(value);
  }

  #float(text: string): Value {
    const parts = text.split(/[.eE]/).filter((part) => part !== "");
    if (!parts.every(hasGoodUnderscores)) {
      throw this.#in.fault(`Invalid float ${quote(text)}: underscores must be surrounded by digits`);
    }
    if (hasLeadingZero(parts[0] ?? "")) {
      throw this.#in.fault(`Invalid float ${quote(text)}: cannot have leading zeroes`);
    }
    if (/\.(?![0-9])/.test(text)) {
      throw this.#in.fault(`Invalid float ${quote(text)}: '.' must be followed by one or more digits`);
    }
    const plain = text.replaceAll("_", "");
    if (/nan$/.test(plain)) return NaN;
    if (/inf$/.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
    const value = /^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(plain) ? Number(plain) : NaN;
    if (Number.isNaN(value)) throw this.#in.fault(`Invalid float value: ${quote(text)}`);
    if (!Number.isFinite(value)) throw this.#in.fault(`${text} is out of range for float64`);
    return value;
  }

  #time(text: string): Value {
    const normal = text.replace(/[t ]/g, "T").replaceAll("z", "Z");
    for (const [layout, zone] of LAYOUTS) {
      try {
        // One digit for an hour is enough in Go's layouts, but not in TOML.
        if (!/(?:^|T)[0-9]:/.test(normal)) return new GoTime(parseTime(layout, normal, zone));
      } catch (error) {
        if (!(error instanceof TimeParseError)) throw error;
      }
    }
    throw this.#in.fault(`invalid datetime: ${quote(text)}`);
  }
}

/** Dates and times without an offset are in zones that carry their kind as a name, as Helm's decoder has it. */
const LOCAL = {
  date: fixedZone("date-local", 0),
  time: fixedZone("time-local", 0),
  both: fixedZone("datetime-local", 0),
};
const LAYOUTS: readonly (readonly [layout: string, zone: Zone])[] = [
  ["2006-01-02T15:04:05.999999999Z07:00", UTC],
  ["2006-01-02T15:04:05.999999999", LOCAL.both],
  ["2006-01-02", LOCAL.date],
  ["15:04:05.999999999", LOCAL.time],
  ["2006-01-02T15:04Z07:00", UTC],
  ["2006-01-02T15:04", LOCAL.both],
  ["15:04", LOCAL.time],
];

function put(table: GoMap, path: readonly string[], value: Value): void {
  let inner = table;
  for (const part of path.slice(0, -1)) {
    const known = inner.get(part);
    const next = known instanceof GoMap ? known : new GoMap();
    inner.set(part, next);
    inner = next;
  }
  inner.set(path.at(-1) ?? "", value);
}

function ofText(character: string): string {
  return character === "" ? "end of file" : shown(character);
}

function hasGoodUnderscores(text: string): boolean {
  return !/(?:^|[^0-9A-Fa-f])_|_(?:$|[^0-9A-Fa-f])/.test(text);
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[+-]0./.test(text);
}
