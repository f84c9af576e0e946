/** Times in the units that servers ask for. */

/** ns since the epoch of an RFC 3339 time, as decimal digits; `fallback` (ms since the epoch) where it is none. */
export function nanoseconds(time: string, fallback: number): string {
  const parts = /^(.*T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?(Z|[+-]\d{2}:\d{2})$/.exec(time);
  const seconds = parts === null ? NaN : Date.parse(`${parts[1]}${parts[3]}`);
  if (Number.isNaN(seconds)) return `${BigInt(Math.round(fallback)) * 1_000_000n}`;
  return `${BigInt(seconds) * 1_000_000n + BigInt((parts?.[2] ?? "").padEnd(9, "0"))}`;
}
