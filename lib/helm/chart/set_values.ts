import { fromJson, GoInt, quote, sprintf, typeOf } from "../../gotemplate/mod.ts";
import { setKey } from "../../yaml/mod.ts";
import type { Values } from "../types.ts";
import { HelmChartError } from "./errors.ts";
import { SetReader } from "./set_reader.ts";
import { hasKey, isTable } from "./tables.ts";

/** Which of Helm's options an expression was given to. */
export type SetKind = "set" | "set-string" | "set-json" | "set-file" | "set-literal";

const MAX_INDEX = 65_536;
const MAX_NESTED_NAMES = 30;
const INT64_MAX = 2n ** 63n - 1n;

/**
 * Applies an expression of `--set`, `--set-string`, `--set-json`, `--set-file` or `--set-literal` to values, in place:
 * `a.b=1,c={x,y},d[0].e=z`. Integers of `--set` become `bigint`, Go's int64.
 *
 * @param value Turns a value's text into the value; by default by the rules of `kind`. `--set-file` reads the file here.
 * @throws HelmChartError `InvalidValues` with Helm's message.
 */
export function setValues(
  values: Values,
  expression: string,
  kind: SetKind,
  value: (text: string) => unknown = kind === "set" ? typedValue : (text) => text,
): void {
  try {
    new SetParser(expression, GRAMMARS[kind] ?? textGrammar(value)).parse(values);
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    // For JSON Helm names what it was given and not what is wrong with it.
    const what = kind === "set-json" ? ` ${expression}` : `: ${error.message}`;
    throw new HelmChartError(error.reason, `failed parsing --${kind} data${what}`, { cause: error });
  }
}

/** The type that `--set` gives a text: true, false, null, an integer (not with a leading zero), else text. */
function typedValue(text: string): unknown {
  // With `u` the long s is an s, as it is for Go.
  if (/^true$/iu.test(text)) return true;
  if (/^false$/iu.test(text)) return false;
  if (/^null$/iu.test(text)) return null;
  if (text === "0") return 0n;
  if (!/^[-+]?\d+$/.test(text) || text.startsWith("0")) return text;
  const number = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, number) === number ? number : text;
}

/** What the options differ in. */
interface SetGrammar {
  /** Characters that end a key. */
  readonly keyStops: string;
  readonly until: (input: SetReader, stops: string) => ReturnType<SetReader["until"]>;
  /** Whether an expression may go on behind `key=`; else it ends there, and takes back what the key is in. */
  readonly mayEndAtKey: boolean;
  /** Reads what is right of a `=`. */
  readonly right: (input: SetReader) => unknown;
}

const GRAMMARS: Readonly<Partial<Record<SetKind, SetGrammar>>> = {
  "set-json": {
    keyStops: "=[,.",
    until: (input, stops) => input.until(stops),
    mayEndAtKey: true,
    right: (input) => {
      if (input.takeEmpty()) return null;
      const value = input.json();
      input.takeEmpty();
      return value;
    },
  },
  "set-literal": {
    keyStops: "=[.",
    until: (input, stops) => input.untilRaw(stops),
    mayEndAtKey: true,
    right: (input) => input.takeRest(),
  },
};

/** The grammar of values that are texts: `x`, `{x,y}`. */
function textGrammar(value: (text: string) => unknown): SetGrammar {
  return {
    keyStops: "=[,.",
    until: (input, stops) => input.until(stops),
    mayEndAtKey: false,
    right: (input) => {
      if (input.atEnd) return "";
      if (input.peek() !== "{") return value(input.until(",").text);
      input.take();
      return listOf(input, value);
    },
  };
}

function listOf(input: SetReader, value: (text: string) => unknown): unknown[] {
  const list: unknown[] = [];
  for (;;) {
    const { text, stop } = input.until(",}");
    if (stop === undefined) throw invalid("list must terminate with '}'");
    // `{}` is a list of one empty text in Helm.
    list.push(value(text));
    if (stop === "}") break;
  }
  if (input.peek() === ",") input.take();
  return list;
}

/** The end came where something had to follow. It is no fault: what surrounds it keeps what it has by then. */
class EndOfExpression extends Error {}

class SetParser {
  readonly #in: SetReader;
  readonly #grammar: SetGrammar;

  constructor(expression: string, grammar: SetGrammar) {
    this.#in = new SetReader(expression);
    this.#grammar = grammar;
  }

  parse(into: Values): void {
    try {
      for (;;) this.#key(into, 0);
    } catch (error) {
      if (!(error instanceof EndOfExpression)) throw error;
    }
  }

  #key(into: Values, depth: number): void {
    const { text, stop } = this.#until(this.#grammar.keyStops);
    switch (stop) {
      case undefined:
        if (text !== "") throw invalid(`key ${quote(text)} has no value`);
        throw new EndOfExpression();
      case ",":
        throw invalid(`key ${quote(text)} has no value (cannot end with ,)`);
      case "=":
        return this.#value(into, text);
      case "[":
        return this.#list(into, text, depth);
      default:
        return this.#nested(into, text, depth + 1);
    }
  }

  #value(into: Values, name: string): void {
    const isEnd = this.#in.atEnd && !this.#grammar.mayEndAtKey;
    put(into, name, this.#grammar.right(this.#in));
    if (isEnd) throw new EndOfExpression();
  }

  #list(into: Values, name: string, depth: number): void {
    const index = this.#index();
    const existing = hasKey(into, name) ? into[name] : [];
    if (!Array.isArray(existing)) throw wrongKind(existing, "[]interface {}");
    put(into, name, existing);
    put(into, name, this.#item(existing, index, depth));
  }

  #nested(into: Values, name: string, depth: number): void {
    if (depth > MAX_NESTED_NAMES) {
      throw invalid(`value name nested level is greater than maximum supported nested level of ${MAX_NESTED_NAMES}`);
    }
    const existing = hasKey(into, name) ? into[name] : {};
    if (!isTable(existing)) throw wrongKind(existing, "map[string]interface {}");
    try {
      this.#key(existing, depth);
      if (Object.keys(existing).length === 0) throw invalid(`key map ${quote(name)} has no value`);
    } finally {
      if (Object.keys(existing).length > 0) put(into, name, existing);
    }
  }

  /** The list with an item set; the list as it was, where the expression ends before. */
  #item(list: unknown[], index: bigint, depth: number): unknown[] {
    if (index < 0n) throw invalid(`negative ${index} index not allowed`);
    const { text, stop } = this.#until("[.=");
    if (text !== "") throw strayIndexEnd(text);
    if (stop === undefined) throw new EndOfExpression();
    if (stop === "=") return withItem(list, index, this.#grammar.right(this.#in));
    const existing = list[Number(index)];
    if (stop === "[") {
      const next = this.#index();
      if (existing !== undefined && existing !== null && !Array.isArray(existing)) {
        throw wrongKind(existing, "[]interface {}");
      }
      return withItem(list, index, this.#item(existing ?? [], next, depth));
    }
    const inner = isTable(existing) ? existing : {};
    // What is there and is no map is replaced at once, even where the expression ends in it.
    if (index < list.length) list[Number(index)] = inner;
    this.#key(inner, depth);
    return withItem(list, index, inner);
  }

  #index(): bigint {
    const { text, stop } = this.#until("]");
    if (stop === undefined) throw new EndOfExpression();
    return indexOf(text);
  }

  #until(stops: string): ReturnType<SetReader["until"]> {
    return this.#grammar.until(this.#in, stops);
  }
}

/** Go's `strconv.Atoi`. */
function indexOf(text: string): bigint {
  const fault = (why: string) => invalid(`error parsing index: strconv.Atoi: parsing ${quote(text)}: ${why}`);
  if (!/^[-+]?\d+$/.test(text)) throw fault("invalid syntax");
  const index = BigInt(text.replace("+", ""));
  if (index > INT64_MAX || index < -INT64_MAX - 1n) throw fault("value out of range");
  return index;
}

function withItem(list: readonly unknown[], index: bigint, value: unknown): unknown[] {
  if (index > MAX_INDEX) throw invalid(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`);
  const out = [...list];
  while (out.length < index) out.push(null);
  out[Number(index)] = value;
  return out;
}

function put(into: Values, key: string, value: unknown): void {
  if (key !== "") setKey(into, key, value);
}

function strayIndexEnd(text: string): HelmChartError {
  return invalid(`unexpected data at end of array index: [${[...text].map(quotedRune).join(" ")}]`);
}

/** A character as Go's `%q` shows it. */
function quotedRune(character: string): string {
  return sprintf("%q", [GoInt.of("int32", character.codePointAt(0) ?? 0)]);
}

/** Go's words for a value that is not what the path goes through. */
function wrongKind(value: unknown, wanted: string): HelmChartError {
  const found = value === null ? "nil" : typeOf(fromJson(value))?.name;
  return invalid(`unable to parse key: interface conversion: interface {} is ${found}, not ${wanted}`);
}

function invalid(message: string): HelmChartError {
  return new HelmChartError("InvalidValues", message);
}
