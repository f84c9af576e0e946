/** The clients that want the same, and what they get. */
import { type Filter, type Labels, matches } from "./filter.ts";
import type { Entry, Journal } from "./journal.ts";

/** An entry that the hub can send. */
export interface HubEntry extends Entry {
  readonly labels: Labels;
}

/** A run of frames as one piece. */
export interface Slice {
  readonly bytes: Uint8Array;
  readonly frames: number;
  /** Number of the newest entry that it covers, wanted or not. */
  readonly seq: number;
  /** Number of the last frame's entry; 0 without frames. */
  readonly last: number;
}

/** What a group needs of its hub. */
export interface GroupSource<E extends HubEntry> {
  readonly journal: Journal<E>;
  /** Frames of an entry, as those see it who use this filter. */
  readonly view: (entry: E, filter: Filter) => Uint8Array;
  /** Bytes of one slice: what a client that does not read costs. */
  readonly sliceBytes: number;
}

/**
 * Cuts what comes after a client's place into one piece, once for all who stand at that place.
 *
 * Fresh frames are in a short log; who is further behind is served from the journal, so that a slow client costs a number.
 */
export class Group<E extends HubEntry, C> {
  readonly clients = new Set<C>();
  readonly #source: GroupSource<E>;
  /** Frames of all wanted entries after {@linkcode #base}. */
  #log: { readonly seq: number; readonly bytes: Uint8Array }[] = [];
  #logBytes = 0;
  #base: number;
  /** Slices by the place that they begin at, until the next entry. */
  readonly #cut = new Map<number, Slice>();

  constructor(readonly filter: Filter, source: GroupSource<E>) {
    this.#source = source;
    this.#base = source.journal.head;
  }

  /** Takes a wanted entry. */
  append(entry: E): void {
    const bytes = this.#source.view(entry, this.filter);
    this.#cut.clear();
    this.#log.push({ seq: entry.seq, bytes });
    this.#logBytes += bytes.length;
    // Beyond this the journal serves as well, and keeps each frame once for all groups.
    if (this.#logBytes > 4 * this.#source.sliceBytes) this.trim(entry.seq);
  }

  /** Forgets the frames up to a number: whoever is behind reads the journal. */
  trim(seq: number): void {
    if (seq <= this.#base) return;
    this.#base = seq;
    if (this.#log.length === 0) return;
    this.#log = this.#log.filter((frame) => frame.seq > seq);
    this.#logBytes = this.#log.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Whether something that was wanted after a place may be gone for good. */
  lost(after: number): boolean {
    return after < this.#base && after < this.#source.journal.evicted;
  }

  /** The next piece after a place; `undefined` where there is nothing. */
  slice(after: number): Slice | undefined {
    const { head } = this.#source.journal;
    if (after >= head) return undefined;
    const known = this.#cut.get(after);
    if (known !== undefined) return known;
    const slice = after >= this.#base ? this.#fromLog(after, head) : this.#fromJournal(after, head);
    // A handful of places at most are shared by many; the rest would only fill memory.
    if (this.#cut.size >= 8) this.#cut.clear();
    this.#cut.set(after, slice);
    return slice;
  }

  #fromLog(after: number, head: number): Slice {
    const pieces = this.#pieces(head);
    for (const { seq, bytes } of this.#log) {
      if (seq > after && !pieces.add(seq, bytes)) break;
    }
    return pieces.join();
  }

  #fromJournal(after: number, head: number): Slice {
    const { journal, view } = this.#source;
    const pieces = this.#pieces(head);
    for (const entry of journal.after(after)) {
      if (matches(this.filter, entry.labels) && !pieces.add(entry.seq, view(entry, this.filter))) break;
    }
    return pieces.join();
  }

  #pieces(head: number): Pieces {
    return new Pieces(head, this.#source.sliceBytes);
  }
}

/** Collects frames up to a size. */
class Pieces {
  readonly #list: Uint8Array[] = [];
  #bytes = 0;
  #last = 0;
  #full = false;

  constructor(readonly head: number, readonly limit: number) {}

  /** False where it does not fit any more; the first always does. */
  add(seq: number, bytes: Uint8Array): boolean {
    if (this.#bytes > 0 && this.#bytes + bytes.length > this.limit) {
      this.#full = true;
      return false;
    }
    this.#list.push(bytes);
    this.#bytes += bytes.length;
    this.#last = seq;
    return true;
  }

  join(): Slice {
    const [only] = this.#list;
    const bytes = only !== undefined && this.#list.length === 1 ? only : concat(this.#list, this.#bytes);
    return { bytes, frames: this.#list.length, seq: this.#full ? this.#last : this.head, last: this.#last };
  }
}

/** One array of many. */
export function concat(list: readonly Uint8Array[], length?: number): Uint8Array {
  const all = new Uint8Array(length ?? list.reduce((sum, bytes) => sum + bytes.length, 0));
  let at = 0;
  for (const bytes of list) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}
