import { isArray, isObject, type Json, type JsonObject } from "../json.ts";
import type { JqBudget } from "./budget.ts";
import { JqError } from "./errors.ts";
import { compareJson, shown } from "./value.ts";

/** Gives one value for two. */
export type Operator = (a: Json, b: Json, budget: JqBudget) => Json;

/** jq's operators but `and`, `or` and `//`, which do not always look at both sides. */
export const operators: Readonly<Record<string, Operator>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": modulo,
  "==": (a, b) => compareJson(a, b) === 0,
  "!=": (a, b) => compareJson(a, b) !== 0,
  "<": (a, b) => compareJson(a, b) < 0,
  "<=": (a, b) => compareJson(a, b) <= 0,
  ">": (a, b) => compareJson(a, b) > 0,
  ">=": (a, b) => compareJson(a, b) >= 0,
};

function add(a: Json, b: Json, budget: JqBudget): Json {
  if (a === null) return b;
  if (b === null) return a;
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") {
    budget.make(a.length + b.length);
    return a + b;
  }
  if (isArray(a) && isArray(b)) {
    budget.make(a.length + b.length);
    return [...a, ...b];
  }
  if (isObject(a) && isObject(b)) {
    budget.make(Object.keys(a).length + Object.keys(b).length);
    return { ...a, ...b };
  }
  throw new JqError(`${shown(a)} and ${shown(b)} cannot be added`);
}

function subtract(a: Json, b: Json, budget: JqBudget): Json {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (isArray(a) && isArray(b)) {
    budget.make(a.length * Math.max(1, b.length));
    return a.filter((item) => !b.some((other) => compareJson(item, other) === 0));
  }
  throw new JqError(`${shown(a)} and ${shown(b)} cannot be subtracted`);
}

function multiply(a: Json, b: Json, budget: JqBudget): Json {
  if (typeof a === "number" && typeof b === "number") return a * b;
  if (typeof a === "string" && typeof b === "number") return repeated(a, b, budget);
  if (typeof a === "number" && typeof b === "string") return repeated(b, a, budget);
  if (isObject(a) && isObject(b)) return mergedDeep(a, b, budget);
  throw new JqError(`${shown(a)} and ${shown(b)} cannot be multiplied`);
}

function repeated(text: string, count: number, budget: JqBudget): Json {
  if (!(count > 0)) return null;
  const times = Math.max(1, Math.floor(count));
  budget.make(text.length * times);
  return text.repeat(times);
}

function mergedDeep(a: JsonObject, b: JsonObject, budget: JqBudget): Json {
  budget.make(Object.keys(a).length + Object.keys(b).length);
  const merged = Object.entries(b).map(([key, value]): [string, Json] => {
    const before = Object.hasOwn(a, key) ? a[key] : undefined;
    return [key, isObject(before) && isObject(value) ? mergedDeep(before, value, budget) : value];
  });
  return Object.fromEntries([...Object.entries(a), ...merged]);
}

function divide(a: Json, b: Json, budget: JqBudget): Json {
  if (typeof a === "number" && typeof b === "number") {
    if (b === 0) throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`);
    return a / b;
  }
  if (typeof a === "string" && typeof b === "string") {
    budget.make(a.length);
    return splitText(a, b);
  }
  throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided`);
}

/** An empty text has no parts; an empty separator splits code points. */
export function splitText(text: string, separator: string): string[] {
  if (text === "") return [];
  return separator === "" ? Array.from(text) : text.split(separator);
}

function modulo(a: Json, b: Json): Json {
  if (typeof a !== "number" || typeof b !== "number") {
    throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided`);
  }
  const divisor = Math.abs(Math.trunc(b));
  if (divisor === 0) throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`);
  return Math.trunc(a) % divisor + 0;
}
