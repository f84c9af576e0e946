import { GoRegexp, RegexpError } from "../../gotemplate/functions/mod.ts";

/**
 * Compiles a pattern of Go's `filepath.Match`: `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are classes, `\` escapes.
 * Takes linear time, whatever the pattern: it is the chart's.
 *
 * @returns undefined where the pattern is malformed.
 */
export function pathMatcher(pattern: string): ((path: string) => boolean) | undefined {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = classEnd(pattern, at);
      if (end === undefined) return undefined;
      source += classSource(pattern.slice(at + 1, end));
      at = end;
    } else if (character === "\\") {
      at++;
      if (at === pattern.length) return undefined;
      source += quoted(pattern.charAt(at));
    } else source += quoted(character);
  }
  try {
    const compiled = GoRegexp.compile(`^(?s:${source})$`);
    return (path) => compiled.test(path);
  } catch (error) {
    if (error instanceof RegexpError) return undefined;
    throw error;
  }
}

function classEnd(pattern: string, start: number): number | undefined {
  const first = pattern.charAt(start + 1) === "^" ? start + 2 : start + 1;
  for (let at = first; at < pattern.length; at++) {
    if (pattern.charAt(at) === "\\") at++;
    else if (pattern.charAt(at) === "]") return at === first ? undefined : at;
  }
  return undefined;
}

/** A class for the regular expression: each member by its code, for what stands within has other meanings there. */
function classSource(members: string): string {
  const [, negation = "", rest = ""] = /^(\^?)(.*)$/s.exec(members) ?? [];
  const source = rest.replace(
    /\\(.)|(-)|(.)/gsu,
    (_, escaped: string | undefined, dash: string | undefined, plain: string) =>
      dash ?? `\\x{${((escaped ?? plain).codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `[${negation}${source}]`;
}

function quoted(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
