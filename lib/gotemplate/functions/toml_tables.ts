/**
 * Which tables of a TOML document there are, and what may still be defined.
 *
 * @module
 */
import { GoMap, GoSlice, types, type Value } from "../value.ts";
import { internType } from "../go_type.ts";
import type { TomlDecodeError } from "./toml_reader.ts";

const TABLES = internType<GoSlice<GoMap>>("[]map[string]interface {}", "slice", { elem: types.map });

/** A key as messages show it: parts that are no bare words in quotes. */
export function keyText(key: readonly string[]): string {
  return key.map((part) => /^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part)).join(".");
}

/** The tables, and the one that keys go into. */
export class TomlTables {
  /** The document. */
  readonly root = new GoMap();
  /** Path of the table that keys go into. */
  context: readonly string[] = [];
  /** Tables that were made for the sake of what is in them: each may still be defined once. */
  readonly #implicit = new Set<string>();
  /** Keys whose value is an array. */
  readonly #arrays = new Set<string>();
  readonly #fault: (message: string) => TomlDecodeError;

  /** @param fault Makes an error at the place that is being read. */
  constructor(fault: (message: string) => TomlDecodeError) {
    this.#fault = fault;
  }

  /** Notes that a table may exist without being defined. */
  implicit(key: readonly string[]): void {
    this.#implicit.add(keyText(key));
  }

  /** Notes that a key of the current table holds an array. */
  array(key: string): void {
    this.#arrays.add(keyText([...this.context, key]));
  }

  /** Lets keys go into a table, made if need be; `isArray` adds one to a list of tables. @throws TomlDecodeError */
  open(key: readonly string[], isArray: boolean): void {
    let table = this.root;
    key.slice(0, -1).forEach((part, at) => {
      if (!table.has(part)) {
        this.implicit(key.slice(0, at + 1));
        table.set(part, new GoMap());
      }
      const next = current(table.get(part));
      if (next === undefined) {
        throw this.#fault(`Key '${keyText(key.slice(0, at + 1))}' was already created as a hash.`);
      }
      table = next;
    });
    this.context = key.slice(0, -1);
    const last = key.at(-1) ?? "";
    if (isArray) this.#append(table, last, key);
    else this.set(last, new GoMap());
    this.context = key;
  }

  #append(table: GoMap, last: string, key: readonly string[]): void {
    const known = table.get(last) ?? new GoSlice<Value>(TABLES, []);
    if (!isTables(known)) {
      throw this.#fault(`Key '${keyText(key)}' was already created and cannot be used as an array.`);
    }
    known.items.push(new GoMap());
    table.set(last, known);
  }

  /** Sets a key of the current table. @throws TomlDecodeError when it is defined already. */
  set(key: string, value: Value): void {
    let table = this.root;
    this.context.forEach((part, at) => {
      const next = current(table.get(part));
      if (next === undefined) throw this.#defined(this.context.slice(0, at + 1));
      table = next;
    });
    const path = [...this.context, key];
    const name = keyText(path);
    const isDefined = table.has(key);
    if (isDefined && !this.#implicit.delete(name)) throw this.#defined(path);
    // A table that was there keeps what is in it; an array takes the place of the tables that were read for it.
    if (!isDefined || this.#arrays.has(name)) table.set(key, value);
  }

  #defined(key: readonly string[]): TomlDecodeError {
    return this.#fault(`Key '${keyText(key)}' has already been defined.`);
  }
}

/** The table that keys below a name go into: the last one of a list. */
function current(value: Value | undefined): GoMap | undefined {
  if (value instanceof GoMap) return value;
  const last = isTables(value) ? value.items.at(-1) : undefined;
  return last instanceof GoMap ? last : undefined;
}

function isTables(value: Value | undefined): value is GoSlice {
  return value instanceof GoSlice && value.type === TABLES;
}
