/**
 * What was made of something, kept while there is room: the least recently used entries go first.
 *
 * ```ts
 * import { BoundedCache } from "./mod.ts";
 *
 * const cache = new BoundedCache<string, string>(10, (text) => text.length);
 * cache.set("a", "12345");
 * cache.set("b", "12345");
 * cache.get("a");
 * cache.set("c", "1");
 * console.assert(cache.get("b") === undefined && cache.get("a") === "12345");
 * ```
 *
 * @module
 */

/** A map whose values weigh no more than a limit together. */
export class BoundedCache<K, V> {
  readonly #entries = new Map<K, { readonly value: V; readonly weight: number }>();
  #weight = 0;

  /**
   * An empty cache.
   *
   * @param capacity What all values may weigh together. A single heavier one is kept until the next comes.
   * @param weigh A value's weight, e.g. bytes. Default 1: the capacity is a number of entries.
   */
  constructor(private readonly capacity: number, private readonly weigh: (value: V) => number = () => 1) {}

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which is now the one used last. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value, and drops what no longer has room. */
  set(key: K, value: V): void {
    this.delete(key);
    const weight = this.weigh(value);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.capacity || this.#entries.size === 1) break;
      this.delete(oldest);
    }
  }

  /** Forgets a key. */
  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }

  /** The entries, the least recently used first. */
  entries(): readonly (readonly [K, V])[] {
    return Array.from(this.#entries, ([key, { value }]) => [key, value] as const);
  }
}
