/** A bounded memory that forgets what was not asked for longest. */

/** Keeps at most `capacity` values; each is good until its time. */
export class Lru<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly until: number }>();

  constructor(private readonly capacity: number, private readonly now: () => number = Date.now) {}

  get size(): number {
    return this.#entries.size;
  }

  /** The value, if there is one and its time has not come. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= this.now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** @param ttl ms for which the value is good. */
  set(key: string, value: V, ttl: number = Infinity): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.now() + ttl });
    if (this.#entries.size <= this.capacity) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
