/** The history in memory: the default. */
import { Subject } from "../../lib/deps/rxjs.ts";
import { matches, newEpoch, Ring } from "../../lib/sse/mod.ts";
import { makeEntry, type StreamEntry } from "./entry.ts";
import type { History, Kept, Page, PageQuery } from "./history.ts";
import type { Message } from "./message.ts";

/** Bounds of a history. */
export interface HistoryBounds {
  readonly maxBytes?: number;
  /** ms */
  readonly maxAge?: number;
}

/** Options of {@linkcode MemoryHistory}. */
export interface MemoryHistoryOptions extends HistoryBounds {
  /** Default: a new one. */
  readonly epoch?: string;
  /** Numbers up to this one were given before and are not here. Default 0. */
  readonly evicted?: number;
  readonly now?: () => number;
}

/** Keeps entries in a ring. The other histories use it as their fast half. */
export class MemoryHistory implements History {
  readonly entries$ = new Subject<StreamEntry>();
  readonly #ring: Ring<StreamEntry>;
  readonly #now: () => number;
  /** Number of the newest entry of a subject, and of the entry with a key. */
  readonly #newest = new Map<string, number>();
  readonly #keys = new Map<string, number>();

  constructor(options: MemoryHistoryOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#ring = new Ring({ epoch: newEpoch(), ...options, onEvict: (entry) => this.#forget(entry) });
  }

  get epoch(): string {
    return this.#ring.epoch;
  }

  get head(): number {
    return this.#ring.head;
  }

  get evicted(): number {
    return this.#ring.evicted;
  }

  /** Bytes and entries that are held. */
  get size(): { readonly bytes: number; readonly entries: number } {
    return { bytes: this.#ring.bytes, entries: this.#ring.length };
  }

  after(seq: number): Iterable<StreamEntry> {
    return this.#ring.after(seq);
  }

  append(messages: readonly Message[]): Promise<readonly Kept[]> {
    return Promise.resolve(messages.map((message) => this.keep(message)));
  }

  /** Keeps one message at the next number. */
  keep(message: Message): Kept {
    const known = this.seqOf(message.dedupe);
    if (known !== undefined) return { seq: known, repeated: true };
    const seq = this.head + 1;
    this.push(makeEntry(message, this.epoch, seq, this.#now()));
    return { seq, repeated: false };
  }

  /** The number of the entry that was published with a key. */
  seqOf(dedupe: string | undefined): number | undefined {
    return dedupe === undefined ? undefined : this.#keys.get(dedupe);
  }

  /** Takes an entry that has its number already. */
  push(entry: StreamEntry): void {
    const { subject, dedupe } = entry.message;
    if (subject !== undefined) this.#newest.set(subject, entry.seq);
    if (dedupe !== undefined) this.#keys.set(dedupe, entry.seq);
    this.#ring.push(entry);
    this.entries$.next(entry);
  }

  page(query: PageQuery): Page {
    const entries: StreamEntry[] = [];
    for (const entry of this.#ring.before(query.before ?? Infinity)) {
      if (!this.#wanted(entry, query)) continue;
      if (entries.length === query.limit) return { entries, next: entries.at(-1)?.seq ?? 0 };
      entries.push(entry);
    }
    return { entries };
  }

  problem(): undefined {
    return undefined;
  }

  close(): Promise<void> {
    this.entries$.complete();
    return Promise.resolve();
  }

  #wanted(entry: StreamEntry, { filter, since, until, versions }: PageQuery): boolean {
    const { time, subject } = entry.message;
    if (since !== undefined && time < since) return false;
    if (until !== undefined && time > until) return false;
    if (!versions && subject !== undefined && this.#newest.get(subject) !== entry.seq) return false;
    return matches(filter, entry.labels);
  }

  #forget({ seq, message: { subject, dedupe } }: StreamEntry): void {
    if (subject !== undefined && this.#newest.get(subject) === seq) this.#newest.delete(subject);
    if (dedupe !== undefined && this.#keys.get(dedupe) === seq) this.#keys.delete(dedupe);
  }
}
