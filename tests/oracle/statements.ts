/** Whole templates: control structures, variables, white space, definitions, templates that call templates, and broken ones. */
import { DEFINED } from "./case_chart.ts";
import { literal } from "./judge.ts";
import type { Maker } from "./maker.ts";
import { broken } from "./broken.ts";
import { ANY, INT_CALLS, LISTS, MAPS, STRING_CALLS } from "./operands.ts";
import type { Random } from "./random.ts";

const CONDITIONS = [
  ".Values.on",
  "not .Values.on",
  ".Values.empty",
  ".Values.nothing",
  ".Values.none",
  "eq .Values.num 3.0",
  "and .Values.str .Values.list",
  "or .Values.none .Values.empty",
  "gt (len .Values.list) 2",
  "hasKey .Values.map `a`",
  ".Values.missing",
  ".Values.missing.deeper",
  "$.Values.on",
];
/** Conditions that hold wherever dot is. */
const SAFE = ["$.Values.on", "$.Values.none", "1", "0", "eq 1 1", "$.Values.missing", "and 1 0", "not nil"];
/** Definitions that call nothing but what the chart has. */
const NONE: readonly string[] = [];
const NOTHING: readonly string[] = [];
const VALUES = [...ANY, ...LISTS, ...MAPS, ...STRING_CALLS, ...INT_CALLS];

const OTHERS = [...DEFINED.filter((name) => name !== "twice"), "nope"];

/** Statements one after another, some within others. */
export const statements: Maker = (random) => {
  const maker = new Statements(random);
  return () => {
    const text = maker.next();
    return random.chance(0.12) ? broken(random, text) : text;
  };
};

class Statements {
  readonly #random: Random;
  /** Variables in scope. */
  #variables: string[] = [];
  /** Definitions of this template. */
  #defined: readonly string[] = NONE;
  #inLoop = false;
  /** Blocks so far: each has a name of its own, mostly. */
  #blocks = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): string {
    const random = this.#random;
    this.#variables = ["$"];
    const start = `{{ $x := ${this.#value()} }}`;
    this.#variables = ["$", "$x"];
    this.#defined = random.chance(0.02) ? ["one", "one"] : random.pick([NOTHING, ["one"], ["one", "two"], ["twice"]]);
    this.#blocks = 0;
    const definitions = this.#defined.map((name) => this.#definition(name));
    const body = start + this.#block(3);
    const parts = random.chance(0.5) ? [...definitions, body] : [body, ...definitions];
    return `{{- "" }}${parts.join(random.pick(["", "\n", " "]))}`;
  }

  #definition(name: string): string {
    const [variables, defined, inLoop] = [this.#variables, this.#defined, this.#inLoop];
    // What calls itself without end has its own tests.
    [this.#variables, this.#defined, this.#inLoop] = [["$"], NONE, false];
    const text = this.#random.pick([
      () => `<{{ . }}>`,
      () => this.#block(1),
      () => `{{ $x := . }}{{ $x }}${this.#block(1)}`,
      () => ` `,
    ])();
    [this.#variables, this.#defined, this.#inLoop] = [variables, defined, inLoop];
    return `${this.#action(`define "${name}"`)}${text}${this.#action("end")}`;
  }

  /** Some statements; variables declared in them end with them. */
  #block(depth: number): string {
    const size = this.#variables.length;
    const text = this.#random.several(1, 3, () => this.#statement(depth)).join(
      this.#random.pick(["", " ", " | ", "\t", "\n", "\n  "]),
    );
    this.#variables.length = Math.min(size, this.#variables.length);
    return text;
  }

  /** Mostly values that exist wherever dot is. */
  #value(): string {
    const random = this.#random;
    if (random.chance(0.45)) {
      return random.pick(["1", '"t"', ".", "$.Values.num", "$.Values.list", "$.Values.map", "$", ...this.#variables]);
    }
    if (random.chance(0.1)) return random.pick(this.#variables);
    const value = random.pick(VALUES);
    // Dot may be anything; the root is what has these.
    return random.chance(0.85)
      ? value.replace(/(?<![\w)"$.])\.(?=Values|Files|Chart|Release|Capabilities|Template|Subcharts)/g, "$.")
      : value;
  }

  #condition(): string {
    const random = this.#random;
    if (random.chance(0.3)) return random.pick(["", "not "]) + random.pick(this.#variables);
    if (random.chance(0.004)) return "$missing";
    return random.pick(random.chance(0.8) ? SAFE : CONDITIONS);
  }

  /** An action, perhaps with its blanks trimmed. */
  #action(inner: string): string {
    return `{{${this.#random.pick(["", " ", "- "])}${inner}${this.#random.pick(["", " ", " -"])}}}`;
  }

  #statement(depth: number): string {
    const random = this.#random;
    if (depth === 0) return this.#leaf();
    return random.pick([
      () => this.#branches("if", depth, () => this.#condition()),
      () => this.#branches("if", depth, () => this.#condition()),
      () => this.#branches("with", depth, () => this.#value()),
      () => this.#range(depth),
      () => this.#range(depth),
      () => this.#declaring("with", depth),
      () => this.#declaring("if", depth),
      () => `{{ ${random.pick(this.#variables)} = ${this.#value()} }}`,
      () => this.#declaration(),
      () =>
        `${this.#action(`block "${random.chance(0.99) ? `b${this.#blocks++}` : "one"}" ${this.#value()}`)}[{{ . }}]${
          this.#action("end")
        }`,
      () => this.#leaf(),
      () => this.#leaf(),
    ])();
  }

  #declaration(): string {
    const name = this.#random.pick(["$a", "$b", "$x"]);
    const text = `{{ ${name} := ${this.#value()} }}`;
    this.#variables.push(name);
    return text;
  }

  #declaring(word: string, depth: number): string {
    const start = this.#action(`${word} $y := ${this.#value()}`);
    this.#variables.push("$y");
    const text = `${start}${this.#block(depth - 1)}{{ $y }}${this.#otherwise(word, depth, () => this.#value())}`;
    this.#variables.pop();
    return text + this.#action("end");
  }

  #otherwise(word: string, depth: number, condition: () => string): string {
    return this.#random.pick([
      () => "",
      () => this.#action("else") + this.#block(depth - 1),
      () =>
        this.#action(`else ${word} ${condition()}`) + this.#block(depth - 1) + this.#action("else") +
        this.#block(depth - 1),
    ])();
  }

  #branches(word: string, depth: number, condition: () => string): string {
    return this.#action(`${word} ${condition()}`) + this.#block(depth - 1) +
      this.#otherwise(word, depth, condition) + this.#action("end");
  }

  #range(depth: number): string {
    const random = this.#random;
    const over = random.pick([
      () => random.pick(LISTS).replace(/(?<![\w)"$.])\.(?=Values|Files|Chart|Capabilities)/g, "$."),
      () => random.pick(MAPS).replace(/(?<![\w)"$.])\.(?=Values|Files|Chart|Subcharts)/g, "$."),
      () => random.pick(["3", "0", "-1", "$.Values.num", "$.Values.nothing", "(until 3)", '"abc"', "(int64 2)", "'a'"]),
      () => this.#value(),
    ])();
    const known = () => random.pick(this.#variables);
    // Seldom into variables that exist: whether what a range leaves there is held as `interface {}` shows in few messages only.
    const variables = random.chance(0.02)
      ? random.pick([`${known()}, ${known()} = `, `${known()} = `])
      : random.pick(["", "", "$i := ", "$i, $v := ", "$i, $v := "]);
    const names = variables.includes(":=") ? variables.match(/\$\w/g) ?? [] : [];
    const start = this.#action(`range ${variables}${over}`);
    const wasInLoop = this.#inLoop;
    this.#variables.push(...names);
    this.#inLoop = true;
    const shown = [...names, "."].map((name) => `{{ ${name} }}`).join("=");
    const body = `${this.#leave()}${shown}${this.#block(depth - 1)}`;
    this.#variables.length -= names.length;
    this.#inLoop = wasInLoop;
    const otherwise = random.chance(0.4) ? this.#action("else") + this.#block(depth - 1) : "";
    return start + body + otherwise + this.#action("end");
  }

  #leave(): string {
    const random = this.#random;
    if (!random.chance(0.3)) return "";
    const word = this.#inLoop ? random.pick(["break", "continue"]) : "break";
    return this.#action(`if ${this.#condition()}`) + this.#action(word) + this.#action("end");
  }

  #leaf(): string {
    const random = this.#random;
    return random.pick([
      () => `{{ ${this.#value()} }}`,
      () => `{{ ${random.pick(this.#variables)} }}`,
      () => this.#action(`${this.#value()} | ${random.pick(["toJson", "quote", "kindOf", "default 1", "print"])}`),
      () => random.pick(["text", " ", "  \t", "é", "{ ", "}}", "\n\n", "- ", "{ { "]),
      () => random.pick(["{{/* a comment */}}", "{{- /* a\n comment */ -}}", "{{/**/}}"]),
      () => `{{ template "shown" ${this.#value()} }}`,
      () => this.#call(),
      () => `{{ include "shown" ${random.pick(["(", "( "])}${this.#value()}) | trim }}`,
      () =>
        `{{ tpl ${literal(random.pick(["{{ . }}", "{{ $.x }}", "{{ range . }}{{ . }}{{ end }}", "a{{- 1 }}"]))} ${
          random.pick([".", "$", "$.Values"])
        } }}`,
      () => `{{ (${this.#value()}).${random.pick(["a", "b.c", "x", "Values.str"])} }}`,
      () => this.#declaration(),
      () => this.#inLoop && random.chance(0.3) ? this.#action(random.pick(["break", "continue"])) : "t",
      () => `{{ printf ${literal(random.pick(["%v", "%s", "%q", "%T"]))} ${this.#value()} }}`,
    ])();
  }

  /** A call of a template: one of its own, one of the chart's, or none. */
  #call(): string {
    const random = this.#random;
    const name = random.pick(this.#defined === NONE ? OTHERS : [...this.#defined, ...DEFINED, "one", "nope"]);
    const data = random.pick([".", "$", "nil", "(dict)"]);
    return random.chance(0.5) ? `{{ template "${name}" ${data} }}` : `{{ include "${name}" ${data} }}`;
  }
}
