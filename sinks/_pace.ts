/** Keeps the distance that a chat service asks for between two messages. */
import { setTimeout as wait } from "node:timers/promises";

/** Resolves when the next message may be sent; rejects when the signal aborts first. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** One message every `interval` ms. */
export function pace(interval: number): Pace {
  let next = 0;
  return async (signal) => {
    const now = performance.now();
    const at = Math.max(next, now);
    next = at + interval;
    if (at > now) await wait(at - now, undefined, { signal });
  };
}
