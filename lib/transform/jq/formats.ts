import { Buffer } from "node:buffer";
import { isArray, type Json } from "../json.ts";
import type { JqBudget } from "./budget.ts";
import { JqError } from "./errors.ts";
import { shown } from "./value.ts";

const HTML: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", "'": "&#39;", '"': "&quot;" };

const formats: Readonly<Record<string, (value: Json) => string>> = {
  text,
  json: (value) => JSON.stringify(value),
  html: (value) => text(value).replace(/[<>&'"]/g, (character) => HTML[character] ?? character),
  uri: (value) =>
    encodeURIComponent(text(value)).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
  csv: (value) =>
    row(value, "csv").map((cell) => typeof cell === "string" ? `"${cell.replaceAll('"', '""')}"` : bare(cell)).join(
      ",",
    ),
  tsv: (value) => row(value, "tsv").map((cell) => typeof cell === "string" ? escapedTab(cell) : bare(cell)).join("\t"),
  sh: (value) => (isArray(value) ? value : [value]).map(shellWord).join(" "),
  base64: (value) => Buffer.from(text(value), "utf8").toString("base64"),
  base64d: (value) => decoded(text(value)),
};

/** Applies `@name` to a value. */
export function formatValue(name: string, value: Json, budget: JqBudget): string {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) throw new JqError(`${name} is not a valid format`);
  const result = format(value);
  budget.make(result.length);
  return result;
}

/** jq's `tostring`. */
export function text(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function row(value: Json, name: string): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${shown(value)} cannot be ${name}-formatted, only an array can be`);
  return value;
}

function bare(cell: Json): string {
  if (cell === null) return "";
  if (typeof cell === "object") throw new JqError(`${shown(cell)} is not valid in a row`);
  return String(cell);
}

function escapedTab(cell: string): string {
  return cell.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}

function shellWord(value: Json): string {
  if (typeof value === "string") return `'${value.replaceAll("'", `'\\''`)}'`;
  if (value !== null && typeof value === "object") throw new JqError(`${shown(value)} can not be escaped for shell`);
  return String(value);
}

function decoded(value: string): string {
  if (!/^[A-Za-z0-9+/]*=*$/.test(value) || value.replace(/=+$/, "").length % 4 === 1) {
    throw new JqError(`string (${value.length} characters) is not valid base64 data`);
  }
  return Buffer.from(value, "base64").toString("utf8");
}
