/** Choosing a version. */
import { Constraint, type SemVer, SemverError, tryParseVersion } from "../../gotemplate/functions/mod.ts";

/**
 * The version that a wish stands for: the exact text where it is among the candidates, else the highest that satisfies it
 * as a constraint; an empty wish means the highest that is no prerelease.
 *
 * @returns `undefined` where none fits.
 */
export function chooseVersion(candidates: readonly string[], wish: string | undefined): string | undefined {
  if (wish && candidates.includes(wish)) return wish;
  const constraint = constraintOf(wish);
  if (!constraint) return undefined;
  let best: SemVer | undefined;
  for (const candidate of candidates) {
    const version = tryParseVersion(candidate);
    if (version && constraint.check(version) && (!best || version.compare(best) > 0)) best = version;
  }
  return best?.original;
}

function constraintOf(wish: string | undefined): Constraint | undefined {
  try {
    return Constraint.parse(wish || "*");
  } catch (error) {
    if (error instanceof SemverError) return undefined;
    throw error;
  }
}
