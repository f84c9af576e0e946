/** A client that reconnects as a browser does, and checks what it gets. */
import { EventParser } from "../../lib/sse/mod.ts";

/** ms between two attempts; a browser waits longer. */
const RETRY = 30;

/** Follows all events, or those of one composition. Numbers of one composition are `step` apart. */
export class FollowingClient {
  /** Times that it was connected. */
  connections = 0;
  resets = 0;
  /** Events that it got. */
  received = 0;
  readonly #url: string;
  readonly #random: () => number;
  readonly #wanted: number | undefined;
  readonly #step: number;
  readonly #complaints: string[] = [];
  #lastEventId = "earliest";
  #last: number;
  /** A reset was said, and no event came since. */
  #wasReset = false;
  #stalled: Promise<void> | undefined;
  #abort = new AbortController();
  #stopping = false;
  #running: Promise<void> | undefined;

  /** @param wanted Remainder of the numbers that it wants by `compositions`. */
  constructor(url: string, random: () => number, wanted: number | undefined, compositions: number) {
    this.#url = `${url}/notifications?${wanted === undefined ? "topic=krateo" : `composition=c${wanted}`}`;
    this.#random = random;
    this.#wanted = wanted;
    this.#step = wanted === undefined ? 1 : compositions;
    // The number before the first one that it wants.
    this.#last = wanted === undefined || wanted === 0 ? 0 : wanted - compositions;
  }

  start(): void {
    this.#running = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#abort.abort();
    await this.#running;
  }

  /** Breaks the connection. */
  disconnect(): void {
    this.#abort.abort();
  }

  /** Reads nothing for a while. */
  stall(ms: number): void {
    this.#stalled ??= new Promise<void>((resolve) => setTimeout(resolve, ms)).finally(() => this.#stalled = undefined);
  }

  /** Whether it has the newest event that it wants among the first `published`. */
  hasUpTo(published: number): boolean {
    return this.#last > published - this.#step;
  }

  /** What was wrong. */
  complaints(published: number, mayReset: boolean): string[] {
    const name = this.#wanted === undefined ? "a client of all events" : `a client of composition c${this.#wanted}`;
    const late = this.hasUpTo(published) ? [] : [`it has nothing after ${this.#last} of ${published}`];
    const reset = this.resets > 0 && !mayReset ? [`it was reset ${this.resets} times although nothing was lost`] : [];
    return [...this.#complaints, ...late, ...reset].map((complaint) => `${name}: ${complaint}`);
  }

  async #follow(): Promise<void> {
    while (!this.#stopping) {
      this.#abort = new AbortController();
      try {
        await this.#connect(this.#abort.signal);
      } catch {
        // Broken by us, by the server's end, or nobody is there: it connects again.
      }
      if (!this.#stopping) await new Promise((resolve) => setTimeout(resolve, RETRY * (1 + this.#random())));
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const response = await fetch(this.#url, { signal, headers: { "Last-Event-ID": this.#lastEventId } });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return;
    }
    this.connections++;
    const parser = new EventParser(this.#lastEventId);
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    // Deno's fetch does not always break a body that is read at the moment of the abort.
    signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await this.#stalled;
      for (const { event, data } of parser.push(decoder.decode(value, { stream: true }))) this.#take(event, data);
      // Only what was dispatched counts, as in a browser.
      this.#lastEventId = parser.lastEventId;
    }
  }

  #take(event: string, data: string): void {
    if (event === "reset") {
      this.resets++;
      this.#wasReset = true;
    }
    if (event === "reset" || event === "drain") return;
    const number = parseInt(JSON.parse(data).message);
    this.received++;
    const isNext = number === this.#last + this.#step;
    // After a reset there may be a gap; a server without its memory may also repeat what it was sent again.
    if (!isNext && !this.#wasReset) this.#complaints.push(`got ${number} after ${this.#last}`);
    this.#wasReset = false;
    this.#last = number;
  }
}
