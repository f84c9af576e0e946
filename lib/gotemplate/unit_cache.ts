/**
 * Compiled texts by their text: charts are rendered again and again, and share helper files.
 *
 * @module
 */
import type { FunctionLookup } from "./compile/code.ts";
import type { Unit } from "./compile/unit.ts";

/** Characters of template text kept in all; the least recently used go first. */
const CAPACITY = 32 * 1024 * 1024;

/** A cache of units, bounded by the size of their texts. */
export class UnitCache {
  readonly #units = new Map<string, Unit[]>();
  #size = 0;

  /** A unit made from the text, for functions of the same types, in which nothing is called as the file is. */
  find(file: string, text: string, lookup: FunctionLookup): Unit | undefined {
    const units = this.#units.get(text);
    if (units === undefined) return undefined;
    const found = units.find((unit) => unit.fits(lookup) && unit.definitions.every(({ name }) => name !== file));
    if (found === undefined) return undefined;
    this.#units.delete(text);
    this.#units.set(text, units);
    return found;
  }

  /** Keeps a unit, unless its meaning depends on the name of its file. */
  add(unit: Unit): void {
    if (unit.boundToFile) return;
    const { text } = unit;
    const units = this.#units.get(text) ?? [];
    this.#units.set(text, [...units, unit]);
    this.#size += text.length;
    for (const [oldest, dropped] of this.#units) {
      if (this.#size <= CAPACITY || oldest === text) break;
      this.#units.delete(oldest);
      this.#size -= oldest.length * dropped.length;
    }
  }
}
