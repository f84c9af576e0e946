/** The objects of one resource and the recent changes to them. */
import { expired } from "../status.ts";
import type { Commit, Entry } from "./entry.ts";

/**
 * The present objects of one resource, sorted by key, and the last `capacity` commits.
 *
 * Any state that the history still covers can be had again: {@linkcode Collection.at} undoes commits on a copy. So a
 * paged list needs no snapshot kept between its pages.
 */
export class Collection {
  readonly #entries = new Map<string, Entry>();
  #sortedKeys: string[] | undefined;
  #history: Commit[] = [];
  /** Commits up to and including this revision are forgotten. */
  #compacted: number;

  constructor(readonly resource: string, readonly capacity: number, since: number) {
    this.#compacted = since;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The oldest revision from which a watch can start. */
  get oldest(): number {
    return this.#compacted;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** Unsorted; for those who look at everything. */
  all(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** Present entries in key order, of one namespace or of all. */
  list(namespace?: string): Entry[] {
    return pick(this.#keys(), this.#entries, namespace);
  }

  /**
   * Entries in key order as they were at `revision`.
   *
   * @throws ApiError `Expired` when the history does not reach back that far.
   */
  at(revision: number, namespace?: string): Entry[] {
    if (revision < this.#compacted) {
      throw expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list " +
          "without the continue parameter.",
      );
    }
    const newest = this.#history.at(-1);
    if (newest === undefined || newest.revision <= revision) return this.list(namespace);
    const past = new Map(this.#entries);
    for (let index = this.#history.length - 1; index >= 0; index--) {
      const commit = this.#history[index];
      if (commit === undefined || commit.revision <= revision) break;
      if (commit.previous === undefined) past.delete(commit.entry.key);
      else past.set(commit.entry.key, commit.previous);
    }
    return pick([...past.keys()].sort(), past, namespace);
  }

  /**
   * Commits after `revision`, oldest first.
   *
   * @throws ApiError `Expired` when some of them are forgotten.
   */
  since(revision: number): readonly Commit[] {
    if (revision < this.#compacted) {
      throw expired(`too old resource version: ${revision} (${this.#compacted})`);
    }
    const start = this.#history.findLastIndex((commit) => commit.revision <= revision) + 1;
    return this.#history.slice(start);
  }

  /** Takes a change in. */
  push(commit: Commit): void {
    const { key } = commit.entry;
    if (commit.type === "DELETED") this.#entries.delete(key);
    else this.#entries.set(key, commit.entry);
    if (commit.type !== "MODIFIED") this.#sortedKeys = undefined;
    this.#history.push(commit);
    // Dropping half at once keeps the cost of a commit constant on average.
    if (this.#history.length >= 2 * this.capacity) this.#forget(this.#history.length - this.capacity);
  }

  /** Puts an object back as it was stored, without a commit: for loading persisted state. */
  restore(entry: Entry): void {
    this.#entries.set(entry.key, entry);
    this.#sortedKeys = undefined;
  }

  /** Takes a restored object out again, without a commit. */
  forget(key: string): void {
    this.#entries.delete(key);
    this.#sortedKeys = undefined;
  }

  /** Forgets the history; a watch from before now gets 410. */
  compact(now: number): void {
    this.#history = [];
    this.#compacted = now;
  }

  #forget(count: number): void {
    const last = this.#history[count - 1];
    if (last === undefined) return;
    this.#history = this.#history.slice(count);
    this.#compacted = last.revision;
  }

  #keys(): string[] {
    this.#sortedKeys ??= [...this.#entries.keys()].sort();
    return this.#sortedKeys;
  }
}

function pick(sortedKeys: readonly string[], entries: ReadonlyMap<string, Entry>, namespace?: string): Entry[] {
  const prefix = namespace === undefined ? "" : `${namespace}/`;
  const found: Entry[] = [];
  for (let index = lowerBound(sortedKeys, prefix); index < sortedKeys.length; index++) {
    const key = sortedKeys[index];
    if (key === undefined || !key.startsWith(prefix)) break;
    const entry = entries.get(key);
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

/** The index of the first key that is not less than `key`. */
export function lowerBound(sortedKeys: readonly string[], key: string): number {
  let low = 0;
  let high = sortedKeys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sortedKeys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
