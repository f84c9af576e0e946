/**
 * Go's `json.Marshal` on template values: keys sorted by bytes, HTML characters escaped.
 *
 * @module
 */
import { compareUtf8 } from "../bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, typeOf, type Value } from "../value.ts";
import { GoFunction } from "../signature.ts";

/** A value that JSON cannot show. The message is Go's. */
export class JsonEncodeError extends Error {
  override readonly name = "JsonEncodeError";
  readonly reason = "unsupported";
}

/** How to write. */
export interface JsonStyle {
  /** Whether `<`, `>` and `&` are escaped. */
  readonly escapeHtml: boolean;
  /** Indentation of a level; empty writes everything on one line. */
  readonly indent: string;
}

/** Go stops at values nested deeper than its own guard; deeper than this only a value that contains itself gets. */
const MAX_DEPTH = 2_000;

/** The value as JSON. @throws {JsonEncodeError} */
export function encodeJson(value: Value, style: JsonStyle = { escapeHtml: true, indent: "" }): string {
  return new Writer(style).write(value, "");
}

class Writer {
  #depth = 0;

  constructor(private readonly style: JsonStyle) {}

  write(value: Value, margin: string): string {
    switch (typeof value) {
      case "string":
        return quoteJson(value, this.style.escapeHtml);
      case "number":
        return numberJson(value);
      case "boolean":
        return String(value);
    }
    if (value === null) return "null";
    if (value instanceof GoInt) return value.toString();
    if (Array.isArray(value)) return this.#list(value, margin);
    if (value instanceof GoMap) return value.isNil ? "null" : this.#map(value, margin);
    if (value instanceof GoSlice) return value.isNil ? "null" : this.#list(value.items, margin);
    if (value instanceof GoBytes) return `"${value.bytes.toBase64()}"`;
    if (value instanceof GoObject) return this.#plain(value.toJson(), margin);
    throw unsupported(value);
  }

  #list(items: readonly Value[], margin: string): string {
    return this.#block("[", "]", margin, items.map((item) => (inner: string) => this.write(item, inner)));
  }

  #map(map: GoMap, margin: string): string {
    const keys = Array.from(map.keys()).sort(compareUtf8);
    const entries = keys.map((key) => (inner: string) => this.#entry(key, this.write(map.get(key) ?? null, inner)));
    return this.#block("{", "}", margin, entries);
  }

  /** Plain data of a struct: the fields keep their order. */
  #plain(data: unknown, margin: string): string {
    if (data === null || data === undefined) return "null";
    if (typeof data === "string") return quoteJson(data, this.style.escapeHtml);
    if (typeof data === "number") return numberJson(data);
    if (typeof data === "boolean" || typeof data === "bigint") return String(data);
    if (Array.isArray(data)) {
      return this.#block("[", "]", margin, data.map((item: unknown) => (inner: string) => this.#plain(item, inner)));
    }
    const entries = Object.entries(data).map(([key, item]) => (inner: string) =>
      this.#entry(key, this.#plain(item, inner))
    );
    return this.#block("{", "}", margin, entries);
  }

  #entry(key: string, text: string): string {
    return `${quoteJson(key, this.style.escapeHtml)}:${this.style.indent === "" ? "" : " "}${text}`;
  }

  #block(open: string, close: string, margin: string, items: readonly ((inner: string) => string)[]): string {
    if (items.length === 0) return open + close;
    if (++this.#depth > MAX_DEPTH) throw new JsonEncodeError("json: unsupported value: encountered a cycle");
    const { indent } = this.style;
    const inner = margin + indent;
    const written = items.map((item) => item(inner));
    this.#depth--;
    if (indent === "") return open + written.join(",") + close;
    return `${open}\n${inner}${written.join(`,\n${inner}`)}\n${margin}${close}`;
  }
}

function unsupported(value: GoComplex | GoFunction): JsonEncodeError {
  return new JsonEncodeError(`json: unsupported type: ${typeOf(value)?.name}`);
}

function numberJson(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  const name = Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  throw new JsonEncodeError(`json: unsupported value: ${name}`);
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};
// deno-lint-ignore no-control-regex -- control characters are what JSON escapes
const ESCAPED = /["\\\x00-\x1f\u2028\u2029]|(?<![\ud800-\udbff])[\udc80-\udcff]/g;
// deno-lint-ignore no-control-regex -- control characters are what JSON escapes
const ESCAPED_HTML = /["\\\x00-\x1f\u2028\u2029<>&]|(?<![\ud800-\udbff])[\udc80-\udcff]/g;
// deno-lint-ignore no-control-regex -- control characters are what JSON escapes
const SPECIAL = /["\\\x00-\x1f\u2028\u2029<>&\ud800-\udfff]/;

/** A text as Go writes it in JSON. Bytes that are not UTF-8 become U+FFFD. */
export function quoteJson(text: string, escapeHtml: boolean): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  const escaped = wellFormed(text).replace(escapeHtml ? ESCAPED_HTML : ESCAPED, (char) => {
    // What still stands for a byte is not UTF-8; Go writes the escape of U+FFFD for each.
    if (char >= "\ud800" && char <= "\udfff") return "\\ufffd";
    return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/** Bytes put back together where they are UTF-8. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : decodeUtf8(encodeUtf8(text));
}
