/** A journal in memory, bounded by bytes and age. */
import { newEpoch } from "./event_id.ts";
import type { Entry, Journal } from "./journal.ts";

/** What a {@linkcode Ring} needs to know of an entry. */
export interface RingEntry extends Entry {
  /** ms since the epoch at which it was kept. */
  readonly kept: number;
  /** Bytes that it costs. */
  readonly size: number;
}

/** Options of {@linkcode Ring}. */
export interface RingOptions<E extends RingEntry> {
  /** Bytes that all entries together may cost. Default 64 MiB. */
  readonly maxBytes?: number;
  /** ms after which an entry is dropped. Default 2 h. */
  readonly maxAge?: number;
  /** Default: a new one. */
  readonly epoch?: string;
  /** Numbers up to this one were given before and are not here. Default 0. */
  readonly evicted?: number;
  /** ms since the epoch. */
  readonly now?: () => number;
  /** Called with each entry that is dropped. */
  readonly onEvict?: (entry: E) => void;
}

/** Entries in order, oldest dropped first. */
export class Ring<E extends RingEntry> implements Journal<E> {
  readonly epoch: string;
  readonly #maxBytes: number;
  readonly #maxAge: number;
  readonly #now: () => number;
  readonly #onEvict: ((entry: E) => void) | undefined;
  #entries: E[] = [];
  /** Entries before this index are dropped; the array is cut when they are half of it. */
  #start = 0;
  #bytes = 0;
  #head: number;
  #evicted: number;

  constructor(options: RingOptions<E> = {}) {
    this.epoch = options.epoch ?? newEpoch();
    this.#maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
    this.#maxAge = options.maxAge ?? 2 * 60 * 60 * 1000;
    this.#now = options.now ?? Date.now;
    this.#onEvict = options.onEvict;
    this.#evicted = this.#head = options.evicted ?? 0;
  }

  get head(): number {
    return this.#head;
  }

  get evicted(): number {
    this.#dropOld();
    return this.#evicted;
  }

  /** Bytes that the entries cost. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many entries there are. */
  get length(): number {
    return this.#entries.length - this.#start;
  }

  /** Keeps an entry; its number must be above all earlier ones. */
  push(entry: E): void {
    if (entry.seq <= this.#head) {
      throw new RangeError(`Cannot keep entry ${entry.seq}: ${this.#head} was kept already, numbers only count up`);
    }
    this.#entries.push(entry);
    this.#head = entry.seq;
    this.#bytes += entry.size;
    while (this.#bytes > this.#maxBytes && this.length > 1) this.#dropFirst();
    this.#dropOld();
  }

  *after(seq: number): Generator<E> {
    this.#dropOld();
    const entries = this.#entries;
    for (let index = this.#indexAfter(seq); index < entries.length; index++) {
      const entry = entries[index];
      if (entry !== undefined) yield entry;
    }
  }

  /** What comes before a number, newest first. */
  *before(seq: number): Generator<E> {
    this.#dropOld();
    const entries = this.#entries;
    const start = this.#start;
    for (let index = this.#indexAfter(seq - 1) - 1; index >= start; index--) {
      const entry = entries[index];
      if (entry !== undefined) yield entry;
    }
  }

  /** Index of the first entry above `seq`. */
  #indexAfter(seq: number): number {
    let low = this.#start;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.seq ?? Infinity) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #dropOld(): void {
    const oldest = this.#now() - this.#maxAge;
    while (this.length > 0 && (this.#entries[this.#start]?.kept ?? Infinity) < oldest) this.#dropFirst();
  }

  #dropFirst(): void {
    const entry = this.#entries[this.#start];
    if (entry === undefined) return;
    this.#start++;
    this.#bytes -= entry.size;
    this.#evicted = entry.seq;
    // A new array, not splice(): whoever walks the old one at this moment goes on undisturbed.
    if (this.#start > 1_024 && this.#start * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
    this.#onEvict?.(entry);
  }
}
