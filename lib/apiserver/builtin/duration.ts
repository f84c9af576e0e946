/** Ages in the notation of `kubectl get`: two figures at most, coarser as they grow. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

function pair(value: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const whole = Math.floor(value / large);
  const rest = Math.floor((value % large) / small);
  return rest === 0 ? `${whole}${largeUnit}` : `${whole}${largeUnit}${rest}${smallUnit}`;
}

/** `97s`, `3m20s`, `45m`, `5h12m`, `26h`, `3d4h`, `12d`, `2y30d`, `9y`. @param duration ms */
export function humanDuration(duration: number): string {
  if (duration < -SECOND) return "<invalid>";
  if (duration < 0) return "0s";
  if (duration < 2 * MINUTE) return `${Math.floor(duration / SECOND)}s`;
  if (duration < 10 * MINUTE) return pair(duration, MINUTE, "m", SECOND, "s");
  if (duration < 3 * HOUR) return `${Math.floor(duration / MINUTE)}m`;
  if (duration < 8 * HOUR) return pair(duration, HOUR, "h", MINUTE, "m");
  if (duration < 2 * DAY) return `${Math.floor(duration / HOUR)}h`;
  if (duration < 8 * DAY) return pair(duration, DAY, "d", HOUR, "h");
  if (duration < 2 * YEAR) return `${Math.floor(duration / DAY)}d`;
  if (duration < 8 * YEAR) return pair(duration, YEAR, "y", DAY, "d");
  return `${Math.floor(duration / YEAR)}y`;
}

/** The age of a timestamp, `<unknown>` without one. @param now ms since the epoch */
export function ageOf(timestamp: unknown, now: number): string {
  const then = typeof timestamp === "string" ? Date.parse(timestamp) : NaN;
  return Number.isNaN(then) ? "<unknown>" : humanDuration(now - then);
}
