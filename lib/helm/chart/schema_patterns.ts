import { GoRegexp } from "../../gotemplate/functions/mod.ts";

/** What the validator wants of a compiled pattern. */
interface Pattern {
  /** Whether a text contains a match. */
  test(text: string): boolean;
  /** Tells it from other patterns: the validator keeps one for each such text. */
  toString(): string;
}

/**
 * Compiles a schema's `pattern` as Helm does, with RE2: the text that it is held against is the user's and the pattern the
 * chart's, and no pair of them takes more than linear time.
 *
 * @throws {RegexpError} for what RE2 does not know, such as look-ahead.
 */
export function schemaPattern(pattern: string): Pattern {
  const compiled = GoRegexp.compile(pattern);
  return { test: (text) => compiled.test(text), toString: () => pattern };
}
/** Named in code that the validator would write to a file; it never does. */
schemaPattern.code = "schemaPattern";
