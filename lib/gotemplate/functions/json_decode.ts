/**
 * Go's `json.Unmarshal` into `interface{}`: JSON with Go's error messages.
 *
 * @module
 */
import { fromJson, type Value } from "../value.ts";
import { rejoined, withValidRunes } from "../bytes.ts";
import { diagnoseJson } from "./json_diagnosis.ts";

/** A text that is not JSON, or JSON of another kind than wanted. The message is Go's. */
export class JsonDecodeError extends Error {
  override readonly name = "JsonDecodeError";
  constructor(readonly reason: "syntax" | "type", message: string) {
    super(message);
  }
}

/** Go's limit of nested lists and objects. */
const MAX_DEPTH = 10_000;

/** Any JSON value: numbers become float64, objects `map[string]interface{}`. @throws {JsonDecodeError} */
export function decodeJson(text: string): Value {
  const joined = rejoined(text);
  const clean = withValidRunes(joined);
  if (mayBeTooDeep(clean)) failWith(joined);
  try {
    const data: unknown = JSON.parse(clean, clean.includes("\\u") ? checkedValue : undefined);
    checkNumbers(clean);
    return fromJson(data);
  } catch (error) {
    if (error instanceof SyntaxError) failWith(joined);
    // Below Go's limit, but beyond what the stack here holds.
    if (error instanceof RangeError) throw new JsonDecodeError("syntax", "exceeded max depth");
    throw error;
  }
}

/** Half a surrogate pair from an escape becomes U+FFFD, as Go decodes it. */
function checkedValue(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** A number too large for a float64 is an error that names it. */
function checkNumbers(text: string): void {
  if (!/[eE]|[0-9]{300}/.test(text)) return;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/gs)) {
    if (token.startsWith('"') || Number.isFinite(Number(token))) continue;
    throw new JsonDecodeError("type", `json: cannot unmarshal number ${token} into Go value of type float64`);
  }
}

function mayBeTooDeep(text: string): boolean {
  let open = 0;
  for (let i = 0; i < text.length && open <= MAX_DEPTH; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) open++;
  }
  return open > MAX_DEPTH;
}

function failWith(text: string): void {
  const message = diagnoseJson(text, MAX_DEPTH);
  if (message !== undefined) throw new JsonDecodeError("syntax", message);
}

/** What Go calls the kind of a JSON value in its errors. */
export function jsonKind(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" || typeof value === "string") return typeof value;
  return Array.isArray(value) ? "array" : "object";
}
