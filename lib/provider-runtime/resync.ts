import { asyncScheduler, Observable, type SchedulerLike, Subscription } from "../deps/rxjs.ts";
import type { Trigger } from "./types.ts";

/** Options of {@linkcode resync}. Times in ms. */
export interface ResyncOptions {
  readonly period: number;
  /** Share of the period over which keys are spread. Default 0.1: each comes within ±10 % of the period. */
  readonly jitter?: number;
  /** Time, for marble tests. */
  readonly scheduler?: SchedulerLike;
  /** A number in [0, 1), for tests. */
  readonly random?: () => number;
}

/** Timers a round: one for each key would be too many. */
const SLICES = 100;

/**
 * Triggers every key once a period, spread out so that they do not all come at once. Cold; never completes.
 *
 *     keys a, b:  -----------b-a---------a--b---------b-a---
 *
 * @param keys What there is to resync when a period begins, e.g. `() => store.keys()`.
 */
export function resync<K extends string>(keys: () => Iterable<K>, options: ResyncOptions): Observable<Trigger<K>> {
  const { period, jitter = 0.1, scheduler = asyncScheduler, random = Math.random } = options;
  return new Observable((subscriber) => {
    const timers = new Subscription();
    const later = (delay: number, work: () => void) => {
      const timer = scheduler.schedule(() => {
        timers.remove(timer);
        work();
      }, delay);
      timers.add(timer);
    };
    const round = () => {
      const slices: K[][] = Array.from({ length: SLICES }, () => []);
      for (const key of keys()) slices[Math.floor(random() * SLICES)]?.push(key);
      for (const [index, slice] of slices.entries()) {
        if (slice.length === 0) continue;
        later(2 * jitter * period * (index / SLICES), () => {
          for (const key of slice) subscriber.next({ key, reason: "resync" });
        });
      }
      later(period, round);
    };
    later(period * (1 - jitter), round);
    return timers;
  });
}
