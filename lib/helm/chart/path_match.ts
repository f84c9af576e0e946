/**
 * Compiles a pattern of Go's `filepath.Match`: `*` and `?` stop at `/`, `[a-z]` and `[^a-z]` are classes, `\` escapes.
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
      source += pattern.slice(at, end + 1);
      at = end;
    } else if (character === "\\") {
      at++;
      if (at === pattern.length) return undefined;
      source += quoted(pattern.charAt(at));
    } else source += quoted(character);
  }
  try {
    const compiled = new RegExp(`^${source}$`, "su");
    return (path) => compiled.test(path);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
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

function quoted(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
