import type { Clock } from "../../lib/kube/mod.ts";

/** A clock that somebody can set. */
export interface FastClock extends Clock {
  /** ms by which the wall clock was set; durations do not notice. */
  offset: number;
}

/** A clock that runs `factor` times as fast as life: back-offs and deadlines pass in no time. */
export function fastClock(factor: number): FastClock {
  const elapsed = () => performance.now() * factor;
  const clock: FastClock = {
    offset: 0,
    now: () => elapsed() + clock.offset,
    elapsed,
    random: () => Math.random(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, ms / factor);
        signal?.addEventListener("abort", done);
      }),
  };
  return clock;
}
