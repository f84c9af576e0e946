/** Go's durations, as annotations and flags write them. */

const UNIT: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g;

/** The ms of `1h30m`, `90s`, `1.5m`; `undefined` for what is none, or is negative. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  let total = 0;
  let read = 0;
  for (const [part, number, unit] of text.matchAll(PART)) {
    total += Number(number) * (UNIT[unit ?? ""] ?? NaN);
    read += part.length;
  }
  return text !== "" && read === text.length ? total : undefined;
}
