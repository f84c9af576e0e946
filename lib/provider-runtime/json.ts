/** Comparing and diffing plain JSON. */

/** Whether two JSON values say the same; `undefined` fields count as absent, order of keys does not matter. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => equalJson(a[key], b[key]));
}

/** The JSON merge patch (RFC 7386) that turns `before` into `after`. Arrays are replaced as a whole. */
export function mergePatch(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, next] = [before[key], after[key]];
    if (equalJson(old, next)) continue;
    if (next === undefined) patch[key] = null;
    else patch[key] = isMap(old) && isMap(next) ? mergePatch(old, next) : next;
  }
  return patch;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
