import { Constraint, SemverError, tryParseVersion } from "../../gotemplate/functions/mod.ts";

/** Whether a version satisfies a range; false where either cannot be read, as in Helm. */
export function isCompatibleRange(range: string, version: string): boolean {
  const parsed = tryParseVersion(version);
  if (parsed === undefined) return false;
  try {
    return Constraint.parse(range).check(parsed);
  } catch (error) {
    if (error instanceof SemverError) return false;
    throw error;
  }
}

/** Whether Helm can read a chart's version. */
export function isVersion(version: string): boolean {
  return tryParseVersion(version) !== undefined;
}
