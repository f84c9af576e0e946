/** Objects by key, and by whatever else they are looked up by. */
import type { KubeObject, ObjectKey } from "./types.ts";

/** By index name: the values under which an object is found. */
export type Indexes<T extends KubeObject> = Readonly<Record<string, (object: T) => readonly string[]>>;

/** A map of objects with secondary indexes. */
export class IndexedMap<T extends KubeObject> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #indexes: Indexes<T>;
  /** By index, by value: keys in the order in which they came. */
  readonly #keys = new Map<string, Map<string, Set<ObjectKey>>>();

  constructor(indexes: Indexes<T>, objects: Iterable<readonly [ObjectKey, T]> = []) {
    this.#indexes = indexes;
    for (const name of Object.keys(indexes)) this.#keys.set(name, new Map());
    for (const [key, object] of objects) this.set(key, object);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  keys(): Iterable<ObjectKey> {
    return this.#objects.keys();
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }

  entries(): Iterable<[ObjectKey, T]> {
    return this.#objects.entries();
  }

  set(key: ObjectKey, object: T): void {
    if (this.#keys.size === 0) {
      this.#objects.set(key, object);
      return;
    }
    const before = this.#objects.get(key);
    if (before !== undefined) this.#unindex(key, before);
    this.#objects.set(key, object);
    for (const [name, byValue] of this.#keys) {
      for (const value of this.#indexes[name]?.(object) ?? []) {
        const keys = byValue.get(value);
        if (keys === undefined) byValue.set(value, new Set([key]));
        else keys.add(key);
      }
    }
  }

  delete(key: ObjectKey): boolean {
    const before = this.#objects.get(key);
    if (before === undefined) return false;
    this.#unindex(key, before);
    return this.#objects.delete(key);
  }

  /** Throws `RangeError` for an index that was not asked for: an empty answer would hide the mistake. */
  byIndex(index: string, value: string): readonly T[] {
    const byValue = this.#keys.get(index);
    if (byValue === undefined) {
      throw new RangeError(`Cannot look up "${value}" by "${index}": the store has no such index`);
    }
    const found: T[] = [];
    for (const key of byValue.get(value) ?? []) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  #unindex(key: ObjectKey, object: T): void {
    for (const [name, byValue] of this.#keys) {
      for (const value of this.#indexes[name]?.(object) ?? []) {
        const keys = byValue.get(value);
        keys?.delete(key);
        if (keys?.size === 0) byValue.delete(value);
      }
    }
  }
}
