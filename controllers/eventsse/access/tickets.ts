/** One-time tickets. */
import type { Ticket } from "./types.ts";

/** ms that a ticket is good for: long enough to open a connection. */
const LIFE = 30_000;
/** Tickets that wait at most: whoever asks for more makes the oldest worthless. */
const MOST = 10_000;

/** Gives tickets that stand for something, once. They are good on this replica alone. */
export class Tickets<T> {
  readonly #waiting = new Map<string, { readonly value: T; readonly until: number }>();
  readonly #now: () => number;

  constructor({ now = Date.now }: { readonly now?: () => number } = {}) {
    this.#now = now;
  }

  /** A ticket for a value. */
  give(value: T): Ticket {
    for (const [ticket, { until }] of this.#waiting) {
      if (until > this.#now() && this.#waiting.size < MOST) break;
      this.#waiting.delete(ticket);
    }
    const ticket = `${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll("-", "");
    this.#waiting.set(ticket, { value, until: this.#now() + LIFE });
    return { ticket, expiresIn: LIFE / 1_000 };
  }

  /** What a ticket stands for; `undefined` when it was taken, is too old, or never was. */
  take(ticket: string): T | undefined {
    const found = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    return found !== undefined && found.until > this.#now() ? found.value : undefined;
  }
}
