/** What is paused, by whom, and when that changes: an object's own annotations, their end in time, and pauses of a whole fleet. */
import { asyncScheduler, merge, Observable, type SchedulerLike, type Subscription } from "../deps/rxjs.ts";
import { keyOf, type KubeObject, type ObjectKey, type Store } from "../kube/mod.ts";
import type { FleetPauses } from "./fleet_pause.ts";
import { isPaused, pausedUntil } from "./policy.ts";

/** The pauses of one store's objects. */
export interface PauseState {
  /** For `pauseFilter`: whether the object behind a key is paused now. */
  readonly isHeld: (key: ObjectKey) => boolean;
  /** Whether an object is paused now. */
  readonly isPaused: (object: KubeObject) => boolean;
  /** What is known to pause an object that its own annotations do not; `undefined` when nothing does. */
  readonly fleetPause: (object: KubeObject) => string | undefined;
  /** For `pauseFilter`: a key whenever the pause of its object may have begun or ended, at the very ms of `pause-until`, too. */
  readonly changes$: Observable<ObjectKey>;
}

/** Options of {@linkcode pauseState}. */
export interface PauseStateOptions {
  /** Pauses of more than one object. */
  readonly fleet?: FleetPauses | undefined;
  /** Time, for marble tests. */
  readonly scheduler?: SchedulerLike;
}

/** The longest delay that a timer can have, in ms: longer ones are waited for in steps. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * Follows the pauses of a store's objects.
 *
 *     objects:  --a(until 6)--b-----------|
 *     fleet:    ----------------[--]------|
 *     changes:  --a---------a-b-(ab)(ab)--|
 */
export function pauseState(store: Store, options: PauseStateOptions = {}): PauseState {
  const { fleet, scheduler = asyncScheduler } = options;
  const paused = (object: KubeObject) => isPaused(object, scheduler.now()) || fleet?.pauseOf(object) !== undefined;
  const own$ = new Observable<ObjectKey>((subscriber) => {
    const timers = new Map<ObjectKey, Subscription>();
    const stop = (key: ObjectKey) => {
      timers.get(key)?.unsubscribe();
      timers.delete(key);
    };
    const wake = (key: ObjectKey, object: KubeObject) => {
      stop(key);
      const left = (pausedUntil(object) ?? 0) - scheduler.now();
      if (left > 0) timers.set(key, scheduler.schedule(() => wake(key, object), Math.min(left, MAX_TIMER)));
      else subscriber.next(key);
    };
    const subscription = store.changes$.subscribe({
      next: (change) => {
        if (change.type === "deleted") stop(keyOf(change.object));
        if (change.type !== "applied") return;
        const key = keyOf(change.object);
        if ((pausedUntil(change.object) ?? 0) > scheduler.now()) subscriber.next(key);
        wake(key, change.object);
      },
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    subscription.add(() => timers.forEach((timer) => timer.unsubscribe()));
    return subscription;
  });
  const all$ = new Observable<ObjectKey>((subscriber) =>
    fleet?.changes$.subscribe(() => {
      for (const key of [...store.keys()]) subscriber.next(key);
    })
  );
  return {
    isPaused: paused,
    isHeld: (key) => {
      const object = store.get(key);
      return object !== undefined && paused(object);
    },
    fleetPause: (object) => isPaused(object, scheduler.now()) || !fleet?.known ? undefined : fleet.pauseOf(object),
    changes$: fleet === undefined ? own$ : merge(own$, all$),
  };
}
