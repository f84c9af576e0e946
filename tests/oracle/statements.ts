/** Whole templates: control structures, variables, white space, templates that call templates. */
import { literal } from "./judge.ts";
import type { Maker } from "./maker.ts";
import { ANY, LISTS, MAPS } from "./operands.ts";
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
  "$x",
  "$missing",
];
const VALUES = [...ANY, ...LISTS, ...MAPS];

/** Statements one after another, some within others. */
export const statements: Maker = (random) => {
  const maker = new Statements(random);
  return () => maker.next();
};

class Statements {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): string {
    return `{{ $x := ${this.#value()} }}${this.#block(3)}`;
  }

  #block(depth: number): string {
    return this.#random.several(1, 3, () => this.#statement(depth)).join(this.#random.pick(["", " ", " | ", "\t"]));
  }

  #value(): string {
    return this.#random.pick(
      this.#random.chance(0.5) ? VALUES : [".Values.str", "1", '"t"', "$x", ".", "$.Values.num"],
    );
  }

  /** An action, perhaps with its blanks trimmed. */
  #action(inner: string): string {
    return `{{${this.#random.pick(["", " ", "- "])}${inner}${this.#random.pick(["", " ", " -"])}}}`;
  }

  #statement(depth: number): string {
    const random = this.#random;
    if (depth === 0) return this.#leaf();
    switch (random.below(9)) {
      case 0:
        return this.#branches("if", depth, () => random.pick(CONDITIONS));
      case 1:
        return this.#branches("with", depth, () => this.#value());
      case 2:
        return this.#range(depth);
      case 3:
        return `${this.#action(`with $y := ${this.#value()}`)}${this.#block(depth - 1)}{{ $y }}${this.#action("end")}`;
      case 4:
        return `${this.#action(`if $y := ${this.#value()}`)}{{ $y }}${this.#block(depth - 1)}${this.#action("end")}`;
      case 5:
        return `{{ $x = ${this.#value()} }}`;
      default:
        return this.#leaf();
    }
  }

  #branches(word: string, depth: number, condition: () => string): string {
    const random = this.#random;
    const otherwise = random.pick([
      () => "",
      () => this.#action("else") + this.#block(depth - 1),
      () => this.#action(`else ${word} ${condition()}`) + this.#block(depth - 1) + this.#action("else") + "z",
    ])();
    return this.#action(`${word} ${condition()}`) + this.#block(depth - 1) + otherwise + this.#action("end");
  }

  #range(depth: number): string {
    const random = this.#random;
    const over = random.pick([
      () => random.pick(LISTS),
      () => random.pick(MAPS),
      () => random.pick(["3", "0", "-1", ".Values.num", ".Values.nothing", "(until 3)", '"abc"', "(int64 2)"]),
      () => this.#value(),
    ])();
    const variables = random.pick(["", "$i := ", "$i, $v := ", "$k, $x = "]);
    const shown = variables.includes("$i, $v")
      ? "{{ $i }}={{ $v }}"
      : variables.includes("$i")
      ? "{{ $i }}"
      : "{{ . }}";
    const leave = random.chance(0.3)
      ? this.#action(`if ${random.pick(CONDITIONS)}`) + this.#action(random.pick(["break", "continue"])) +
        this.#action("end")
      : "";
    const otherwise = random.chance(0.4) ? this.#action("else") + this.#block(depth - 1) : "";
    return this.#action(`range ${variables}${over}`) + leave + shown + this.#block(depth - 1) + otherwise +
      this.#action("end");
  }

  #leaf(): string {
    const random = this.#random;
    return random.pick([
      () => `{{ ${this.#value()} }}`,
      () => this.#action(`${this.#value()} | ${random.pick(["toJson", "quote", "kindOf", "default 1", "print"])}`),
      () => random.pick(["text", " ", "  \t", "é", "{", "}}"]),
      () => this.#action("/* a comment */"),
      () => `{{ template "shown" ${this.#value()} }}`,
      () => `{{ include "shown" (${this.#value()}) | trim }}`,
      () =>
        `{{ tpl ${literal(random.pick(["{{ . }}", "{{ $.x }}", "{{ range . }}{{ . }}{{ end }}"]))} ${this.#value()} }}`,
      () => `{{ (${this.#value()}).${random.pick(["a", "b.c", "x", "Values.str"])} }}`,
      () => `{{ $z := ${this.#value()} }}{{ $z }}`,
      () => `{{ printf ${literal(random.pick(["%v", "%s", "%q", "%T"]))} ${this.#value()} }}`,
    ])();
  }
}
