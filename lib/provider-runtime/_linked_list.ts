/** A list from whose middle an item can be taken: the items carry the links themselves, so that nothing is allocated. */

/** An item of at most one list. */
export interface Linked<T> {
  before: T | undefined;
  after: T | undefined;
}

/** A doubly linked list; every operation takes constant time. */
export class LinkedList<T extends Linked<T>> {
  #first: T | undefined;
  #last: T | undefined;

  get first(): T | undefined {
    return this.#first;
  }

  push(item: T): void {
    item.before = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.after = item;
    this.#last = item;
  }

  /** Takes an item out that is in this list. */
  remove(item: T): void {
    const { before, after } = item;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // An old item must not keep its younger neighbours from the garbage collector.
    item.before = undefined;
    item.after = undefined;
  }
}
