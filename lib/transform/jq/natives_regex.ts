import { RE2JS } from "../../deps/re2js.ts";
import type { Json } from "../json.ts";
import type { JqBudget } from "./budget.ts";
import { JqError } from "./errors.ts";
import { shown } from "./value.ts";

/**
 * All matches of a regular expression, or the first one without the flag `g`. The syntax is RE2's, as in the original (a Go program): no
 * look-around and no back references, but linear time.
 */
export function matchAll(input: Json, pattern: Json, flags: Json, budget: JqBudget): Json {
  if (typeof input !== "string") throw new JqError(`${shown(input)} cannot be matched, as it is not a string`);
  if (typeof pattern !== "string") throw new JqError(`${shown(pattern)} cannot be matched, as it is not a string`);
  const options = flags ?? "";
  if (typeof options !== "string" || /[^gins]/.test(options)) {
    throw new JqError(`${shown(options)} is not a set of the flags g, i, n, s`);
  }
  const expression = compiled(pattern, options);
  const names = Object.entries(expression.namedGroups());
  const matcher = expression.matcher(input);
  const codePoints = (from: number, to: number) => Array.from(input.slice(from, to)).length;
  const found: Json[] = [];
  let [offset, last] = [0, 0];
  while (matcher.find()) {
    budget.step();
    budget.make(16);
    const [start, end] = [matcher.start(), matcher.end()];
    offset += codePoints(last, start);
    last = start;
    const captures = Array.from({ length: matcher.groupCount() }, (_, i): Json => {
      const group = matcher.group(i + 1);
      const name = names.find(([, number]) => number === i + 1)?.[0] ?? null;
      if (group === null) return { offset: -1, length: 0, string: null, name };
      const at = matcher.start(i + 1);
      return {
        offset: at < start ? offset : offset + codePoints(start, at),
        length: Array.from(group).length,
        string: group,
        name,
      };
    });
    if (end > start || !options.includes("n")) {
      found.push({ offset, length: codePoints(start, end), string: input.slice(start, end), captures });
    }
    if (!options.includes("g")) break;
  }
  return found;
}

function compiled(pattern: string, options: string): RE2JS {
  const flags = (options.includes("i") ? RE2JS.CASE_INSENSITIVE : 0) | (options.includes("s") ? RE2JS.DOTALL : 0);
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    throw new JqError(
      `${JSON.stringify(pattern)} is not a regular expression: ${
        error instanceof Error ? error.message : String(error)
      }`,
    );
  }
}
