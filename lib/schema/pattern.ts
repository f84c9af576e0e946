/** Regular expressions as Helm and the API server run them: RE2, unanchored. */
import { RE2JS } from "../deps/re2js.ts";

/** Whether `text` contains a match. */
export type Search = (text: string) => boolean;

/** What becomes of a pattern: a search, or why there is none. */
export type Pattern =
  | { readonly kind: "re2"; readonly search: Search }
  /** JavaScript knows it, RE2 does not: look-around, back references. */
  | { readonly kind: "ecma"; readonly search: Search }
  | { readonly kind: "invalid"; readonly reason: string };

const cache = new Map<string, Pattern>();
const CACHED = 1000;

/** Compiles a pattern once. */
export function compilePattern(source: string): Pattern {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const pattern = compile(source);
  if (cache.size >= CACHED) cache.clear();
  cache.set(source, pattern);
  return pattern;
}

function compile(source: string): Pattern {
  try {
    const expression = RE2JS.compile(source);
    return { kind: "re2", search: (text) => expression.matcher(text).find() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    try {
      const expression = new RegExp(source, "u");
      return { kind: "ecma", search: (text) => expression.test(text) };
    } catch {
      return { kind: "invalid", reason };
    }
  }
}
