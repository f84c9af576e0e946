/** Work that runs a limited number of pieces at once, first come first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count Pieces at once. */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs `work` as soon as there is room. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A slot goes straight to whoever waits: nobody who comes in between can take it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
