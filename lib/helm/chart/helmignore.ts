import { HelmChartError } from "./errors.ts";
import { pathMatcher } from "./path_match.ts";

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly negate: boolean;
  readonly directoriesOnly: boolean;
}

/** Answers whether a path (relative, `/`-separated) is left out of the chart. */
export type IgnoreRules = (path: string, isDirectory: boolean) => boolean;

/**
 * Reads a `.helmignore` file by Helm's rules: rules are tried in order, a negated rule that does not match ignores;
 * dot files below templates/ are always ignored.
 *
 * @throws HelmChartError `InvalidMetadata` for `**` and malformed patterns.
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const rules = [...text.replace(/^\uFEFF/, "").split(/\r?\n/), "templates/.?*"]
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseRule);
  return (path, isDirectory) => {
    for (const rule of rules) {
      if (rule.negate) {
        if ((rule.directoriesOnly && !isDirectory) || !rule.matches(path)) return true;
      } else if ((!rule.directoriesOnly || isDirectory) && rule.matches(path)) {
        return true;
      }
    }
    return false;
  };
}

function parseRule(line: string): Rule {
  if (line.includes("**")) throw invalid(line, "double-star (**) syntax is not supported");
  const negate = line.startsWith("!");
  const positive = negate ? line.slice(1) : line;
  const directoriesOnly = positive.endsWith("/");
  const pattern = directoriesOnly ? positive.slice(0, -1) : positive;
  const rooted = pattern.startsWith("/");
  const matches = pathMatcher(rooted ? pattern.slice(1) : pattern);
  if (matches === undefined) throw invalid(line, "syntax error in pattern");
  // Without a slash only the last segment counts.
  const baseOnly = !rooted && !pattern.includes("/");
  return {
    matches: baseOnly ? (path) => matches(path.slice(path.lastIndexOf("/") + 1)) : matches,
    negate,
    directoriesOnly,
  };
}

function invalid(line: string, message: string): HelmChartError {
  return new HelmChartError("InvalidMetadata", `.helmignore: ${message}: "${line}"`);
}
