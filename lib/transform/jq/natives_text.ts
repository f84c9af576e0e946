import { Buffer } from "node:buffer";
import { isArray, type Json } from "../json.ts";
import { JqError } from "./errors.ts";
import { text } from "./formats.ts";
import type { Native } from "./native.ts";
import { shown } from "./value.ts";

/** jq's functions of text and time. */
export const textFunctions: Readonly<Record<string, Native>> = {
  "utf8bytelength/0": (input) => Buffer.byteLength(textOf(input, "only strings have UTF-8 byte length")),
  "startswith/1": (input, [part = null]) =>
    textOf(input, "startswith() requires strings").startsWith(textOf(part, "startswith() requires strings")),
  "endswith/1": (input, [part = null]) =>
    textOf(input, "endswith() requires strings").endsWith(textOf(part, "endswith() requires strings")),
  "ltrimstr/1": (input, [part = null]) =>
    typeof input === "string" && typeof part === "string" && input.startsWith(part) ? input.slice(part.length) : input,
  "rtrimstr/1": (input, [part = null]) =>
    typeof input === "string" && typeof part === "string" && part !== "" && input.endsWith(part)
      ? input.slice(0, -part.length)
      : input,
  "trim/0": (input) => textOf(input, "cannot be trimmed").trim(),
  "ltrim/0": (input) => textOf(input, "cannot be trimmed").trimStart(),
  "rtrim/0": (input) => textOf(input, "cannot be trimmed").trimEnd(),
  "ascii_downcase/0": (input) => textOf(input, "cannot change case").replace(/[A-Z]/g, (c) => c.toLowerCase()),
  "ascii_upcase/0": (input) => textOf(input, "cannot change case").replace(/[a-z]/g, (c) => c.toUpperCase()),
  "explode/0": (input) => Array.from(textOf(input, "cannot be exploded"), (character) => character.codePointAt(0) ?? 0),
  "implode/0": implode,
  "join/1": join,
  "fromdateiso8601/0": (input) => {
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(textOf(input, "is not a date"))
      ? Date.parse(String(input))
      : NaN;
    if (Number.isNaN(time)) throw new JqError(`${shown(input)} is not a date such as 2024-05-06T07:08:09Z`);
    return time / 1000;
  },
  "todateiso8601/0": (input) => {
    if (typeof input !== "number" || Math.abs(input) > 8.64e12) {
      throw new JqError(`${shown(input)} is not a time in seconds`);
    }
    return new Date(Math.floor(input) * 1000).toISOString().replace(".000Z", "Z");
  },
};

function textOf(value: Json, why: string): string {
  if (typeof value !== "string") throw new JqError(`${shown(value)} ${why}`);
  return value;
}

function implode(input: Json): string {
  if (!isArray(input)) throw new JqError(`${shown(input)} cannot be imploded`);
  return input.map((code) => {
    const isCode = typeof code === "number" && Number.isInteger(code) && code >= 0 && code <= 0x10ffff;
    if (!isCode) throw new JqError(`${shown(code)} is no Unicode code point`);
    return String.fromCodePoint(code);
  }).join("");
}

function join(input: Json, [separator = null]: readonly Json[], budget: Parameters<Native>[2]): Json {
  if (!isArray(input)) throw new JqError(`Cannot iterate over ${shown(input)}`);
  if (input.length === 0) return "";
  const between = textOf(separator, "cannot join");
  const parts = input.map((item) => {
    if (isArray(item) || (item !== null && typeof item === "object")) {
      throw new JqError(`string and ${shown(item)} cannot be added`);
    }
    return item === null ? "" : text(item);
  });
  budget.make(parts.reduce((sum, part) => sum + part.length + between.length, 0));
  return parts.join(between);
}
