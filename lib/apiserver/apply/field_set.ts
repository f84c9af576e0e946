/**
 * Sets of field paths, in the notation of `metadata.managedFields[].fieldsV1`.
 *
 * A path is a list of elements: `f:NAME` a field or key, `k:{"name":"x"}` an item of a list by its keys, `v:"x"` an item of a
 * set by its value, `i:0` an item by its index. A set is a tree of elements where a node may itself be a member (`.`).
 */
import { isObject, type JsonObject, setField } from "../json_value.ts";

/** A node of the tree; the root is the empty path. Never changed once it is made known to others. */
export class FieldSet {
  constructor(
    /** Whether the path that leads here is in the set. */
    readonly member: boolean = false,
    readonly children: ReadonlyMap<string, FieldSet> = NONE,
  ) {}

  get empty(): boolean {
    return !this.member && this.children.size === 0;
  }

  /** The set below an element; empty when there is none. */
  below(element: string): FieldSet {
    return this.children.get(element) ?? EMPTY;
  }

  union(other: FieldSet): FieldSet {
    if (other.empty) return this;
    if (this.empty) return other;
    const children = new Map(this.children);
    for (const [element, child] of other.children) {
      const own = children.get(element);
      children.set(element, own === undefined ? child : own.union(child));
    }
    return new FieldSet(this.member || other.member, children);
  }

  /** Without the paths of the other set; exactly those, not what is below them. */
  difference(other: FieldSet): FieldSet {
    if (this.empty || other.empty) return this;
    return this.#combine((child, element) => child.difference(other.below(element)), this.member && !other.member);
  }

  intersection(other: FieldSet): FieldSet {
    if (this.empty || other.empty) return EMPTY;
    return this.#combine((child, element) => child.intersection(other.below(element)), this.member && other.member);
  }

  #combine(combine: (child: FieldSet, element: string) => FieldSet, member: boolean): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [element, child] of this.children) {
      const combined = combine(child, element);
      if (!combined.empty) children.set(element, combined);
    }
    return new FieldSet(member, children);
  }

  /** Every path of the set, as lists of elements. */
  *paths(prefix: readonly string[] = []): Generator<readonly string[]> {
    if (this.member) yield prefix;
    for (const [element, child] of this.children) yield* child.paths([...prefix, element]);
  }
}

const NONE: ReadonlyMap<string, FieldSet> = new Map();
/** The set of nothing. */
export const EMPTY: FieldSet = new FieldSet();
/** A path and nothing below it. */
export const LEAF: FieldSet = new FieldSet(true);

/** A set while it grows. */
export class FieldSetBuilder {
  #member = false;
  #children: Map<string, FieldSetBuilder> | undefined;

  /** Adds the path that leads here. */
  insert(): void {
    this.#member = true;
  }

  /** The builder below an element. */
  child(element: string): FieldSetBuilder {
    this.#children ??= new Map();
    let child = this.#children.get(element);
    if (child === undefined) this.#children.set(element, child = new FieldSetBuilder());
    return child;
  }

  build(): FieldSet {
    const children = new Map<string, FieldSet>();
    for (const [element, builder] of this.#children ?? []) {
      const child = builder.build();
      if (!child.empty) children.set(element, child);
    }
    return children.size === 0 ? (this.#member ? LEAF : EMPTY) : new FieldSet(this.#member, children);
  }
}

/** Reads `fieldsV1`. */
export function decodeFields(fields: unknown): FieldSet {
  const builder = new FieldSetBuilder();
  decodeInto(builder, fields);
  return builder.build();
}

function decodeInto(builder: FieldSetBuilder, fields: unknown): void {
  if (!isObject(fields)) return;
  for (const key of Object.keys(fields)) {
    if (key === ".") {
      builder.insert();
      continue;
    }
    const child = builder.child(key);
    const below = fields[key];
    if (isObject(below) && Object.keys(below).length > 0) decodeInto(child, below);
    else child.insert();
  }
}

/** Writes `fieldsV1`, sorted as the real server does: `.` first, then by name. */
export function encodeFields(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  if (set.member && set.children.size > 0) fields["."] = {};
  for (const element of [...set.children.keys()].sort()) setField(fields, element, encodeFields(set.below(element)));
  return fields;
}

/** A path as errors show it: `.spec.containers[name="web"].image`. */
export function formatPath(path: readonly string[]): string {
  return path.map(formatElement).join("");
}

function formatElement(element: string): string {
  const rest = element.slice(2);
  switch (element.slice(0, 2)) {
    case "f:":
      return `.${rest}`;
    case "k:": {
      const keys: unknown = JSON.parse(rest);
      const parts = isObject(keys) ? Object.keys(keys).sort().map((key) => `${key}=${JSON.stringify(keys[key])}`) : [];
      return `[${parts.join(",")}]`;
    }
    case "v:":
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}
