/** Expressions over all functions and types, made from the functions' signatures. */
import { helmFunctions, sprigFunctions } from "../../lib/gotemplate/functions/mod.ts";
import type { GoFunction } from "../../lib/gotemplate/mod.ts";
import { literal } from "./judge.ts";
import type { Random } from "./random.ts";

/** Functions whose answer depends on chance, the clock or the machine, or that take long. */
const UNSTABLE =
  /^(?:rand|gen|uuid|now$|ago$|shuffle|htpasswd|bcrypt|encryptAES|derivePassword|date|htmlDate|toDate|mustToDate|unixEpoch|durationRound)/;
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

const BUILT_IN = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "and",
  "or",
  "not",
  "len",
  "index",
  "slice",
  "print",
  "printf",
  "println",
  "html",
  "js",
  "urlquery",
];

const STRINGS = [
  "",
  "a",
  "abc",
  "Hello World",
  "a,b,c",
  "  pad ",
  "héllo",
  "日本",
  "a\nb",
  "x\ty",
  '"q"',
  "'s'",
  "3",
  "-12",
  "1.5",
  "0x1F",
  "1e3",
  "true",
  "null",
  "yes",
  '{"a":1}',
  "[1,2]",
  "a: b",
  "- x",
  "1.2.3",
  ">=1.0",
  "http://u:p@h:80/p?q=1#f",
  "aGk=",
  "^a+$",
  "a.b.c",
  "/a/b/../c.txt",
  "camelCaseText",
  "snake_case-text",
  "<b>&",
  "%d",
  "\\d+",
  "2023-07-05",
  "1h30m",
  "🙂",
  "a b  c",
  "_",
  "$1",
  "-",
  "0",
  "007",
];
const INTS = ["0", "1", "2", "3", "5", "10", "-1", "-3", "7"];
const BIG_INTS = ["100", "1000000", "-2147483648", "4294967296", "9223372036854775807", "-9223372036854775808"];
const FLOATS = ["0.0", "1.5", "-2.5", "3.0", "1e6", "1e21", "0.1", "1e-7", "123456789.125"];
const ANY = [
  ".Values.str",
  ".Values.num",
  ".Values.big",
  ".Values.flt",
  ".Values.neg",
  ".Values.nothing",
  ".Values.missing",
  ".Values.empty",
  ".Values.on",
  "nil",
  "true",
  "false",
  "(list 1 2)",
  "(dict)",
  "(int64 5)",
  "(float64 2.5)",
  "'x'",
];
const LISTS = [
  ".Values.list",
  ".Values.nums",
  "(deepCopy .Values.mixed)",
  ".Values.none",
  "(list)",
  "(list 1 2 3)",
  '(list "b" "a")',
  '(splitList "," "x,y,x")',
  "(until 4)",
  '(list (dict "a" 1) (dict "a" 2))',
  "(list nil 1)",
  "(tuple 1.5 2)",
];
const MAPS = [
  "(deepCopy .Values.map)",
  "(deepCopy .Values.empties)",
  "(dict)",
  '(dict "a" 1)',
  '(dict "a" "x" "b" (dict "c" 2))',
  '(dict "k" nil)',
  "(deepCopy .Values.map.c)",
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
    this.#byResult = Map.groupBy(this.#functions, ([, fn]) => fn.result.name);
  }

  /** The next expression. */
  next(): string {
    if (this.#random.chance(0.15)) return this.#builtIn(2);
    const [name, fn] = this.#random.pick(this.#functions);
    const call = this.#call(name, fn, 2);
    return this.#random.chance(0.3)
      ? `${call} | ${this.#random.pick(["toString", "toJson", "kindOf", "typeOf", "quote", "toYaml", "empty"])}`
      : call;
  }

  #builtIn(depth: number): string {
    const name = this.#random.pick(BUILT_IN);
    if (name === "index") {
      return `index ${
        this.#random.chance(0.5)
          ? `${this.#random.pick(LISTS)} ${this.#random.pick(INTS)}`
          : `${this.#random.pick(MAPS)} "a"`
      }`;
    }
    if (name === "slice") return `slice ${this.#random.pick(LISTS)} ${this.#random.pick(["0", "1", "1 2"])}`;
    if (name === "printf") {
      return `printf ${
        literal(this.#random.pick(["%v", "%d", "%s", "%q", "%T", "%5v|", "%x", "%.2f", "%t", "%+v", "%#v"]))
      } ${this.#argument("interface {}", name, depth)}`;
    }
    const most = ["and", "or", "print", "println", "eq"].includes(name) ? 3 : name === "not" || name === "len" ? 1 : 2;
    const least = name === "not" || name === "len" || name.startsWith("print") || name === "html" || name === "js"
      ? 1
      : 2;
    return [
      name,
      ...this.#random.several(least, Math.max(least, most), () => this.#argument("interface {}", name, depth)),
    ].join(" ");
  }

  #call(name: string, fn: GoFunction, depth: number): string {
    const fixed = fn.params.map(({ name: type }) => this.#argument(type, name, depth));
    const { rest } = fn;
    const more = rest === undefined
      ? []
      : this.#random.several(fixed.length === 0 ? 1 : 0, 3, () => this.#argument(rest.name, name, depth));
    return [name, ...fixed, ...more].join(" ");
  }

  #argument(type: string, name: string, depth: number): string {
    if (this.#random.chance(0.02)) return this.#leaf("interface {}", name);
    const makers = this.#byResult.get(type) ?? [];
    if (depth === 0 || makers.length === 0 || GROWING.has(name) || this.#random.chance(0.65)) {
      return this.#leaf(type, name);
    }
    const [inner, fn] = this.#random.pick(makers);
    return `(${this.#call(inner, fn, depth - 1)})`;
  }

  #leaf(type: string, name: string): string {
    const random = this.#random;
    if (type === "string") {
      return random.chance(0.1) ? random.pick([".Values.str", ".Values.empty"]) : literal(random.pick(STRINGS));
    }
    if (/^u?int\d*$/.test(type)) return random.pick(GROWING.has(name) || random.chance(0.8) ? INTS : BIG_INTS);
    if (type === "float64") return random.pick(FLOATS);
    if (type === "bool") return random.pick(["true", "false"]);
    if (type.startsWith("map[")) return random.pick(MAPS);
    if (type.startsWith("[]")) return random.pick(LISTS);
    if (random.chance(0.15)) return random.pick(ANY);
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
