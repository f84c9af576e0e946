/** Keys of one priority: groups take turns, and in a group the first come is the first served. */

/** A queue of distinct keys. All operations take constant time. */
export class Lane<K extends string> {
  /** By group, in order of their turns: keys with the time since when they wait. No group is empty. */
  readonly #groups = new Map<string, Map<K, number>>();
  readonly #groupOf: (key: K) => string;

  constructor(groupOf: (key: K) => string) {
    this.#groupOf = groupOf;
  }

  /** Adds a key that is not in the lane. */
  push(key: K, since: number): void {
    const name = this.#groupOf(key);
    const group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, new Map([[key, since]]));
    else group.set(key, since);
  }

  /** Removes a key and returns since when it waited. */
  delete(key: K): number | undefined {
    const name = this.#groupOf(key);
    const group = this.#groups.get(name);
    const since = group?.get(key);
    if (group === undefined || since === undefined) return undefined;
    group.delete(key);
    if (group.size === 0) this.#groups.delete(name);
    return since;
  }

  /** Removes and returns the next key; its group goes to the end of the row. */
  shift(): { readonly key: K; readonly since: number } | undefined {
    for (const [name, group] of this.#groups) {
      for (const [key, since] of group) {
        group.delete(key);
        if (group.size === 0) {
          this.#groups.delete(name);
        } else if (this.#groups.size > 1) {
          this.#groups.delete(name);
          this.#groups.set(name, group);
        }
        return { key, since };
      }
    }
    return undefined;
  }
}
