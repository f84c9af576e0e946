/** Which version of a group is preferred. */

/** Kubernetes' order: `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, then all others by the alphabet. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [versionRank(left), versionRank(right)];
  if (a === undefined || b === undefined) {
    if (a !== undefined) return -1;
    return b !== undefined ? 1 : compareText(left, right);
  }
  return b.stability - a.stability || b.major - a.major || b.minor - a.minor;
}

/** The order of code units. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function versionRank(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (match === null) return undefined;
  const stability = match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0;
  return { stability, major: Number(match[1]), minor: Number(match[3] ?? 0) };
}
