/** Keys of one priority: groups take turns, and in a group the first come is the first served. */

/** A key in a lane. It leaves the lane when it is shifted out, or, left where it is, when it is no more `queued`. */
export interface LaneEntry<K extends string> {
  readonly key: K;
  readonly lane: number;
  /** When the key was first queued. */
  readonly since: number;
  queued: boolean;
}

/** A first-in, first-out list that neither moves its items nor, as a `Map` does, searches for the first. */
class Fifo<T> {
  #items: T[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head++;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

/** A queue of keys; every operation takes constant time, dead entries aside. */
export class Lane<K extends string> {
  readonly #groups = new Map<string, Fifo<LaneEntry<K>>>();
  /** Names of the groups that have entries, in order of their turns. */
  readonly #turns = new Fifo<string>();
  readonly #groupOf: (key: K) => string;

  constructor(groupOf: (key: K) => string) {
    this.#groupOf = groupOf;
  }

  push(entry: LaneEntry<K>): void {
    const name = this.#groupOf(entry.key);
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new Fifo();
      this.#groups.set(name, group);
      this.#turns.push(name);
    }
    group.push(entry);
  }

  /** Removes and returns the next entry that is still queued; its group goes to the end of the row. */
  shift(): LaneEntry<K> | undefined {
    for (let name = this.#turns.shift(); name !== undefined; name = this.#turns.shift()) {
      const group = this.#groups.get(name);
      let entry = group?.shift();
      while (entry !== undefined && !entry.queued) entry = group?.shift();
      if (group === undefined || group.size === 0) this.#groups.delete(name);
      else this.#turns.push(name);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }
}
