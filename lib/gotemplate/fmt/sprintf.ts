/**
 * Go's `fmt.Sprintf`, with its ways to report a format that does not fit.
 *
 * @module
 */
import { GoInt, GoObject, typeOf, type Value } from "../value.ts";
import { Flags } from "./flags.ts";
import { valueText, verbText } from "./print.ts";
import { stringText } from "./string_text.ts";

/** Widths and precisions beyond this are refused, as in Go. */
const MAX_NUMBER = 1_000_000;

/** Formats values by a Go format string. Never throws on a bad format: the output says `%!d(string=hi)`, `%!s(MISSING)`, `%!(EXTRA …)`. */
export function sprintf(format: string, values: readonly Value[]): string {
  if (format === "%s" && values.length === 1 && typeof values[0] === "string") return values[0];
  return new Formatter(format, values).run();
}

class Formatter {
  #at = 0;
  /** Next operand. */
  #next = 0;
  /** Whether an explicit index was used anywhere: then surplus operands are not reported. */
  #reordered = false;
  /** Whether the latest explicit index was valid. */
  #goodIndex = true;

  constructor(private readonly format: string, private readonly values: readonly Value[]) {}

  run(): string {
    let out = "";
    const { format } = this;
    while (this.#at < format.length) {
      const percent = format.indexOf("%", this.#at);
      if (percent < 0) {
        out += format.slice(this.#at);
        break;
      }
      out += format.slice(this.#at, percent);
      this.#at = percent + 1;
      out += this.#directive();
    }
    return out + this.#surplus();
  }

  #surplus(): string {
    if (this.#reordered || this.#next >= this.values.length) return "";
    const rest = this.values.slice(this.#next).map((value) =>
      value === null ? "<nil>" : `${typeOf(value)?.name}=${valueText(value)}`
    );
    return `%!(EXTRA ${rest.join(", ")})`;
  }

  #directive(): string {
    const { format } = this;
    const flags = new Flags();
    this.#goodIndex = true;
    this.#readFlags(flags);
    let indexed = this.#index();
    let complaint = "";
    if (format[this.#at] === "*") {
      this.#at++;
      complaint += this.#starWidth(flags);
      indexed = false;
    } else {
      const width = this.#number();
      if (width !== undefined) {
        flags.width = width;
        // "%[3]2d" makes no sense: the index must stand before the verb.
        if (indexed) this.#goodIndex = false;
      }
    }
    // A point that ends the format is taken for the verb.
    if (format[this.#at] === "." && this.#at + 1 < format.length) {
      this.#at++;
      if (indexed) this.#goodIndex = false;
      indexed = this.#index();
      complaint += this.#precision(flags);
      if (format[this.#at - 1] === "*") indexed = false;
    }
    if (!indexed) this.#index();
    return complaint + this.#verb(flags);
  }

  #readFlags(flags: Flags): void {
    for (;; this.#at++) {
      switch (this.format[this.#at]) {
        case "#":
          flags.sharp = true;
          break;
        case "0":
          flags.zero = true;
          break;
        case "+":
          flags.plus = true;
          break;
        case "-":
          flags.minus = true;
          break;
        case " ":
          flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  /** `*` as the width; the result is what Go writes when the operand is none. */
  #starWidth(flags: Flags): string {
    const width = this.#intOperand();
    if (width === undefined) return "%!(BADWIDTH)";
    // A negative width means left-justified.
    flags.width = Math.abs(width);
    if (width < 0) {
      flags.minus = true;
      flags.zero = false;
    }
    return "";
  }

  #precision(flags: Flags): string {
    if (this.format[this.#at] !== "*") {
      flags.precision = this.#number() ?? 0;
      return "";
    }
    this.#at++;
    const precision = this.#intOperand();
    if (precision === undefined || precision < 0) return "%!(BADPREC)";
    flags.precision = precision;
    return "";
  }

  #number(): number | undefined {
    let value: number | undefined;
    for (;; this.#at++) {
      const digit = this.format.charCodeAt(this.#at) - 48;
      if (!(digit >= 0 && digit <= 9)) return value;
      if (value !== undefined && value > MAX_NUMBER) {
        // A number without end: nothing behind it is read.
        this.#at = this.format.length;
        return undefined;
      }
      value = (value ?? 0) * 10 + digit;
    }
  }

  /** The operand of a `*`. */
  #intOperand(): number | undefined {
    const value = this.values[this.#next];
    if (this.#next >= this.values.length) return undefined;
    this.#next++;
    const below = value instanceof GoObject ? value.underlying() : value;
    if (!(below instanceof GoInt) || typeof below.value === "bigint") return undefined;
    return Math.abs(below.value) > MAX_NUMBER ? undefined : below.value;
  }

  /** An explicit operand index `[n]`; true when there was a number, be there an operand of that number or not. */
  #index(): boolean {
    if (this.format[this.#at] !== "[") return false;
    this.#reordered = true;
    const close = this.format.indexOf("]", this.#at);
    // Go wants three bytes for an index.
    if (close < 0 || this.format.length - this.#at < 3) {
      this.#goodIndex = false;
      this.#at += 1;
      return false;
    }
    const digits = this.format.slice(this.#at + 1, close);
    this.#at = close + 1;
    const isNumber = /^[0-9]+$/.test(digits) && Number(digits) <= MAX_NUMBER;
    const wanted = Number(digits) - 1;
    if (isNumber && wanted >= 0 && wanted < this.values.length) this.#next = wanted;
    else this.#goodIndex = false;
    return isNumber;
  }

  #verb(flags: Flags): string {
    const code = this.format.codePointAt(this.#at);
    if (code === undefined) return "%!(NOVERB)";
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    if (verb === "%") return "%";
    if (!this.#goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.#next >= this.values.length) return `%!${verb}(MISSING)`;
    const value = this.values[this.#next++] ?? null;
    if (verb === "v" || verb === "w") flags.forValue();
    if (verb === "T") {
      return value === null ? flags.pad("<nil>") : stringText(typeOf(value)?.name ?? "", "s", flags) ?? "";
    }
    return verbText(value, verb, flags);
  }
}
