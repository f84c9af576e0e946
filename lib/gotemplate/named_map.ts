import type { GoType } from "./go_type.ts";
import { type GoFunction, GoMap, type Value } from "./value.ts";

/**
 * A map under the name of a type with methods, as Go's conversion gives it: its entries are those of the plain map, so that
 * each sees what is set in the other.
 */
export class NamedMap extends GoMap {
  /**
   * @param plain The map whose entries it has; passed where a parameter wants the plain type.
   * @param methods The type's methods by name.
   */
  constructor(
    readonly plain: GoMap,
    type: GoType,
    readonly methods: Readonly<Record<string, (map: GoMap) => GoFunction>> = {},
  ) {
    super(null, type, plain.isNil);
  }

  override method(name: string): GoFunction | undefined {
    return Object.hasOwn(this.methods, name) ? this.methods[name]?.(this.plain) : undefined;
  }

  /** Number of entries. */
  override get size(): number {
    return this.plain.size;
  }

  override get(key: string): Value | undefined {
    return this.plain.get(key);
  }

  override has(key: string): boolean {
    return this.plain.has(key);
  }

  override set(key: string, value: Value): this {
    this.plain.set(key, value);
    return this;
  }

  override delete(key: string): boolean {
    return this.plain.delete(key);
  }

  override clear(): void {
    this.plain.clear();
  }

  override forEach(visit: (value: Value, key: string, map: Map<string, Value>) => void): void {
    this.plain.forEach(visit);
  }

  override keys(): MapIterator<string> {
    return this.plain.keys();
  }

  override values(): MapIterator<Value> {
    return this.plain.values();
  }

  override entries(): MapIterator<[string, Value]> {
    return this.plain.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.plain[Symbol.iterator]();
  }
}
