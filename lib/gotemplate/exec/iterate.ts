/**
 * What `range` goes over.
 *
 * @module
 */
import { sortedKeys, valueText } from "../fmt/print.ts";
import type { GoType, IntKind } from "../go_type.ts";
import { GoBytes, GoInt, GoMap, GoObject, GoSlice, int, type Operand, type Value } from "../value.ts";
import { fault } from "./fault.ts";

/** The elements of a range, in order. One shape for all, so that loops stay fast. */
export class Iteration {
  constructor(
    readonly length: number,
    /** Elements; absent for a range over an integer. */
    private readonly items: readonly Value[] | undefined,
    /** Keys of a map; absent for everything else. */
    private readonly keys: readonly string[] | undefined,
    private readonly kind: IntKind,
    /** Whether the elements are held as `interface {}`. */
    readonly boxed: boolean,
    /** A value of the integer's type, where that has a name. */
    private readonly named?: GoObject,
  ) {}

  /** The element of a step. */
  item(step: number): Value {
    return this.items === undefined ? this.#number(step) : this.items[step] ?? null;
  }

  #number(step: number): Value {
    const number = GoInt.of(this.kind, step);
    return this.named === undefined ? number : this.named.ofType(number);
  }

  /** Key or index of a step. */
  key(step: number): Operand {
    if (this.keys !== undefined) return this.keys[step];
    return this.items === undefined ? undefined : int(step);
  }
}

const NOTHING = new Iteration(0, [], undefined, "int", true);

/**
 * The iteration over a value.
 *
 * @param variables Number of loop variables; an integer has no key to give to a second one.
 */
export function iterate(value: Operand, variables: number, place: number): Iteration {
  if (Array.isArray(value)) return new Iteration(value.length, value, undefined, "int", true);
  if (value === undefined || value === null) return NOTHING;
  if (value instanceof GoMap) return overMap(value);
  if (value instanceof GoSlice) {
    return new Iteration(value.items.length, value.items, undefined, "int", isBoxed(value.type));
  }
  if (value instanceof GoInt) return overInteger(value, variables, place);
  if (value instanceof GoBytes) {
    return new Iteration(
      value.bytes.length,
      Array.from(value.bytes, (byte) => GoInt.of("uint8", byte)),
      undefined,
      "int",
      false,
    );
  }
  if (value instanceof GoObject) {
    const below = value.underlying();
    if (below instanceof GoInt) return overInteger(below, variables, place, value);
    if (below !== undefined && typeof below === "object") return iterate(below, variables, place);
  }
  return fault(
    place,
    `range can't iterate over ${valueText(value instanceof GoObject ? value.dereferenced() : value)}`,
  );
}

function isBoxed({ elem }: GoType): boolean {
  return elem?.kind === "interface";
}

function overMap(map: GoMap): Iteration {
  const keys = sortedKeys(map);
  return new Iteration(keys.length, keys.map((key) => map.get(key) ?? null), keys, "int", isBoxed(map.type));
}

function overInteger(value: GoInt, variables: number, place: number, named?: GoObject): Iteration {
  if (variables > 1) fault(place, `can't use ${named?.goString() ?? value} to iterate over more than one variable`);
  return new Iteration(Math.max(0, Number(value.value)), undefined, undefined, value.kind, false, named);
}
