import { type MonoTypeOperatorFunction, Observable, Subscription } from "../deps/rxjs.ts";
import { moreUrgent, type Trigger, type TriggerReason } from "./types.ts";

/** Options of {@linkcode pauseFilter}. */
export interface PauseFilterOptions<K extends string> {
  /** Called when a key that is paused is held back for the first time since it was last let go. */
  readonly onHeld?: (key: K) => void;
}

/**
 * Holds the keys of paused objects back and lets each go, once, when its object resumes.
 *
 * Nothing is lost while paused and nothing is stored but the key: the object is read again on release.
 *
 *     source:  --a--b--a-------------|
 *     paused:  --[a-------]----------|
 *     result:  -----b-----a----------|
 *
 * @param isPaused Whether the object behind a key is paused now. Called once per key and arrival.
 * @param paused Emits a key whenever its object's pause state may have changed; `isPaused` is asked then.
 */
export function pauseFilter<K extends string>(
  isPaused: (key: K) => boolean,
  paused: Observable<K>,
  options: PauseFilterOptions<K> = {},
): MonoTypeOperatorFunction<Trigger<K>> {
  return (source) =>
    new Observable((subscriber) => {
      const held = new Map<K, TriggerReason>();
      const subscription = new Subscription();
      // Before the source, so that a key that resumes and arrives at once is not let go twice.
      subscription.add(paused.subscribe({
        next: (key) => {
          const reason = held.get(key);
          if (reason === undefined || isPaused(key)) return;
          held.delete(key);
          subscriber.next({ key, reason });
        },
        error: (error) => subscriber.error(error),
      }));
      subscription.add(source.subscribe({
        next: (trigger) => {
          const { key, reason } = trigger;
          const known = held.get(key);
          if (!isPaused(key)) {
            held.delete(key);
            subscriber.next(known === undefined ? trigger : { ...trigger, reason: moreUrgent(known, reason) });
            return;
          }
          held.set(key, known === undefined ? reason : moreUrgent(known, reason));
          if (known === undefined) options.onHeld?.(key);
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }));
      return subscription;
    });
}
