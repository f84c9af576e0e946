/** Leadership as signals that a loop can wait for. */
import type { Observable, Subscription } from "../deps/rxjs.ts";

/** Follows who leads. */
export class Lead {
  readonly #subscription: Subscription;
  readonly #waiting = new Set<() => void>();
  readonly #followers = new Set<() => void>();
  /** Aborts when the lead is lost; `undefined` while this process does not lead. */
  #lost: AbortController | undefined;

  #holder: string | undefined;

  constructor(leadership$: Observable<{ readonly leading: boolean; readonly holder?: string | undefined }>) {
    this.#subscription = leadership$.subscribe({
      next: ({ leading, holder }) => {
        this.#holder = holder;
        this.#take(leading);
      },
    });
  }

  /** In words, for `/readyz`. */
  get description(): string {
    if (this.leading) return "leading";
    return this.#holder === undefined ? "standby, nobody is known to lead" : `standby, ${this.#holder} leads`;
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

  /** Whether this process leads. */
  get leading(): boolean {
    return this.#lost !== undefined;
  }

  /** Calls `onChange` after each change; returns how to end that. */
  follow(onChange: () => void): () => void {
    this.#followers.add(onChange);
    return () => void this.#followers.delete(onChange);
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  #take(leading: boolean): void {
    if (leading && this.#lost === undefined) {
      this.#lost = new AbortController();
      for (const done of [...this.#waiting]) done();
      this.#tell();
    } else if (!leading && this.#lost !== undefined) {
      const lost = this.#lost;
      this.#lost = undefined;
      lost.abort();
      this.#tell();
    }
  }

  #tell(): void {
    for (const onChange of [...this.#followers]) onChange();
  }
}
