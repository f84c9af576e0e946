/**
 * TOML in the form that Helm's `toToml` writes (BurntSushi's): plain keys first, then tables, both sorted; two blanks a level.
 *
 * @module
 */
import { compareUtf8 } from "../bytes.ts";
import { kindOf } from "./reflection.ts";
import { formatTime, LAYOUTS } from "./time/format.ts";
import { GoDuration, GoTime } from "./time/values.ts";
import { formatFloat } from "../fmt/float.ts";
import { FunctionError } from "../signature.ts";
import { GoComplex, GoInt, GoMap, GoObject, GoSlice, sliceItems, type Value } from "../value.ts";

/** A value that TOML cannot show. The message is the encoder's of Helm. */
export class TomlEncodeError extends Error {
  override readonly name = "TomlEncodeError";
  readonly reason = "unsupported";
}

const MAX_DEPTH = 1_000;

/** The value as TOML. @throws {TomlEncodeError} and, for nil, the panic of Helm's encoder. */
export function encodeToml(value: Value): string {
  if (value === null) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  const writer = new Writer();
  writer.encode([], value);
  return writer.out;
}

class Writer {
  out = "";

  encode(key: readonly string[], value: Value): void {
    if (key.length > MAX_DEPTH) throw new TomlEncodeError("toml: the value contains itself");
    // A nil list is left out of a table, but is an empty one where it stands alone.
    if (isNil(value) && !(key.length === 0 && value instanceof GoSlice)) return;
    const map = mapOf(value);
    if (map !== undefined) return this.#table(key, map, sortedNames(map));
    const struct = structOf(value);
    if (struct !== undefined) return this.#table(key, struct, [...struct.keys()]);
    const tables = tablesOf(value);
    if (tables !== undefined) return this.#tables(key, tables);
    this.#keyValue(key, value);
  }

  #keyValue(key: readonly string[], value: Value): void {
    if (key.length === 0) {
      if (value instanceof GoComplex) throw new TomlEncodeError("unsupported type for key '': complex128");
      this.out += element(value, 0);
      return;
    }
    this.out += `${indentOf(key)}${quoteKey(key.at(-1) ?? "")} = ${element(value, 0)}`;
    this.#newline();
  }

  #table(key: readonly string[], map: GoMap, names: readonly string[]): void {
    if (key.length === 1) this.#newline();
    if (key.length > 0) {
      this.out += `${indentOf(key)}[${key.map(quoteKey).join(".")}]`;
      this.#newline();
    }
    this.#entries(key, map, names);
  }

  #tables(key: readonly string[], tables: readonly GoMap[]): void {
    if (key.length === 0) throw new TomlEncodeError("toml: top-level values must be Go maps or structs");
    for (const table of tables) {
      this.#newline();
      this.out += `${indentOf(key)}[[${key.map(quoteKey).join(".")}]]`;
      this.#newline();
      this.#entries(key, table, sortedNames(table));
    }
  }

  #entries(key: readonly string[], map: GoMap, names: readonly string[]): void {
    const isSub = (name: string) => isTable(map.get(name) ?? null);
    for (const name of names.filter((name) => !isSub(name))) this.encode([...key, name], map.get(name) ?? null);
    for (const name of names.filter(isSub)) this.encode([...key, name], map.get(name) ?? null);
  }

  /** Nothing starts with an empty line. */
  #newline(): void {
    if (this.out !== "") this.out += "\n";
  }
}

function sortedNames(map: GoMap): string[] {
  return Array.from(map.keys()).sort(compareUtf8);
}

/** The fields of a struct in their order, for those that are no text to TOML. */
function structOf(value: Value): GoMap | undefined {
  if (!(value instanceof GoObject) || value.underlying() !== undefined || typeof value.toJson() === "string") return;
  const names = value.fieldNames();
  return names.length === 0 ? undefined : new GoMap(names.map((name) => [name, value.field(name) ?? null]));
}

/** A map, also of a named type. */
function mapOf(value: Value): GoMap | undefined {
  const below = value instanceof GoObject ? value.underlying() : value;
  return below instanceof GoMap ? below : undefined;
}

function isNil(value: Value): boolean {
  return value === null || ((value instanceof GoSlice || value instanceof GoMap) && value.isNil);
}

/** The tables of a list that holds nothing else; `undefined` for every other value. A nil in a list is an error. */
function tablesOf(value: Value): GoMap[] | undefined {
  const items = sliceItems(value);
  if (items === undefined || items.length === 0) return undefined;
  if (items.some(isNil)) throw new TomlEncodeError("toml: cannot encode array with nil element");
  const tables = items.map(mapOf).filter((table) => table !== undefined);
  // Lists inside are looked into for nils, too.
  for (const item of items) tablesOf(item);
  return tables.length === items.length ? tables : undefined;
}

function element(value: Value, depth: number): string {
  if (depth > MAX_DEPTH) throw new TomlEncodeError("toml: the value contains itself");
  if (typeof value === "string") return quoteToml(value);
  if (typeof value === "number") return floatToml(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof GoInt) return value.toString();
  if (value instanceof GoMap) return inlineTable(value, depth);
  if (value instanceof GoObject) return objectToml(value, depth);
  const items = sliceItems(value);
  if (items !== undefined) return `[${items.map((item) => element(item, depth + 1)).join(", ")}]`;
  throw new TomlEncodeError(`unsupported type: ${kindOf(value)}`);
}

/** How times without an offset are written, by the zones that `fromToml` gives them. */
const LAYOUTS_LOCAL: Readonly<Record<string, string>> = {
  "date-local": "2006-01-02",
  "time-local": "15:04:05.999999999",
  "datetime-local": "2006-01-02T15:04:05.999999999",
};

function objectToml(value: GoObject, depth: number): string {
  const json = value.toJson();
  if (value instanceof GoTime) {
    return formatTime(value.instant, LAYOUTS_LOCAL[value.instant.zone.name] ?? LAYOUTS.rfc3339Nano);
  }
  if (typeof json === "string") return quoteToml(json);
  if (value instanceof GoDuration) return quoteToml(value.goString());
  const below = value.underlying();
  if (below !== undefined) return element(below, depth);
  const struct = structOf(value);
  return struct === undefined ? quoteToml(value.goString() ?? "") : element(struct, depth);
}

function inlineTable(map: GoMap, depth: number): string {
  const names = sortedNames(map);
  const plain = names.filter((name) => !isTable(map.get(name) ?? null));
  const tables = names.filter((name) => isTable(map.get(name) ?? null));
  const write = (group: readonly string[], continues: boolean) =>
    group.map((name, at) => {
      const value = map.get(name) ?? null;
      if (isNil(value)) return "";
      // A nil that is left out at the end leaves its comma, as in Helm.
      return `${quoteKey(name)} = ${element(value, depth + 1)}${continues || at < group.length - 1 ? ", " : ""}`;
    }).join("");
  return `{${write(plain, tables.length > 0)}${write(tables, false)}}`;
}

/** Whether a value is written as a table of its own: a map, or a list of maps. */
function isTable(value: Value): boolean {
  return !isNil(value) &&
    (mapOf(value) !== undefined || structOf(value) !== undefined || tablesOf(value) !== undefined);
}

function indentOf(key: readonly string[]): string {
  return "  ".repeat(key.length - 1);
}

function quoteKey(name: string): string {
  if (name === "") return '""';
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoteToml(name);
}

function floatToml(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const text = formatFloat(value, "g", -1);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

// deno-lint-ignore no-control-regex -- control characters are what TOML escapes
const ESCAPED = /["\\\x00-\x1f\x7f]/g;

function quoteToml(text: string): string {
  const escaped = text.replace(ESCAPED, (char) => {
    return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}
