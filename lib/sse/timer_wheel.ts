/** Many coarse timers on one real one. */
import { asyncScheduler, type SchedulerLike, type Subscription } from "../deps/rxjs.ts";

/** A timer that waits. */
export interface WheelTimer {
  /** Does nothing when it has run already. */
  cancel(): void;
}

interface Timer extends WheelTimer {
  /** Tick at which it runs. */
  due: number;
  run: () => void;
}

/**
 * A hashed timer wheel: setting and cancelling cost the same however many timers wait, and there is one system timer at most,
 * none while nothing waits. Timers run up to one tick late, never early.
 */
export class TimerWheel {
  readonly #slots: Set<Timer>[];
  readonly #tick: number;
  readonly #scheduler: SchedulerLike;
  #now = 0;
  #size = 0;
  #turning: Subscription | undefined;

  /** @param options `tick`: ms, default 250. `slots`: default 256. */
  constructor(options: { readonly tick?: number; readonly slots?: number; readonly scheduler?: SchedulerLike } = {}) {
    this.#tick = options.tick ?? 250;
    this.#scheduler = options.scheduler ?? asyncScheduler;
    this.#slots = Array.from({ length: options.slots ?? 256 }, () => new Set<Timer>());
  }

  /** How many timers wait. */
  get size(): number {
    return this.#size;
  }

  /** Runs something once after `delay` ms. */
  schedule(delay: number, run: () => void): WheelTimer {
    // One more, since the tick that runs now is partly over.
    const due = this.#now + Math.max(1, Math.ceil(delay / this.#tick)) + (this.#turning === undefined ? 0 : 1);
    const slot = this.#slotAt(due);
    const timer: Timer = {
      due,
      run,
      cancel: () => {
        if (!slot.delete(timer)) return;
        this.#size--;
        this.#restIfEmpty();
      },
    };
    slot.add(timer);
    this.#size++;
    this.#turning ??= this.#turn();
    return timer;
  }

  #turn(): Subscription {
    const tick = this.#tick;
    const advance = () => this.#advance();
    return this.#scheduler.schedule(function () {
      advance();
      this.schedule(undefined, tick);
    }, tick);
  }

  #advance(): void {
    this.#now++;
    for (const timer of this.#slotAt(this.#now)) {
      if (timer.due > this.#now) continue; // of a later turn of the wheel
      timer.cancel();
      timer.run();
    }
  }

  #slotAt(due: number): Set<Timer> {
    const slot = this.#slots[due % this.#slots.length];
    if (slot === undefined) throw new RangeError("A timer wheel needs at least one slot");
    return slot;
  }

  #restIfEmpty(): void {
    if (this.#size > 0) return;
    this.#turning?.unsubscribe();
    this.#turning = undefined;
  }
}
