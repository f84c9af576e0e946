/** What notices that a watch connection is dead though no packet says so. */
import { type Clock, elapsed } from "./clock.ts";

/** ms of silence after which a connection that has sent bookmarks (a server sends one a minute) counts as half open. */
const SILENCE = 180_000;

/**
 * Aborts a connection that opens too late, lets its list wait, lives too long, or falls silent after it has shown that it
 * sends bookmarks.
 */
export class ConnectionGuard {
  /** Why the connection was aborted. */
  expired: string | undefined;
  readonly #now: () => number;
  readonly #end: number;
  /** ms of silence that are too long while something is expected: an answer, or the rest of a list. */
  readonly #patience: number;
  #expecting = true;
  #bookmarks = false;
  #heard: number;
  readonly #stop = new AbortController();

  constructor(clock: Clock, connection: AbortController, end: number, patience: number) {
    this.#now = () => elapsed(clock);
    this.#end = end;
    this.#patience = patience;
    this.#heard = this.#now();
    this.#run(clock, connection);
  }

  /** Nothing is expected any more: from here on silence is ordinary. */
  settled(): void {
    this.#expecting = false;
  }

  heard(bookmark: boolean): void {
    this.#heard = this.#now();
    this.#bookmarks ||= bookmark;
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(clock: Clock, connection: AbortController): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const next = this.#next();
      // Never longer than the silence, which may begin to count while this sleeps.
      await clock.sleep(Math.min(Math.max(next.at - this.#now(), 0), SILENCE), this.#stop.signal);
      if (this.#stop.signal.aborted || this.#next().at > this.#now()) continue;
      this.expired = this.#next().why;
      connection.abort(new DOMException(this.expired, "TimeoutError"));
      return;
    }
  }

  #next(): { readonly at: number; readonly why: string } {
    const limits = [
      { at: this.#expecting ? this.#heard + this.#patience : Infinity, why: "no answer within the deadline" },
      { at: this.#end, why: "the server did not end it in time, so the connection counts as dead" },
      { at: this.#bookmarks ? this.#heard + SILENCE : Infinity, why: "the connection fell silent" },
    ];
    return limits.reduce((first, limit) => limit.at < first.at ? limit : first);
  }
}
