import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike, Subscription } from "../deps/rxjs.ts";
import { moreUrgent, type Trigger } from "./types.ts";

/** Options of {@linkcode debounceByKey}. Times in ms. */
export interface DebounceOptions {
  /** How long a key must be quiet. */
  readonly quiet: number;
  /** How long a key may be held at most, however restless. Default: ten times `quiet`. */
  readonly maxWait?: number;
  /** Time, for marble tests. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Lets each key go when it has been quiet for a while; a key that is never quiet goes every `maxWait`.
 *
 *     source: -a-a-b-----|          quiet 3
 *     result: ------a-b--|
 *
 *     source: -a-a-a-a-a-a|         quiet 3, maxWait 6
 *     result: -------a----(a|)
 *
 * Of several reasons the most urgent goes on. What is held when the source completes goes at once; an error loses it.
 * Memory: one entry for each key that is held, none for the others.
 */
export function debounceByKey<K extends string>(options: DebounceOptions): OperatorFunction<Trigger<K>, Trigger<K>> {
  const { quiet, maxWait = 10 * quiet, scheduler = asyncScheduler } = options;
  return (source) =>
    new Observable((subscriber) => {
      const held = new Map<K, { trigger: Trigger<K>; readonly latest: number; timer: Subscription }>();
      const timers = new Subscription();
      const release = (key: K) => {
        const entry = held.get(key);
        if (entry === undefined) return;
        held.delete(key);
        timers.remove(entry.timer);
        subscriber.next(entry.trigger);
      };
      const hold = (key: K, delay: number): Subscription => {
        const timer = scheduler.schedule(() => release(key), Math.max(delay, 0));
        timers.add(timer);
        return timer;
      };
      timers.add(source.subscribe({
        next: (trigger) => {
          const { key } = trigger;
          const now = scheduler.now();
          const entry = held.get(key);
          if (entry === undefined) {
            held.set(key, { trigger, latest: now + maxWait, timer: hold(key, Math.min(quiet, maxWait)) });
            return;
          }
          entry.trigger = { ...trigger, reason: moreUrgent(entry.trigger.reason, trigger.reason) };
          entry.timer.unsubscribe();
          timers.remove(entry.timer);
          entry.timer = hold(key, Math.min(quiet, entry.latest - now));
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          for (const key of [...held.keys()]) release(key);
          subscriber.complete();
        },
      }));
      return timers;
    });
}
