import { Emitter, type Layout } from "./emitter.ts";
import { YamlError } from "./errors.ts";
import { formatGoFloat } from "./float.ts";
import { compareKeys } from "./natural_order.ts";
import { parseYaml } from "./parse.ts";

/** A scalar that is written as it is, without quotes: a time. */
export class PlainScalar {
  /** A scalar of that text, which the caller knows to read back as meant. */
  constructor(readonly text: string) {}
}

const HELM: Layout = { dialect: "v2", width: 80, indentLists: false };
const PRETTY: Layout = { dialect: "v3", width: Infinity, indentLists: true };
/** Deeper than any real value, before the stack ends. */
const MAX_DEPTH = 1000;

/**
 * Writes a JSON value as Helm's `toYaml` does, byte for byte: sigs.k8s.io/yaml over go-yaml v2. `bigint` is an integer
 * that a `number` cannot hold. Ends with a line break.
 *
 * @throws YamlError `Unrepresentable` for what JSON or the JSON-to-YAML step of Helm refuses (control characters
 * U+007F to U+009F, infinity, functions), `Depth` for cycles and absurd nesting.
 */
export function emitYaml(value: unknown): string {
  try {
    return emit(value, HELM, numberThroughJson, textThroughJson);
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new YamlError("Unrepresentable", complaintAbout(value));
  }
}

/**
 * Writes a JSON value as Helm's `toYamlPretty` does: go-yaml v3 with an indentation of 2, lists indented, no folding. The keys of an
 * object are sorted, those of a `Map` are not.
 *
 * @throws YamlError as `emitYaml` does, except that control characters are escaped.
 */
export function emitYamlPretty(value: unknown): string {
  return emit(value, PRETTY, (x) => goSpecial(formatGoFloat(x)), (text) => text.toWellFormed());
}

function emit(
  root: unknown,
  layout: Layout,
  number: (x: number) => string,
  text: (x: string, isKey: boolean) => string,
): string {
  const out = new Emitter(layout);

  function node(value: unknown, inMap: boolean, depth: number): void {
    if (depth > MAX_DEPTH) {
      throw new YamlError("Depth", "Cannot write YAML: the value contains itself or is nested too deep");
    }
    if (typeof value === "string") return out.text(text(value, false));
    if (typeof value === "number") return out.plain(number(value));
    if (value === null || value === undefined) return out.plain("null");
    if (typeof value === "boolean" || typeof value === "bigint") return out.plain(String(value));
    if (Array.isArray(value)) return list(value, inMap, depth);
    if (value instanceof PlainScalar) return out.plain(value.text);
    if (value instanceof Map) return map([...value], depth);
    if (typeof value === "object") return map(sorted(Object.entries(value)), depth);
    throw new YamlError("Unrepresentable", `Cannot write YAML: a ${typeof value} is not a JSON value`);
  }

  function list(items: readonly unknown[], inMap: boolean, depth: number): void {
    if (items.length === 0) return out.indicator("[]", true, false);
    const flat = !layout.indentLists && inMap && !out.atLineStart;
    out.indented(() => {
      for (const item of items) {
        out.line();
        out.indicator("-", true, true);
        node(item, false, depth + 1);
      }
    }, flat);
  }

  function sorted(entries: [string, unknown][]): (readonly [string, unknown])[] {
    return entries.map(([key, value]) => [text(key, true), value] as const)
      .sort(([a], [b]) => compareKeys(a, b, layout.dialect));
  }

  function map(entries: readonly (readonly [string, unknown])[], depth: number): void {
    if (entries.length === 0) return out.indicator("{}", true, false);
    out.indented(() => {
      for (const [key, value] of entries) {
        out.line();
        const simple = out.key(key);
        if (!simple) out.line();
        out.indicator(":", !simple, !simple);
        node(value, true, depth + 1);
      }
    });
  }

  node(root, false, 0);
  return out.finish();
}

/** A float64 on its way through JSON: integers stay integers while 64 bits hold them. */
function numberThroughJson(x: number): string {
  if (!Number.isFinite(x)) throw new YamlError("Unrepresentable", `json: unsupported value: ${formatGoFloat(x)}`);
  if (Object.is(x, -0)) return "0";
  // Shortest digits filled up with zeros, as JSON writes them: not the exact value of a large float.
  // Those of -2^63 are beyond it, and so no integer any more.
  if (Number.isInteger(x) && x > -(2 ** 63) && x < 2 ** 64) return String(x);
  return formatGoFloat(x);
}

function goSpecial(text: string): string {
  return text === "NaN" ? ".nan" : text === "+Inf" ? ".inf" : text === "-Inf" ? "-.inf" : text;
}

/** A text that Helm's `toYaml` does not read again in the JSON that it makes first. */
class UnreadableText extends Error {}

/** What Go's reader says about the JSON of a value. */
function complaintAbout(value: unknown): string {
  const sorted = (_key: string, part: unknown) => {
    if (typeof part === "bigint") return Number(part);
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
  };
  try {
    parseYaml(goJson(value, sorted));
  } catch (error) {
    if (error instanceof YamlError) return error.message;
    throw error;
  }
  return "yaml: control characters are not allowed";
}

/** JSON as Go writes it, with more characters escaped. */
function goJson(value: unknown, replacer?: (key: string, part: unknown) => unknown): string {
  return JSON.stringify(value, replacer).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Longer keys of a flow mapping, quotes included, are none to Go's YAML reader. Characters. */
const LONGEST_FLOW_KEY = 1024;

function isTooLongAsKey(key: string): boolean {
  return key.length * 6 > LONGEST_FLOW_KEY && [...goJson(key)].length > LONGEST_FLOW_KEY;
}

/**
 * A string on its way through JSON and Go's YAML reader, which folds NEL as a line break, refuses C1 controls, and knows
 * no long keys.
 */
function textThroughJson(input: string, isKey: boolean): string {
  if (isKey && isTooLongAsKey(input)) throw new UnreadableText();
  if (!NOT_PLAIN_ASCII.test(input)) return input;
  if (REFUSED.test(input) || (isKey && input.includes("\x85"))) {
    throw new UnreadableText();
  }
  // Tabs are `\t` in JSON, and no blanks.
  return input.toWellFormed().replace(/ *\x85[\x85 ]*/g, (run) => {
    const breaks = run.split("\x85").length - 1;
    return breaks === 1 ? " " : "\n".repeat(breaks - 1);
  });
}

// deno-lint-ignore no-control-regex -- the control characters are what is looked for
const NOT_PLAIN_ASCII = /[^\x00-\x7e]/;
const REFUSED = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;
