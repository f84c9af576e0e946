/**
 * Compiled texts by their text: charts are rendered again and again, and share helper files.
 *
 * @module
 */
import type { FunctionLookup } from "./compile/code.ts";
import type { Unit } from "./compile/unit.ts";

/** Bytes of all units together, as far as they can be told; the least recently used go first. */
const CAPACITY = 96 * 1024 * 1024;

/** A cache of parsed texts, bounded by the memory that they take. */
export class UnitCache {
  readonly #units = new Map<string, Unit>();
  #weight = 0;

  /** @param capacity Bytes; the unit added last is kept whatever it weighs. */
  constructor(private readonly capacity = CAPACITY) {}

  /** A unit parsed from the text, if it would be parsed alike under this name and for these functions. */
  find(file: string, text: string, lookup: FunctionLookup): Unit | undefined {
    const unit = this.#units.get(text);
    if (unit === undefined || !unit.fits(file, lookup)) return undefined;
    // Used last, dropped last.
    this.#units.delete(text);
    this.#units.set(text, unit);
    return unit;
  }

  /** Forgets everything. */
  clear(): void {
    this.#units.clear();
    this.#weight = 0;
  }

  /** Keeps a unit, unless its meaning depends on the name of its file. */
  add(unit: Unit): void {
    const { text } = unit;
    if (unit.boundToFile || this.#units.has(text)) return;
    this.#units.set(text, unit);
    this.#weight += unit.weight;
    for (const [oldest, { weight }] of this.#units) {
      if (this.#weight <= this.capacity || oldest === text) break;
      this.#units.delete(oldest);
      this.#weight -= weight;
    }
  }
}
