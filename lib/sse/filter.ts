/** Which events a client wants, and who wants an event. */

/** An event's values by dimension: `{ namespace: ["demo"], kind: ["Pod"] }`. */
export type Labels = Readonly<Record<string, readonly string[]>>;

/** Wanted values by dimension: any value of each dimension that is named. Empty: everything. */
export type Filter = Readonly<Record<string, readonly string[]>>;

/** Whether an event with these labels is wanted. */
export function matches(filter: Filter, labels: Labels): boolean {
  for (const dimension in filter) {
    const wanted = filter[dimension];
    if (wanted === undefined || wanted.length === 0) continue;
    if (!labels[dimension]?.some((value) => wanted.includes(value))) return false;
  }
  return true;
}

/** The same text for filters that want the same. */
export function filterKey(filter: Filter): string {
  const wanted = Object.entries(filter).filter(([, values]) => values.length > 0);
  return JSON.stringify(wanted.map(([name, values]) => [name, [...new Set(values)].sort()]).sort());
}

/**
 * Finds who may want an event without asking everyone: each filter stands under the values of its most selective dimension.
 *
 * @typeParam T What a filter belongs to; it has to be looked at once more with {@linkcode matches}.
 */
export class FilterIndex<T> {
  readonly #byValue = new Map<string, Map<string, Set<T>>>();
  readonly #everything = new Set<T>();

  /** @param dimensions The most selective one first. */
  constructor(readonly dimensions: readonly string[]) {}

  /** Enters something under its filter. */
  add(filter: Filter, item: T): void {
    for (const set of this.#setsOf(filter)) set.add(item);
  }

  /** Takes it out again; `filter` must be the one that it was entered with. */
  delete(filter: Filter, item: T): void {
    for (const set of this.#setsOf(filter)) set.delete(item);
    const dimension = this.#dimensionOf(filter);
    if (dimension === undefined) return;
    const values = this.#byValue.get(dimension);
    for (const value of filter[dimension] ?? []) if (values?.get(value)?.size === 0) values.delete(value);
  }

  /** Who may want an event with these labels; no one twice. */
  candidates(labels: Labels): Set<T> {
    const found = new Set(this.#everything);
    for (const [dimension, byValue] of this.#byValue) {
      for (const value of labels[dimension] ?? []) {
        for (const item of byValue.get(value) ?? []) found.add(item);
      }
    }
    return found;
  }

  #dimensionOf(filter: Filter): string | undefined {
    return this.dimensions.find((dimension) => (filter[dimension]?.length ?? 0) > 0);
  }

  #setsOf(filter: Filter): Set<T>[] {
    const dimension = this.#dimensionOf(filter);
    if (dimension === undefined) return [this.#everything];
    const byValue = getOrAdd(this.#byValue, dimension, () => new Map<string, Set<T>>());
    return (filter[dimension] ?? []).map((value) => getOrAdd(byValue, value, () => new Set<T>()));
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}
