/** Sprig's arithmetic: integers are int64 and wrap around, fractions are computed in exact decimals. */
import { atoi, castFloat, castInt, castInt64, parseOctal } from "./cast.ts";
import { add, decimalOf, divide, multiply, subtract, toFloat } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import type { Environment } from "./options.ts";
import { randomInteger } from "./random.ts";
import { textOf } from "./text_of.ts";
import { fn, fnVariadic, FunctionError, type FunctionTable } from "../signature.ts";
import { GoInt, GoSlice, int, int64, sliceOf, toBigInt, toNumber, types, type Value } from "../value.ts";

const INTS = sliceOf(types.int);

/** Numbers while the result is exact, bigints (which wrap around) beyond. */
function calculate(
  a: GoInt,
  b: GoInt,
  small: (a: number, b: number) => number,
  big: (a: bigint, b: bigint) => bigint,
): GoInt {
  if (typeof a.value === "number" && typeof b.value === "number") {
    const result = small(a.value, b.value);
    if (Number.isSafeInteger(result)) return int64(result);
  }
  return int64(big(toBigInt(a), toBigInt(b)));
}

const sum = (a: GoInt, b: GoInt) => calculate(a, b, (x, y) => x + y, (x, y) => x + y);
const product = (a: GoInt, b: GoInt) => calculate(a, b, (x, y) => x * y, (x, y) => x * y);
const difference = (a: GoInt, b: GoInt) => calculate(a, b, (x, y) => x - y, (x, y) => x - y);

function divisor(value: Value): GoInt {
  const by = castInt64(value);
  if (by.value === 0) throw new FunctionError("runtime error: integer divide by zero");
  return by;
}

function chosen(better: (a: GoInt, b: GoInt) => boolean) {
  return fnVariadic([types.any], types.any, types.int64, (first, ...rest) => {
    return rest.map(castInt64).reduce((best, value) => better(value, best) ? value : best, castInt64(first));
  });
}

function decimals(operation: (a: Decimal, b: Decimal) => Decimal) {
  return (values: readonly Value[]) => {
    const [first = decimalOf(0), ...rest] = values.map((value) => decimalOf(castFloat(value)));
    return toFloat(rest.reduce(operation, first));
  };
}

const adding = decimals(add);
const subtracting = decimals(subtract);
const multiplying = decimals(multiply);
const dividing = decimals(divide);

/** `add`, `max`, `until`, `round`, `int` and the other functions on numbers. */
export function mathFunctions(env: Environment): FunctionTable {
  const steps = (name: string, start: number, stop: number, step: number) => {
    const numbers = countSteps(start, stop, step);
    env.checkItems(name, numbers);
    return Array.from({ length: numbers }, (_, index) => start + index * step);
  };
  const max = chosen((a, b) => a.value > b.value);
  return {
    add: fnVariadic([], types.any, types.int64, (...values) => values.map(castInt64).reduce(sum, int64(0))),
    add1: fn([types.any], types.int64, (value) => sum(castInt64(value), int64(1))),
    sub: fn([types.any, types.any], types.int64, (a, b) => difference(castInt64(a), castInt64(b))),
    mul: fnVariadic(
      [types.any],
      types.any,
      types.int64,
      (a, ...rest) => rest.map(castInt64).reduce(product, castInt64(a)),
    ),
    div: fn([types.any, types.any], types.int64, (a, b) => {
      return calculate(castInt64(a), divisor(b), (x, y) => Math.trunc(x / y), (x, y) => x / y);
    }),
    mod: fn([types.any, types.any], types.int64, (a, b) => {
      return calculate(castInt64(a), divisor(b), (x, y) => x % y, (x, y) => x % y);
    }),
    max,
    biggest: max,
    min: chosen((a, b) => a.value < b.value),
    maxf: fnVariadic(
      [types.any],
      types.any,
      types.float64,
      (a, ...rest) => Math.max(castFloat(a), ...rest.map(castFloat)),
    ),
    minf: fnVariadic(
      [types.any],
      types.any,
      types.float64,
      (a, ...rest) => Math.min(castFloat(a), ...rest.map(castFloat)),
    ),
    addf: fnVariadic([], types.any, types.float64, (...values) => adding([0, ...values])),
    add1f: fn([types.any], types.float64, (value) => adding([value, 1])),
    subf: fnVariadic([types.any], types.any, types.float64, (...values) => subtracting(values)),
    mulf: fnVariadic([types.any], types.any, types.float64, (...values) => multiplying(values)),
    divf: fnVariadic([types.any], types.any, types.float64, (...values) => dividing(values)),
    floor: fn([types.any], types.float64, (value) => Math.floor(castFloat(value))),
    ceil: fn([types.any], types.float64, (value) => Math.ceil(castFloat(value))),
    round: fnVariadic([types.any, types.int], types.float64, types.float64, (value, places, roundOn = 0.5) => {
      return round(castFloat(value), toNumber(places), roundOn);
    }),
    int: fn([types.any], types.int, castInt),
    int64: fn([types.any], types.int64, castInt64),
    float64: fn([types.any], types.float64, castFloat),
    atoi: fn([types.string], types.int, atoi),
    toDecimal: fn([types.any], types.int64, (value) => int64(parseOctal(textOf(value)) ?? 0)),
    until: fn([types.int], INTS, (count) => {
      const stop = toNumber(count);
      return new GoSlice<Value>(INTS, steps("until", 0, stop, stop < 0 ? -1 : 1).map(int));
    }),
    untilStep: fn([types.int, types.int, types.int], INTS, (start, stop, step) => {
      return new GoSlice<Value>(INTS, steps("untilStep", toNumber(start), toNumber(stop), toNumber(step)).map(int));
    }),
    seq: fnVariadic([], types.int, types.string, (...params) => {
      const range = sequence(params.map(toNumber));
      return range === undefined ? "" : steps("seq", ...range).join(" ");
    }),
    randInt: fn([types.int, types.int], types.int, (from, to) => {
      const span = toNumber(to) - toNumber(from);
      if (span <= 0) throw new FunctionError("invalid argument to Intn");
      return int(toNumber(from) + randomInteger(env.random, span));
    }),
  };
}

/** How many steps lead from the start to before the stop; 0 where the step leads away. */
function countSteps(start: number, stop: number, step: number): number {
  if (stop < start) return step >= 0 ? 0 : Math.ceil((start - stop) / -step);
  return step <= 0 ? 0 : Math.ceil((stop - start) / step);
}

/** The arguments of `untilStep` behind `seq END`, `seq START END` and `seq START STEP END`, which include the end. */
function sequence(params: readonly number[]): readonly [number, number, number] | undefined {
  const [a = 0, b = 0, c = 0] = params;
  if (params.length === 1) return a < 1 ? [1, a - 1, -1] : [1, a + 1, 1];
  if (params.length === 2) return b < a ? [a, b - 1, -1] : [a, b + 1, 1];
  if (params.length !== 3) return undefined;
  if (c < a) return b > 0 ? undefined : [a, c - 1, b];
  return [a, c + 1, b];
}

/** Rounds at a decimal place; a fraction of at least `roundOn` goes up. Negative fractions are below it, and go down. */
function round(value: number, places: number, roundOn: number): number {
  const power = places < 0 ? 1 / 10 ** -places : 10 ** places;
  const shifted = power * value;
  const fraction = shifted - Math.trunc(shifted);
  return (fraction >= roundOn ? Math.ceil(shifted) : Math.floor(shifted)) / power;
}
