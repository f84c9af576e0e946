/** Leadership as signals that a loop can wait for. */
import type { Observable, Subscription } from "../deps/rxjs.ts";

/** Follows who leads. */
export class Lead {
  readonly #subscription: Subscription;
  readonly #waiting = new Set<() => void>();
  /** Aborts when the lead is lost; `undefined` while this process does not lead. */
  #lost: AbortController | undefined;

  constructor(leadership$: Observable<{ readonly leading: boolean }>) {
    this.#subscription = leadership$.subscribe({ next: ({ leading }) => this.#take(leading) });
  }

  /** Resolves, once this process leads, to a signal that aborts when it does no more; to `undefined` when `stop` aborts. */
  wait(stop: AbortSignal): Promise<AbortSignal | undefined> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve(undefined);
      if (this.#lost !== undefined) return resolve(this.#lost.signal);
      const done = () => {
        this.#waiting.delete(done);
        stop.removeEventListener("abort", done);
        resolve(this.#lost?.signal);
      };
      this.#waiting.add(done);
      stop.addEventListener("abort", done);
    });
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  #take(leading: boolean): void {
    if (leading && this.#lost === undefined) {
      this.#lost = new AbortController();
      for (const done of [...this.#waiting]) done();
    } else if (!leading) {
      const lost = this.#lost;
      this.#lost = undefined;
      lost?.abort();
    }
  }
}
