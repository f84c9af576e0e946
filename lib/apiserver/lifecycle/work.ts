/** Work that lifecycle controllers do after a commit, not within it. */
import { ApiError } from "../status.ts";

/** ms before a refused piece is tried again; doubled with each refusal. */
const FIRST_RETRY = 100;
const LONGEST_RETRY = 30_000;

/**
 * Runs each scheduled piece once, in order, right after the code that is running now.
 *
 * A listener must not write while a commit is being told to the others, or they would hear of the two in the wrong order. What
 * the server refuses, as when a policy keeps an object from being deleted, is tried again, as the real controllers do.
 */
export class Work {
  readonly #pending = new Map<string, () => void>();
  readonly #refused = new Map<string, { delay: number; timer: ReturnType<typeof setTimeout> | undefined }>();
  #scheduled = false;
  #closed = false;

  /** A piece of the same key that has not run yet is replaced. */
  schedule(key: string, piece: () => void): void {
    if (this.#closed) return;
    this.#pending.set(key, piece);
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#pending.clear();
    for (const { timer } of this.#refused.values()) clearTimeout(timer);
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    for (const [key, piece] of this.#pending) {
      this.#pending.delete(key);
      try {
        piece();
        this.#forgive(key);
      } catch (error) {
        if (!(error instanceof ApiError)) {
          // A defect is to be seen, but the other pieces are not to wait for ever.
          if (this.#pending.size > 0) this.#wake();
          throw error;
        }
        this.#retry(key, piece);
      }
    }
  }

  #forgive(key: string): void {
    clearTimeout(this.#refused.get(key)?.timer);
    this.#refused.delete(key);
  }

  #retry(key: string, piece: () => void): void {
    const before = this.#refused.get(key);
    clearTimeout(before?.timer);
    const delay = before === undefined ? FIRST_RETRY : Math.min(before.delay * 2, LONGEST_RETRY);
    this.#refused.set(key, { delay, timer: setTimeout(() => this.schedule(key, piece), delay) });
  }
}
