import type { Clock } from "../../lib/kube/mod.ts";

/** A clock that runs `factor` times as fast as life: back-offs and deadlines pass in no time. */
export function fastClock(factor: number): Clock {
  return {
    now: () => performance.now() * factor,
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
}
