import {
  comparePrereleases,
  Constraint,
  type SemVer,
  SemverError,
  tryParseVersion,
} from "../../gotemplate/functions/mod.ts";
import { ChartFetchError } from "./errors.ts";

/** Something that has a version. */
export interface Versioned {
  readonly version: string;
}

/**
 * Chooses from what there is: the exact version, else the newest that satisfies the range; without a version the newest
 * stable one. A leading `v` does not matter.
 *
 * @throws ChartFetchError `VersionNotFound`, naming the newest that there are; `InvalidReference` for a broken range.
 */
export function chooseVersion<V extends Versioned>(
  candidates: readonly V[],
  wanted: string,
  what: string,
  url: string,
): V {
  const exact = candidates.find(({ version }) => version === wanted);
  if (exact !== undefined) return exact;
  const range = wanted === "" ? ">0.0.0-0" : wanted;
  const constraint = parseRange(range, what);
  const known = candidates.flatMap((candidate) => {
    const version = tryParseVersion(candidate.version);
    return version === undefined ? [] : [{ candidate, version }];
  });
  const fitting = known
    .filter(({ version }) => (wanted !== "" || version.prerelease === "") && constraint.check(version))
    .toSorted((a, b) => compareVersions(b.version, a.version));
  const [best] = fitting;
  if (best !== undefined) return best.candidate;
  const newest = known.toSorted((a, b) => compareVersions(b.version, a.version)).slice(0, 5).map(({ candidate }) =>
    candidate.version
  );
  const there = newest.length === 0 ? "there is none" : `the newest there are ${newest.join(", ")}`;
  const asked = wanted === "" ? "no stable version" : `no version "${wanted}"`;
  throw new ChartFetchError(
    "VersionNotFound",
    `Cannot fetch ${what} from ${url}: ${asked}, ${there}: correct spec.chart.version`,
  );
}

/** Whether a text is one version rather than a range. */
export function isExactVersion(text: string): boolean {
  return tryParseVersion(text) !== undefined && /^v?\d+\.\d+\.\d+/.test(text);
}

function parseRange(range: string, what: string): Constraint {
  try {
    return Constraint.parse(range);
  } catch (error) {
    if (!(error instanceof SemverError)) throw error;
    throw new ChartFetchError(
      "InvalidReference",
      `Cannot fetch ${what}: "${range}" is neither a version nor a range: ${error.message}`,
      {
        cause: error,
      },
    );
  }
}

function compareVersions(a: SemVer, b: SemVer): number {
  for (const part of ["major", "minor", "patch"] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  }
  if (a.prerelease === "" || b.prerelease === "") {
    return a.prerelease === b.prerelease ? 0 : a.prerelease === "" ? 1 : -1;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}
