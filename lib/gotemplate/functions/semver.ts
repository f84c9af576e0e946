/**
 * Semantic versions with the rules of the library that Helm uses (Masterminds semver 3.5): a leading `v`, a missing minor or
 * patch, and leading zeros are accepted; metadata does not count in comparisons.
 *
 * @module
 */

/** What is wrong with a version or a constraint. */
export type SemverReason = "invalid-version" | "invalid-constraint" | "overflow";

/** A version or constraint that cannot be read. The message is the one that Helm prints. */
export class SemverError extends Error {
  override readonly name = "SemverError";
  constructor(readonly reason: SemverReason, message: string) {
    super(message);
  }
}

const LOOSE =
  /^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const STRICT =
  /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;
const DIGITS = /^[0-9]+$/;
const MAX_SEGMENT = (1n << 64n) - 1n;
/** Longest version text that is read, in characters. */
const MAX_LENGTH = 256;

/** A semantic version. Immutable. */
export class SemVer {
  /** @param original The text that the version was read from. */
  constructor(
    readonly major: bigint,
    readonly minor: bigint,
    readonly patch: bigint,
    readonly prerelease: string,
    readonly metadata: string,
    readonly original: string,
  ) {}

  /** The canonical form, `1.2.3-rc.1+build`. */
  toString(): string {
    const pre = this.prerelease === "" ? "" : `-${this.prerelease}`;
    const meta = this.metadata === "" ? "" : `+${this.metadata}`;
    return `${this.major}.${this.minor}.${this.patch}${pre}${meta}`;
  }

  /** Negative, 0 or positive as this version is lower than, equal to or higher than the other. Metadata does not count. */
  compare(other: SemVer): number {
    return order(this.major, other.major) || order(this.minor, other.minor) || order(this.patch, other.patch) ||
      compareReleases(this.prerelease, other.prerelease);
  }

  /**
   * The same version with another part raised, prerelease and metadata dropped; a leading `v` of the original stays.
   *
   * @throws {SemverError} `overflow`: no number of 64 bits comes after that part.
   */
  raised(part: "major" | "minor" | "patch"): SemVer {
    if (this[part] === MAX_SEGMENT && (part !== "patch" || this.prerelease === "")) {
      throw new SemverError("overflow", `${part} version increment would overflow uint64`);
    }
    const next = {
      major: () => [this.major + 1n, 0n, 0n] as const,
      minor: () => [this.major, this.minor + 1n, 0n] as const,
      // A prerelease of 1.2.3 becomes 1.2.3 itself.
      patch: () => [this.major, this.minor, this.prerelease === "" ? this.patch + 1n : this.patch] as const,
    }[part]();
    return this.renamed(...next, "", "");
  }

  /** The same version with another prerelease. */
  withPrerelease(prerelease: string): SemVer {
    if (prerelease !== "") checkPrerelease(prerelease);
    return this.renamed(this.major, this.minor, this.patch, prerelease, this.metadata);
  }

  /** The same version with other metadata. */
  withMetadata(metadata: string): SemVer {
    if (metadata !== "" && !/^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$/.test(metadata)) {
      throw invalid("invalid metadata string");
    }
    return this.renamed(this.major, this.minor, this.patch, this.prerelease, metadata);
  }

  private renamed(major: bigint, minor: bigint, patch: bigint, prerelease: string, metadata: string): SemVer {
    const bare = new SemVer(major, minor, patch, prerelease, metadata, "").toString();
    return new SemVer(major, minor, patch, prerelease, metadata, this.original.startsWith("v") ? `v${bare}` : bare);
  }
}

/**
 * Reads a version leniently: `v1`, `1.2` and `01.2.3` are versions.
 *
 * @throws {SemverError} `invalid-version`.
 */
export function parseVersion(text: string): SemVer {
  if (text.length > MAX_LENGTH) throw invalid(`version string is too long (max ${MAX_LENGTH} bytes)`);
  const match = LOOSE.exec(text);
  if (match === null) throw invalid("invalid semantic version");
  const [, major = "0", minor = ".0", patch = ".0", prerelease = "", metadata = ""] = match;
  const version = new SemVer(
    segment(major),
    segment(minor.slice(1)),
    segment(patch.slice(1)),
    prerelease,
    metadata,
    text,
  );
  if (prerelease !== "") checkPrerelease(prerelease);
  return version;
}

/** Reads a version as the specification writes it: three segments, no `v`, no leading zeros; `undefined` when it is not one. */
export function parseStrictVersion(text: string): SemVer | undefined {
  return text.length <= MAX_LENGTH && STRICT.test(text) ? tryParseVersion(text) : undefined;
}

/** {@linkcode parseVersion} that gives `undefined` for what is not a version. */
export function tryParseVersion(text: string): SemVer | undefined {
  try {
    return parseVersion(text);
  } catch (error) {
    if (error instanceof SemverError) return undefined;
    throw error;
  }
}

function segment(digits: string): bigint {
  const value = BigInt(digits);
  if (value <= MAX_SEGMENT) return value;
  throw invalid(`error parsing version segment: strconv.ParseUint: parsing "${digits}": value out of range`);
}

function checkPrerelease(text: string): void {
  for (const part of text.split(".")) {
    if (DIGITS.test(part) && part.length > 1 && part.startsWith("0")) throw invalid("version segment starts with 0");
    if (!/^[0-9A-Za-z-]+$/.test(part)) throw invalid("invalid prerelease string");
  }
}

function invalid(message: string): SemverError {
  return new SemverError("invalid-version", message);
}

function order<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A version without a prerelease is higher than one with. */
function compareReleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  return comparePrereleases(a, b);
}

/** Compares two prereleases part by part: numbers below words, fewer parts below more. */
export function comparePrereleases(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const found = comparePart(left[i] ?? "", right[i] ?? "");
    if (found !== 0) return found;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return -1;
  if (b === "") return 1;
  const numeric = [isNumber(a), isNumber(b)];
  if (numeric[0] && numeric[1]) return order(BigInt(a), BigInt(b)) || -1;
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return order(a, b);
}

function isNumber(text: string): boolean {
  return DIGITS.test(text) && BigInt(text) <= MAX_SEGMENT;
}
