/** The time of one simulated process: fast, settable, and standing still while the process is suspended. */
import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from "../../lib/deps/rxjs.ts";
import type { Clock } from "../../lib/kube/mod.ts";

/** Runs `speed` times as fast as life. */
export class ReplicaClock implements Clock {
  /** ms by which somebody has set the wall clock. */
  offset = 0;
  readonly #speed: number;
  readonly random: () => number;
  #frozen: PromiseWithResolvers<void> | undefined;

  constructor(speed: number, random: () => number) {
    this.#speed = speed;
    this.random = random;
  }

  now(): number {
    return Date.UTC(2026, 0, 1) + this.elapsed() + this.offset;
  }

  elapsed(): number {
    return performance.now() * this.#speed;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms / this.#speed);
      signal?.addEventListener("abort", done);
    });
    await this.thawed();
  }

  /** The process stands still: nothing that it awaits comes back before `thaw`. */
  freeze(): void {
    this.#frozen ??= Promise.withResolvers();
  }

  thaw(): void {
    this.#frozen?.resolve();
    this.#frozen = undefined;
  }

  /** Resolves when the process runs. */
  async thawed(): Promise<void> {
    while (this.#frozen !== undefined) await this.#frozen.promise;
  }

  /** Timers of stream stages on this clock. A suspended process's timers fire after it goes on. */
  scheduler(): SchedulerLike {
    const speed = this.#speed;
    return {
      now: () => this.elapsed(),
      schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
        return asyncScheduler.schedule(work, delay / speed, state);
      },
    };
  }
}
