/** Work that lifecycle controllers do after a commit, not within it. */

/**
 * Runs each scheduled piece once, in order, right after the code that is running now.
 *
 * A listener must not write while a commit is being told to the others, or they would hear of the two in the wrong order.
 */
export class Work {
  readonly #pending = new Map<string, () => void>();
  #scheduled = false;
  #closed = false;

  /** A piece of the same key that has not run yet is replaced. */
  schedule(key: string, piece: () => void): void {
    if (this.#closed) return;
    this.#pending.set(key, piece);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#run());
  }

  close(): void {
    this.#closed = true;
    this.#pending.clear();
  }

  #run(): void {
    this.#scheduled = false;
    for (const [key, piece] of this.#pending) {
      this.#pending.delete(key);
      piece();
    }
  }
}
