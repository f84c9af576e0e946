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
    if (kind === "set-literal") new LiteralParser(expression).parse(values);
    else new SetParser(expression, kind === "set-json", value).parse(values);
  } catch (error) {
    if (!(error instanceof HelmChartError)) throw error;
    // For JSON Helm names what it was given and not what is wrong with it.
    const what = kind === "set-json" ? ` ${expression}` : `: ${error.message}`;
    throw new HelmChartError(error.reason, `failed parsing --${kind} data${what}`, { cause: error });
  }
}

/** The type that `--set` gives a text: true, false, null, an integer (not with a leading zero), else text. */
function typedValue(text: string): unknown {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  if (lower === "null") return null;
  if (text === "0") return 0n;
  if (!/^[-+]?\d+$/.test(text) || text.startsWith("0")) return text;
  const number = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, number) === number ? number : text;
}

/** The expression ends within an index: Helm leaves it at what was set before. */
class EndOfExpression extends Error {}

class SetParser {
  readonly #in: SetReader;
  readonly #isJson: boolean;
  readonly #value: (text: string) => unknown;
  /** Whether the expression ended behind a key or its `=`: Helm then drops the list item or map that the key is in. */
  #endedAtKey = false;
  /** Whether it ended behind an index: then the list around is left as it was. */
  #endedInList = false;

  constructor(expression: string, isJson: boolean, value: (text: string) => unknown) {
    this.#in = new SetReader(expression);
    this.#isJson = isJson;
    this.#value = value;
  }

  parse(into: Values): void {
    try {
      while (!this.#in.atEnd) this.#key(into, 0);
    } catch (error) {
      if (!(error instanceof EndOfExpression)) throw error;
    }
  }

  #key(into: Values, depth: number): void {
    const { text, stop } = this.#in.until("=[,.");
    if (stop === undefined) {
      if (text !== "") throw invalid(`key ${quote(text)} has no value`);
      this.#endedAtKey = true;
    } else if (stop === ",") {
      put(into, text, "");
      throw invalid(`key ${quote(text)} has no value (cannot end with ,)`);
    } else if (stop === "=") {
      this.#endedAtKey = this.#in.atEnd && !this.#isJson;
      put(into, text, this.#right());
    } else if (stop === "[") {
      const existing = hasKey(into, text) ? into[text] : [];
      if (!Array.isArray(existing)) throw wrongKind(existing, "[]interface {}");
      put(into, text, this.#item(existing, this.#index(), depth));
    } else {
      this.#nested(into, text, depth + 1);
    }
  }

  #nested(into: Values, name: string, depth: number): void {
    checkDepth(depth);
    const existing = hasKey(into, name) ? into[name] : {};
    if (!isTable(existing)) throw wrongKind(existing, "map[string]interface {}");
    this.#key(existing, depth);
    if (Object.keys(existing).length === 0 && this.#endedAtKey) return;
    if (Object.keys(existing).length === 0) throw invalid(`key map ${quote(name)} has no value`);
    put(into, name, existing);
  }

  #item(list: readonly unknown[], index: number, depth: number): unknown[] {
    const { text, stop } = this.#in.until("[.=");
    if (text !== "") {
      throw strayIndexEnd(text);
    }
    if (stop === undefined) {
      this.#endedInList = true;
      return [...list];
    }
    if (stop === "=") return withItem(list, index, this.#right());
    const existing = list[index];
    if (stop === "[") {
      const next = this.#index();
      if (existing !== undefined && existing !== null && !Array.isArray(existing)) {
        throw wrongKind(existing, "[]interface {}");
      }
      const inner = this.#item(existing ?? [], next, depth);
      return this.#endedInList ? [...list] : withItem(list, index, inner);
    }
    const inner = isTable(existing) ? existing : {};
    this.#key(inner, depth);
    return this.#endedAtKey ? [...list] : withItem(list, index, inner);
  }

  #index(): number {
    const { text, stop } = this.#in.until("]");
    if (stop === undefined) throw new EndOfExpression();
    const index = indexOf(text);
    if (index < 0) throw invalid(`negative ${index} index not allowed`);
    return index;
  }

  #right(): unknown {
    if (this.#isJson) {
      if (this.#in.takeEmpty()) return null;
      const value = this.#in.json();
      this.#in.takeEmpty();
      return value;
    }
    if (this.#in.atEnd) return "";
    if (this.#in.peek() !== "{") return this.#value(this.#in.until(",").text);
    this.#in.take();
    return this.#list();
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    for (;;) {
      const { text, stop } = this.#in.until(",}");
      if (stop === undefined) throw invalid("list must terminate with '}'");
      // `{}` is a list of one empty text in Helm.
      list.push(this.#value(text));
      if (stop === "}") break;
    }
    if (this.#in.peek() === ",") this.#in.take();
    return list;
  }
}

/** `--set-literal`: one key, its value is all the rest, nothing is special in it. */
class LiteralParser {
  readonly #in: SetReader;

  constructor(expression: string) {
    this.#in = new SetReader(expression);
  }

  parse(into: Values): void {
    try {
      this.#key(into, 0);
    } catch (error) {
      if (!(error instanceof EndOfExpression)) throw error;
    }
  }

  /** Whether the expression went on behind what it names; at its end Helm keeps what was made so far. */
  #key(into: Values, depth: number): boolean {
    const { text, stop } = this.#in.untilRaw("=[.");
    switch (stop) {
      case undefined:
        if (text !== "") throw invalid(`key ${quote(text)} has no value`);
        return false;
      case "=":
        put(into, text, this.#in.rest());
        return true;
      case "[": {
        const index = this.#index();
        const existing = hasKey(into, text) ? into[text] : [];
        if (!Array.isArray(existing)) throw wrongKind(existing, "[]interface {}");
        const { list, isWhole } = this.#item(existing, index, depth);
        put(into, text, list);
        return isWhole;
      }
      default:
        return this.#nested(into, text, depth + 1);
    }
  }

  #nested(into: Values, name: string, depth: number): boolean {
    checkDepth(depth);
    const existing = hasKey(into, name) ? into[name] : {};
    if (!isTable(existing)) throw wrongKind(existing, "map[string]interface {}");
    const isWhole = this.#key(existing, depth);
    const isEmpty = Object.keys(existing).length === 0;
    if (isEmpty && isWhole) throw invalid(`key map ${quote(name)} has no value`);
    if (!isEmpty) put(into, name, existing);
    return isWhole;
  }

  #index(): number {
    const { text, stop } = this.#in.untilRaw("]");
    if (stop === undefined) throw new EndOfExpression();
    return indexOf(text);
  }

  #item(list: readonly unknown[], index: number, depth: number): { list: readonly unknown[]; isWhole: boolean } {
    if (index < 0) throw invalid(`negative ${index} index not allowed`);
    const { text, stop } = this.#in.untilRaw("[.=");
    if (text !== "") throw strayIndexEnd(text);
    if (stop === undefined) return { list, isWhole: false };
    if (stop === "=") return { list: withItem(list, index, this.#in.rest()), isWhole: true };
    const existing = list[index];
    if (stop === "[") {
      const next = this.#index();
      if (existing !== undefined && existing !== null && !Array.isArray(existing)) {
        throw wrongKind(existing, "[]interface {}");
      }
      const inner = this.#item(existing ?? [], next, depth);
      return inner.isWhole ? { list: withItem(list, index, inner.list), isWhole: true } : { list, isWhole: false };
    }
    const inner = isTable(existing) ? existing : {};
    if (!this.#key(inner, depth)) return { list, isWhole: false };
    return { list: withItem(list, index, inner), isWhole: true };
  }
}

function checkDepth(depth: number): void {
  if (depth <= MAX_NESTED_NAMES) return;
  throw invalid(`value name nested level is greater than maximum supported nested level of ${MAX_NESTED_NAMES}`);
}

function indexOf(text: string): number {
  if (/^[-+]?\d+$/.test(text)) return Number(text);
  throw invalid(`error parsing index: strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
}

function withItem(list: readonly unknown[], index: number, value: unknown): unknown[] {
  if (index > MAX_INDEX) throw invalid(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`);
  const out = [...list];
  while (out.length < index) out.push(null);
  out[index] = value;
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
