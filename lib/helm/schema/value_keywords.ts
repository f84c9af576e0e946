import { runeCount } from "../../gotemplate/mod.ts";
import { GoRegexp } from "../../gotemplate/functions/mod.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatFault } from "./formats.ts";
import { isEqual, isObject } from "./json.ts";
import { compareNumbers, isMultiple, isNumeric, isWhole, JsonNumber, limitText, type Numeric } from "./numbers.ts";
import { countOf, sizeText } from "./object_keywords.ts";
import { singleQuoted } from "./violation.ts";

/** The order in which messages name types. */
const TYPES = ["null", "boolean", "number", "integer", "string", "array", "object"];

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (isNumeric(value)) return "number";
  return Array.isArray(value) ? "array" : typeof value;
}

/**
 * The keywords that end it: what is of the wrong type, or not among those allowed, is judged no further.
 *
 * @returns What they say; undefined where they have nothing against the value.
 */
export function firstFault(one: Evaluation): string | undefined {
  // Up to draft 7 nothing beside a `$ref` counts.
  if (one.draft < 2019 && typeof one.keyword("$ref") === "string") return undefined;
  return typeFault(one) ?? constFault(one) ?? enumFault(one) ?? formatFaultOf(one);
}

function typeFault(one: Evaluation): string | undefined {
  const wanted = [one.keyword("type")].flat();
  const known = TYPES.filter((type) => wanted.includes(type));
  const type = typeOf(one.value);
  if (known.length === 0 || known.includes(type)) return undefined;
  if (known.includes("integer") && isNumeric(one.value) && isWhole(one.value)) return undefined;
  return `got ${type}, want ${known.join(" or ")}`;
}

function constFault(one: Evaluation): string | undefined {
  const wanted = one.keyword("const", 6);
  if (wanted === undefined || isEqual(one.value, wanted)) return undefined;
  return isPrimitive(wanted) ? `value must be ${shown(wanted)}` : "'const' failed";
}

function enumFault(one: Evaluation): string | undefined {
  const allowed = one.keyword("enum");
  if (!Array.isArray(allowed) || allowed.some((item) => isEqual(one.value, item))) return undefined;
  if (!allowed.every(isPrimitive)) return "'enum' failed";
  return `value must be ${allowed.length === 1 ? "" : "one of "}${allowed.map(shown).join(", ")}`;
}

function formatFaultOf(one: Evaluation): string | undefined {
  const { document } = one.node;
  const name = one.keyword("format");
  if (!(document.assertsFormat ?? document.draft.version < 2019)) return undefined;
  if (typeof name !== "string" || typeof one.value !== "string") return undefined;
  const fault = formatFault(name, one.value);
  return fault === undefined ? undefined : `${singleQuoted(one.value)} is not valid ${name}: ${fault}`;
}

function isPrimitive(value: unknown): boolean {
  return !Array.isArray(value) && !isObject(value);
}

function shown(value: unknown): string {
  if (value === null) return "<nil>";
  if (value instanceof JsonNumber) return value.text;
  return typeof value === "string" ? singleQuoted(value) : String(value);
}

/** What the keywords for texts have against one. */
export function judgeText(one: Evaluation, text: string): void {
  const least = countOf(one.keyword("minLength"));
  const most = countOf(one.keyword("maxLength"));
  const length = least === undefined && most === undefined ? 0 : runeCount(text);
  if (least !== undefined && length < least) one.report(sizeText("minLength", length, least));
  if (most !== undefined && length > most) one.report(sizeText("maxLength", length, most));
  const pattern = one.keyword("pattern");
  if (typeof pattern === "string" && !GoRegexp.compile(pattern).test(text)) {
    one.report(`${singleQuoted(text)} does not match pattern ${singleQuoted(pattern)}`);
  }
}

/** What the keywords for numbers have against one. */
export function judgeNumber(one: Evaluation, value: Numeric): void {
  for (const [keyword, isBroken] of LIMITS) {
    const limit = limitOf(one, keyword);
    if (limit !== undefined && isBroken(compareNumbers(value, limit))) {
      one.report(`${keyword}: got ${limitText(value)}, want ${limitText(limit)}`);
    }
  }
  const factor = one.keyword("multipleOf");
  if (isNumeric(factor) && !isMultiple(value, factor)) {
    one.report(`multipleOf: got ${limitText(value)}, want ${limitText(factor)}`);
  }
}

/** Each limit, and whether one is broken by a value that compares to it so. */
const LIMITS: readonly (readonly [string, (comparison: number) => boolean])[] = [
  ["minimum", (comparison) => comparison < 0],
  ["maximum", (comparison) => comparison > 0],
  ["exclusiveMinimum", (comparison) => comparison <= 0],
  ["exclusiveMaximum", (comparison) => comparison >= 0],
];

/** Draft 4 has `exclusiveMinimum: true`: then the `minimum` is the exclusive one. */
function limitOf(one: Evaluation, keyword: string): Numeric | undefined {
  const bound = keyword.endsWith("inimum") ? "inimum" : "aximum";
  const isExclusive = one.keyword(`exclusiveM${bound}`) === true;
  const limit = keyword.startsWith("exclusive")
    ? one.keyword(isExclusive ? `m${bound}` : keyword)
    : isExclusive
    ? undefined
    : one.keyword(keyword);
  return isNumeric(limit) ? limit : undefined;
}
