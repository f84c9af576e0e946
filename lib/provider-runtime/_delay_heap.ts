/** Keys that become due: a binary heap, so that a hundred thousand of them need one timer. */

/** A key and when it is due, in ms of whatever clock the caller uses. */
export interface Due<K> {
  readonly key: K;
  readonly at: number;
}

/** At most one due time a key; the earliest wins. */
export class DelayHeap<K> {
  readonly #heap: Due<K>[] = [];
  /** The entry of each key that counts; others in the heap are leftovers, skipped when they surface. */
  readonly #current = new Map<K, Due<K>>();

  get size(): number {
    return this.#current.size;
  }

  /** Sets when a key is due, unless it already is due earlier. */
  add(key: K, at: number): void {
    const known = this.#current.get(key);
    if (known !== undefined && known.at <= at) return;
    const entry = { key, at };
    this.#current.set(key, entry);
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
  }

  delete(key: K): boolean {
    const deleted = this.#current.delete(key);
    // Leftovers must not outgrow what counts.
    if (this.#heap.length > 64 && this.#heap.length > 2 * this.#current.size) this.#rebuild();
    return deleted;
  }

  /** When the next key is due. */
  next(): number | undefined {
    return this.#top()?.at;
  }

  /** Removes and returns a key that is due at `now`. */
  take(now: number): K | undefined {
    const top = this.#top();
    if (top === undefined || top.at > now) return undefined;
    this.#pop();
    this.#current.delete(top.key);
    return top.key;
  }

  #top(): Due<K> | undefined {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined || this.#current.get(top.key) === top) return top;
      this.#pop();
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #rebuild(): void {
    this.#heap.length = 0;
    // A sorted array is a heap.
    this.#heap.push(...[...this.#current.values()].sort((a, b) => a.at - b.at));
  }

  #up(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= this.#at(index)) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  #down(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(index) <= this.#at(child)) return;
      this.#swap(index, child);
      index = child;
    }
  }

  #at(index: number): number {
    return this.#heap[index]?.at ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
