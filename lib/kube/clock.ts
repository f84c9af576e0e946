/** Time and chance as a parameter, so that every wait in this folder can be tested without waiting. */

/** What waits and draws. Times in ms. */
export interface Clock {
  /** ms since the epoch. It jumps when somebody sets the computer's clock. */
  now(): number;
  /** ms since some moment, by a clock that nobody can set; `now` where it is absent. */
  elapsed?(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(id);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const id = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    }),
};

/** ms by which durations are measured: a jump of the computer's clock does not change it. */
export function elapsed(clock: Clock): number {
  return clock.elapsed?.() ?? clock.now();
}

/** Options of {@linkcode backoffDelay}. Times in ms. */
export interface BackoffOptions {
  readonly base: number;
  readonly max: number;
  /** Share of the delay that is random: 0.2 spreads it over ±20 %. */
  readonly jitter: number;
}

/** The delay before attempt `failures + 1`: `base` doubled a failure, capped at `max`, then jittered. */
export function backoffDelay(failures: number, options: BackoffOptions, random: () => number): number {
  const exponent = Math.min(Math.max(failures - 1, 0), 30);
  const delay = Math.min(options.base * 2 ** exponent, options.max);
  return Math.round(delay * (1 + options.jitter * (2 * random() - 1)));
}
