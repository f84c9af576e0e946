/** Keys of one priority: groups take turns, and in a group the first come is the first served. */
import { type Linked, LinkedList } from "./_linked_list.ts";

/** A key that a queue knows. */
export interface QueueEntry<K extends string> extends Linked<QueueEntry<K>> {
  readonly key: K;
  /** The lane that it stands in; while at work, the one that it will stand in afterwards, if any. */
  lane: number | undefined;
  /** The row of that lane that it stands in. */
  row: Row<K> | undefined;
  /** When it was queued, if the queue is timed. */
  since: number;
  atWork: boolean;
}

/** The entries of one group. */
interface Row<K extends string> extends Linked<Row<K>> {
  readonly group: string;
  readonly entries: LinkedList<QueueEntry<K>>;
}

/** A queue of keys; every operation takes constant time. */
export class Lane<K extends string> {
  /** Rows that have entries. */
  readonly #rows = new Map<string, Row<K>>();
  /** The same in order of their turns. */
  readonly #turns = new LinkedList<Row<K>>();
  readonly #groupOf: (key: K) => string;

  constructor(groupOf: (key: K) => string) {
    this.#groupOf = groupOf;
  }

  push(entry: QueueEntry<K>): void {
    const group = this.#groupOf(entry.key);
    let row = this.#rows.get(group);
    if (row === undefined) {
      row = { group, entries: new LinkedList(), before: undefined, after: undefined };
      this.#rows.set(group, row);
      this.#turns.push(row);
    }
    row.entries.push(entry);
    entry.row = row;
  }

  /** Removes and returns the next entry; its group takes its next turn after all others. */
  shift(): QueueEntry<K> | undefined {
    const row = this.#turns.first;
    const entry = row?.entries.first;
    if (row === undefined || entry === undefined) return undefined;
    this.remove(entry);
    if (row.after !== undefined && row.entries.first !== undefined) {
      this.#turns.remove(row);
      this.#turns.push(row);
    }
    return entry;
  }

  /** Removes an entry that is in this lane. */
  remove(entry: QueueEntry<K>): void {
    const { row } = entry;
    if (row === undefined) return;
    row.entries.remove(entry);
    entry.row = undefined;
    if (row.entries.first !== undefined) return;
    this.#turns.remove(row);
    this.#rows.delete(row.group);
  }
}
