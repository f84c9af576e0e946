/** Expressions over all functions and types, made from the functions' signatures. */
import { helmFunctions, sprigFunctions } from "../../lib/gotemplate/functions/mod.ts";
import type { GoFunction } from "../../lib/gotemplate/mod.ts";
import { boundCall, builtInCall, fieldOf } from "./builtin_calls.ts";
import { literal } from "./judge.ts";
import { ANY, BIG_INTS, FLOATS, INT_CALLS, INTS, LISTS, MAPS, NUMBERS, STRING_CALLS, STRINGS } from "./operands.ts";
import type { Random } from "./random.ts";
import { SHAPED, SLOW } from "./shaped.ts";

/** Functions whose answer depends on chance or the clock, or that take long: {@linkcode SHAPED} is about them. */
const UNSTABLE = /^(?:rand|gen|build|uuid|now$|ago$|shuffle|htpasswd|bcrypt|encryptAES|derivePassword)/;
/** Functions that make as much as a number says. */
const GROWING = new Set([
  "repeat",
  "until",
  "untilStep",
  "seq",
  "indent",
  "nindent",
  "wrap",
  "wrapWith",
  "chunk",
  "mustChunk",
  "abbrev",
  "abbrevboth",
]);

/** What a value may be piped into to see more of it. */
const AFTER: readonly string[] = [
  "toString",
  "toJson",
  "kindOf",
  "typeOf",
  "quote",
  "toYaml",
  "empty",
  "len",
  "not",
  "html",
  "js",
  "urlquery",
  "toRawJson",
  "toToml",
  "deepCopy",
  "default 1",
  "int",
  "float64",
  "squote",
  "indent 2",
  "first",
  "trunc 5",
  'printf "%T %v"',
  'printf "%#v"',
  'printf "%+v|%d" 1',
  'kindIs "map"',
  "index nil",
  "list",
  'dict "a"',
  "and 1",
  "or nil",
  "eq 1",
];

/** Makes expressions. */
export class Expressions {
  readonly #random: Random;
  readonly #functions: readonly (readonly [string, GoFunction])[];
  readonly #byResult: ReadonlyMap<string, readonly (readonly [string, GoFunction])[]>;

  constructor(random: Random) {
    this.#random = random;
    this.#functions = Object.entries({ ...sprigFunctions(), ...helmFunctions() }).filter(([name]) =>
      !UNSTABLE.test(name)
    );
    // What fails within another call says little.
    const inner = this.#functions.filter(([name]) => name !== "fail");
    this.#byResult = Map.groupBy(inner, ([, fn]) => fn.result.name);
  }

  /** The next expression. */
  next(): string {
    const random = this.#random;
    if (random.chance(0.001)) return random.pick(SLOW);
    if (random.chance(0.04)) return random.pick(SHAPED);
    const first = this.#start();
    if (!random.chance(0.4)) return first;
    return [first, ...random.several(1, 2, () => random.pick(AFTER))].join(" | ");
  }

  #start(): string {
    const random = this.#random;
    const value = (name: string) => this.#argument("interface {}", name, 2);
    if (random.chance(0.15)) return builtInCall(random, value);
    if (random.chance(0.07)) return boundCall(random, value);
    if (random.chance(0.04)) return fieldOf(random, value("toString"));
    const [name, fn] = random.pick(this.#functions);
    return this.#call(name, fn, 2);
  }

  #call(name: string, fn: GoFunction, depth: number): string {
    const random = this.#random;
    const args = fn.params.map(({ name: type }) => this.#argument(type, name, depth));
    const { rest } = fn;
    if (rest !== undefined) {
      args.push(...random.several(args.length === 0 ? 1 : 0, 3, () => this.#argument(rest.name, name, depth)));
    }
    // Now and then one too few, or one too many.
    if (random.chance(0.015)) args.pop();
    if (random.chance(0.015)) args.push(this.#leaf("interface {}", name));
    const last = random.chance(0.2) ? args.pop() : undefined;
    const call = [name, ...args].join(" ");
    const piped = last === undefined ? call : `${last} | ${call}`;
    // Go's maps have no order.
    return name === "keys" || name === "values" ? `sortAlpha (${piped})` : piped;
  }

  #argument(type: string, name: string, depth: number): string {
    const random = this.#random;
    // What is no time is the current time to functions of dates.
    if (type === "interface {}" && /^(?:date|htmlDate)/i.test(name)) {
      return random.chance(0.3) ? random.pick(INTS) : this.#leaf("time.Time", name);
    }
    if (random.chance(0.02)) return this.#leaf("interface {}", name);
    const makers = this.#byResult.get(type) ?? [];
    if (depth === 0 || makers.length === 0 || GROWING.has(name) || random.chance(0.65)) return this.#leaf(type, name);
    const [inner, fn] = random.pick(makers);
    return `(${this.#call(inner, fn, depth - 1)})`;
  }

  #leaf(type: string, name: string): string {
    const random = this.#random;
    if (type === "string") return random.chance(0.2) ? random.pick(STRING_CALLS) : literal(random.pick(STRINGS));
    if (/^u?int\d*$/.test(type)) {
      if (random.chance(0.08)) return random.pick(INT_CALLS);
      return random.pick(GROWING.has(name) || random.chance(0.8) ? INTS : BIG_INTS);
    }
    if (type === "float64") return random.chance(0.05) ? random.pick(NUMBERS) : random.pick(FLOATS);
    if (type === "bool") return random.pick(["true", "false"]);
    if (type === "time.Time") {
      return `(toDate "2006-01-02 15:04" "${random.pick(["2023-07-05 09:08", "1970-01-01 00:00"])}")`;
    }
    if (type.startsWith("map[")) return random.pick(MAPS);
    if (type.startsWith("[]")) return random.pick(LISTS);
    if (random.chance(0.25)) return random.pick(ANY);
    if (random.chance(0.02) && !GROWING.has(name)) return random.pick(NUMBERS);
    return GROWING.has(name) ? random.pick([...INTS, ...LISTS]) : this.#leaf(random.pick(this.#likely(name)), name);
  }

  /** Types that a function which takes anything is likely to want. */
  #likely(name: string): readonly string[] {
    if (
      /^(?:must)?(?:first|last|rest|initial|reverse|uniq|compact|append|prepend|push|has|without|slice|chunk|concat|sortAlpha|join|toStrings)/i
        .test(name)
    ) {
      return ["[]interface {}", "[]interface {}", "[]interface {}", "string"];
    }
    if (/^(?:add|sub|mul|div|mod|max|min|ceil|floor|round|int|float|len|biggest)/.test(name)) {
      return ["int", "int", "float64", "string"];
    }
    if (/^(?:lt|le|gt|ge)$/.test(name)) return ["int", "int", "int", "string"];
    return ["string", "string", "int", "float64", "bool", "map[", "[]"];
  }
}
