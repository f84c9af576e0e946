/**
 * Version constraints as Helm reads them (Masterminds semver 3.5): `^1.2`, `~1.2.3`, `>=1.2 <2 || 3.x`, `1.2 - 1.4`, commas
 * or blanks for *and*. A prerelease version matches only when a comparison of the same *and* group names a prerelease.
 *
 * @module
 */
import { RE2JS } from "../../deps/re2js.ts";
import { quote } from "../fmt/quote.ts";
import { comparePrereleases, parseVersion, type SemVer, SemverError } from "./semver.ts";

/** Longest constraint that is read, in characters, and the most `||` groups. */
const MAX_LENGTH = 512;
const MAX_GROUPS = 32;

// The pieces follow the grammar that Helm accepts, oddities included: a `|` may stand among the digits of a segment.
const VERSION = String.raw`v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?` +
  String.raw`(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?`;
const OPERATOR = String.raw`=||!=|>|<|>=|=>|<=|=<|~|~>|\^`;
// Linear-time matching: constraints come from charts, and these patterns would backtrack badly.
const RANGE = pattern(String.raw`\s*(${VERSION})\s+-\s+(${VERSION})\s*`);
const COMPARISON = pattern(String.raw`(${OPERATOR})\s*(${VERSION})`);
const ONE = pattern(String.raw`^\s*(${OPERATOR})\s*(${VERSION})\s*$`);
const GROUP = pattern(
  String.raw`^(\s*(${OPERATOR})\s*(${VERSION})\s*)((?:\s+|,\s*)(${OPERATOR})\s*(${VERSION})\s*)*$`,
);

/** One comparison, the usual constraint: its parts as `ONE` has them, found at once by the runtime's own matcher. */
const SIMPLE =
  /^[\t\n\f\r ]*(?:(=|!=|>|<|>=|=>|<=|=<|~|~>|\^)[\t\n\f\r ]*)?(v?(\d+)(\.\d+)?(\.\d+)?(-[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?)[\t\n\f\r ]*$/;

/** Matchers of a pattern, compiled for the first of them: together the patterns take as long as a small chart. */
function pattern(source: string): (text: string) => ReturnType<RE2JS["matcher"]> {
  let compiled: RE2JS | undefined;
  return (text) => (compiled ??= RE2JS.compile(source)).matcher(text);
}

/** How precisely a comparison names its version: `1.2.3`, `1.2`, `1` or `*`. */
type Precision = "patch" | "minor" | "major" | "none";

interface Comparison {
  readonly operator: string;
  readonly version: SemVer;
  readonly precision: Precision;
  /** The version as written. */
  readonly text: string;
}

interface Group {
  readonly comparisons: readonly Comparison[];
  readonly admitsPrereleases: boolean;
}

/**
 * A parsed constraint. Immutable.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { Constraint, parseVersion } from "./mod.ts";
 *
 * const range = Constraint.parse("^1.2 || >=3.0.0-0");
 * assert.equal(range.check(parseVersion("1.9.0")), true);
 * assert.equal(range.check(parseVersion("1.9.0-rc.1")), false);
 * assert.equal(range.check(parseVersion("3.1.0-rc.1")), true);
 * ```
 */
export class Constraint {
  private constructor(private readonly groups: readonly Group[]) {}

  /**
   * Reads a constraint.
   *
   * @throws {SemverError} `invalid-constraint`, or `invalid-version` where a version in it is broken.
   */
  static parse(text: string): Constraint {
    if (text.length > MAX_LENGTH) throw invalid(`constraint string is too long (max ${MAX_LENGTH} bytes)`);
    const groups = expandRanges(text).split("||");
    if (groups.length > MAX_GROUPS) throw invalid(`too many constraint groups (max ${MAX_GROUPS})`);
    return new Constraint(groups.map(parseGroup));
  }

  /**
   * Whether the version satisfies one of the groups.
   *
   * @param includePrereleases Whether prereleases count although no comparison names one (`helm --devel`).
   */
  check(version: SemVer, includePrereleases = false): boolean {
    return this.groups.some((group) => {
      if (version.prerelease !== "" && !group.admitsPrereleases && !includePrereleases) return false;
      return group.comparisons.every((comparison) => holds(comparison, version));
    });
  }

  /** The constraint in normal form. */
  toString(): string {
    return this.groups.map((group) => group.comparisons.map((c) => c.operator + c.text).join(" ")).join(" || ");
  }
}

function invalid(message: string): SemverError {
  return new SemverError("invalid-constraint", message);
}

/** `1.2 - 1.4` means `>= 1.2, <= 1.4`. */
function expandRanges(text: string): string {
  if (!/\s-\s/.test(text)) return text;
  const matcher = RANGE(text);
  let out = "";
  let from = 0;
  while (matcher.find()) {
    out += `${text.slice(from, matcher.start())}>= ${matcher.group(1)}, <= ${matcher.group(11)} `;
    from = matcher.end();
  }
  return out + text.slice(from);
}

function parseGroup(text: string): Group {
  const [, ...parts] = SIMPLE.exec(text) ?? [];
  if (parts.length > 0) return groupOf([comparisonOf(parts)]);
  if (!GROUP(text).find()) throw invalid(`improper constraint: ${quote(text)}`);
  const comparisons: Comparison[] = [];
  const matcher = COMPARISON(text);
  while (matcher.find()) comparisons.push(parseComparison(matcher.group() ?? ""));
  return groupOf(comparisons);
}

function groupOf(comparisons: readonly Comparison[]): Group {
  return { comparisons, admitsPrereleases: comparisons.some(({ version }) => version.prerelease !== "") };
}

function parseComparison(text: string): Comparison {
  const matcher = ONE(text);
  if (!matcher.find()) throw invalid(`improper constraint: ${quote(text)}`);
  return comparisonOf([1, 2, 3, 4, 5, 6].map((group) => matcher.group(group) ?? ""));
}

/** @param parts Operator, version; the version's major, minor and patch number and prerelease, with what separates them. */
function comparisonOf(parts: readonly (string | undefined)[]): Comparison {
  const [operator = "", written = "", major = "", minor = "", patch = "", prerelease = ""] = parts;
  const precision = precisionOf(major, minor.slice(1), patch.slice(1));
  const full = {
    none: `0.0.0${prerelease}`,
    major: `${major}.0.0${prerelease}`,
    minor: `${major}${minor}.0${prerelease}`,
    patch: written,
  }[precision];
  try {
    return { operator, version: parseVersion(full), precision, text: written };
  } catch (error) {
    if (error instanceof SemverError) throw invalid("constraint parser error");
    throw error;
  }
}

function precisionOf(major: string, minor: string, patch: string): Precision {
  const open = (segment: string) => segment === "" || segment === "x" || segment === "X" || segment === "*";
  if (open(major)) return "none";
  if (open(minor)) return "major";
  return open(patch) ? "minor" : "patch";
}

/** Whether a comparison holds; that prereleases are admitted has been decided for the group. */
function holds(comparison: Comparison, version: SemVer): boolean {
  switch (comparison.operator) {
    case "!=":
      return isDifferent(comparison, version);
    case ">":
      return isGreater(comparison, version);
    case "<":
      return version.compare(comparison.version) < 0;
    case ">=":
    case "=>":
      return version.compare(comparison.version) >= 0;
    case "<=":
    case "=<":
      return isLessOrEqual(comparison, version);
    case "~":
    case "~>":
      return isTilde(comparison, version);
    case "^":
      return isCaret(comparison, version);
    default:
      return comparison.precision === "patch"
        ? version.compare(comparison.version) === 0
        : isTilde(comparison, version);
  }
}

function isDifferent({ version: wanted, precision }: Comparison, version: SemVer): boolean {
  if (precision === "patch") return version.compare(wanted) !== 0;
  if (wanted.major !== version.major) return true;
  if (precision === "major") return false;
  if (wanted.minor !== version.minor) return true;
  // `!=*` compares like `!=0.0.0` from here on.
  if (precision === "none") return wanted.patch !== version.patch || version.compare(wanted) !== 0;
  if (version.prerelease === "" && wanted.prerelease === "") return false;
  return comparePrereleases(version.prerelease, wanted.prerelease) !== 0;
}

function isGreater({ version: wanted, precision }: Comparison, version: SemVer): boolean {
  if (precision === "patch") return version.compare(wanted) > 0;
  if (version.major !== wanted.major) return version.major > wanted.major;
  if (precision === "major") return false;
  if (precision === "minor") return version.minor > wanted.minor;
  return version.compare(wanted) > 0;
}

function isLessOrEqual({ version: wanted, precision }: Comparison, version: SemVer): boolean {
  if (precision === "patch") return version.compare(wanted) <= 0;
  if (version.major > wanted.major) return false;
  return !(version.major === wanted.major && version.minor > wanted.minor && precision !== "major");
}

function isTilde({ version: wanted, precision }: Comparison, version: SemVer): boolean {
  if (version.compare(wanted) < 0) return false;
  const zero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n;
  // `~*` and also `~0.0.0` accept every version from there on.
  if (zero && (precision === "none" || precision === "patch")) return true;
  if (version.major !== wanted.major) return false;
  return version.minor === wanted.minor || precision === "major";
}

function isCaret({ version: wanted, precision }: Comparison, version: SemVer): boolean {
  if (version.compare(wanted) < 0) return false;
  if (wanted.major > 0n || precision === "major") return version.major === wanted.major;
  if (version.major > 0n) return false;
  if (wanted.minor > 0n || precision === "minor") return version.minor === wanted.minor;
  return version.minor === 0n && version.patch === wanted.patch;
}
