/**
 * Go's `reflect.DeepEqual` on our values: types must be identical, so `1` (int) is not `1.0` (float64).
 *
 * @module
 */
import { GoFunction } from "../signature.ts";
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type Operand, typeOf, type Value } from "../value.ts";

/** Pairs that are being compared further up: a value that contains itself equals another such value. */
type Visited = Set<string>;

/** Whether two values are deeply equal. */
export function deepEqual(a: Operand, b: Operand): boolean {
  // Most values are plain, and need no bookkeeping.
  if (a === b) return !(a instanceof GoFunction);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return new Comparison().equal(a, b);
}

class Comparison {
  readonly #ids = new Map<object, number>();
  readonly #visited: Visited = new Set();

  equal(a: Operand, b: Operand): boolean {
    if (a === b) return !(a instanceof GoFunction); // functions are equal to nothing
    if (a === null || b === null || a === undefined || b === undefined) return false;
    if (typeof a !== "object" || typeof b !== "object") return false;
    if (typeOf(a) !== typeOf(b)) return false;
    if (a instanceof GoInt && b instanceof GoInt) return a.value === b.value;
    if (a instanceof GoComplex && b instanceof GoComplex) return a.re === b.re && a.im === b.im;
    if (a instanceof GoBytes && b instanceof GoBytes) {
      return a.bytes.length === b.bytes.length && a.bytes.every((byte, at) => byte === b.bytes[at]);
    }
    if (this.#seen(a, b)) return true;
    if (Array.isArray(a) && Array.isArray(b)) return this.#items(a, b);
    if (a instanceof GoSlice && b instanceof GoSlice) return a.isNil === b.isNil && this.#items(a.items, b.items);
    if (a instanceof GoMap && b instanceof GoMap) return this.#maps(a, b);
    if (a instanceof GoObject && b instanceof GoObject) return this.#objects(a, b);
    return false;
  }

  #seen(a: object, b: object): boolean {
    const pair = `${this.#id(a)}:${this.#id(b)}`;
    if (this.#visited.has(pair)) return true;
    this.#visited.add(pair);
    return false;
  }

  #id(object: object): number {
    const known = this.#ids.get(object);
    if (known !== undefined) return known;
    this.#ids.set(object, this.#ids.size);
    return this.#ids.size - 1;
  }

  #items(a: readonly Value[], b: readonly Value[]): boolean {
    return a.length === b.length && a.every((item, at) => this.equal(item, b[at]));
  }

  #maps(a: GoMap, b: GoMap): boolean {
    if (a.size !== b.size) return false;
    for (const [key, item] of a) if (!b.has(key) || !this.equal(item, b.get(key))) return false;
    return true;
  }

  #objects(a: GoObject, b: GoObject): boolean {
    const below = a.underlying();
    if (below !== undefined) return this.equal(below, b.underlying());
    const [fields, others] = [a.printedFields(), b.printedFields()];
    if (fields.length !== others.length) return false;
    return fields.length > 0 ? fields.every(([, field], at) => this.equal(field, others[at]?.[1])) : a.equals(b);
  }
}
