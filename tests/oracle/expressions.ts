/** Expressions over all functions and types, made from the functions' signatures. */
import { helmFunctions, sprigFunctions } from "../../lib/gotemplate/functions/mod.ts";
import type { GoFunction } from "../../lib/gotemplate/mod.ts";
import { BUILT_IN } from "./coverage.ts";
import { literal } from "./judge.ts";
import { ANY, BIG_INTS, FLOATS, INTS, LISTS, MAPS, STRINGS } from "./operands.ts";
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
    // What fails within another call says little, and each costs a run of Helm.
    const inner = this.#functions.filter(([name]) => name !== "fail");
    this.#byResult = Map.groupBy(inner, ([, fn]) => fn.result.name);
  }

  /** The next expression. */
  next(): string {
    if (this.#random.chance(0.15)) return this.#builtIn(2);
    if (this.#random.chance(0.001)) return this.#random.pick(SLOW);
    if (this.#random.chance(0.05)) return this.#random.pick(SHAPED);
    if (this.#random.chance(0.05)) return this.#bound();
    const [name, fn] = this.#random.pick(this.#functions);
    const call = this.#call(name, fn, 2);
    return this.#random.chance(0.3)
      ? `${call} | ${this.#random.pick(["toString", "toJson", "kindOf", "typeOf", "quote", "toYaml", "empty"])}`
      : call;
  }

  /** Functions that are bound to a chart. */
  #bound(): string {
    const value = this.#argument("interface {}", "toString", 2);
    return this.#random.pick([
      `include ${literal(this.#random.pick(["shown", "shown", "nope"]))} ${value}`,
      `tpl ${
        literal(this.#random.pick(["{{ . }}", "{{ .Values.str }}", "{{ if }}", "{{ .a.b }}", "x", "{{ fail `f` }}"]))
      } ${this.#random.chance(0.5) ? "." : value}`,
      `required ${literal(this.#random.pick(["", "needed"]))} ${value}`,
      `lookup "v1" "Pod" ${literal(this.#random.pick(["", "ns"]))} ${literal(this.#random.pick(["", "name"]))}`,
      `getHostByName ${this.#leaf("string", "getHostByName")}`,
      `.Files.${this.#random.pick(["Get", "Lines", "Glob", "GetBytes"])} ${this.#leaf("string", "files")}`,
      `(.Files.Glob ${literal(this.#random.pick(["**", "files/*", "files/?.txt", "{files,x}/**", "[", "no*"]))}).${
        this.#random.pick(["AsConfig", "AsSecrets"])
      }`,
      `.Capabilities.APIVersions.Has ${literal(this.#random.pick(["v1", "apps/v1", "apps/v1/Deployment", "x/v1"]))}`,
      `.Capabilities.KubeVersion.${this.#random.pick(["Version", "Major", "Minor", "GitVersion", "String"])}`,
      `(${value}).${this.#random.pick(["a", "b", "Name", "Major", "Format", "String"])}`,
    ]);
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
    const call = [name, ...fixed, ...more].join(" ");
    // Go's maps have no order.
    return name === "keys" || name === "values" ? `sortAlpha (${call})` : call;
  }

  #argument(type: string, name: string, depth: number): string {
    // What is no time is the current time to functions of dates.
    if (type === "interface {}" && /^(?:date|htmlDate)/i.test(name)) {
      return this.#random.chance(0.3) ? this.#random.pick(INTS) : this.#leaf("time.Time", name);
    }
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
    if (type === "time.Time") {
      return `(toDate "2006-01-02 15:04" "${random.pick(["2023-07-05 09:08", "1970-01-01 00:00"])}")`;
    }
    if (type.startsWith("map[")) return random.pick(MAPS);
    if (type.startsWith("[]")) return random.pick(LISTS);
    if (random.chance(0.25)) return random.pick(ANY);
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
