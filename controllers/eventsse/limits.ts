/** How many streams may be open. */
import { Problem } from "./problem.ts";

/** Options of {@linkcode StreamLimits}. */
export interface LimitOptions {
  /** Streams in all. Default 20,000. */
  readonly total?: number;
  /** Streams of one address. Default 1,000. */
  readonly perAddress?: number;
}

/** Counts open streams, and refuses those beyond the limits. */
export class StreamLimits {
  readonly #total: number;
  readonly #perAddress: number;
  readonly #byAddress = new Map<string, number>();
  #open = 0;

  constructor(options: LimitOptions = {}) {
    this.#total = options.total ?? 20_000;
    this.#perAddress = options.perAddress ?? 1_000;
  }

  /** Takes a place; the function that is returned gives it back, once. @throws {Problem} 503 */
  enter(address: string): () => void {
    const ofAddress = this.#byAddress.get(address) ?? 0;
    if (this.#open >= this.#total) throw full(`This server has ${this.#total} streams open, as many as it may`);
    if (ofAddress >= this.#perAddress) {
      throw full(`Address ${address} has ${ofAddress} streams open, as many as it may`);
    }
    this.#open++;
    this.#byAddress.set(address, ofAddress + 1);
    let entered = true;
    return () => {
      if (!entered) return;
      entered = false;
      this.#open--;
      const left = (this.#byAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    };
  }
}

function full(text: string): Problem {
  // Spread, so that those who were refused together do not come back together.
  const seconds = 5 + Math.floor(Math.random() * 10);
  return new Problem(503, `${text}: try again later`, { headers: { "Retry-After": String(seconds) } });
}
