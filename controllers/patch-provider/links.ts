/** Who reads and who writes what: Patches that meet at a field, and circles of Patches. */
import { keyOf, type KubeObject, type ObjectKey, parseApiVersion } from "../../lib/kube/mod.ts";
import type { FieldPath, Segment } from "../../lib/transform/mod.ts";
import type { Patch } from "./api.ts";
import type { Plan, Ref } from "./plan.ts";

/** A field of an object. */
export interface Place {
  /** Identity of the object: group, kind, namespace, name. */
  readonly object: string;
  /** `undefined`: only a query can tell, so it may be any field. */
  readonly path: FieldPath | undefined;
}

/** What one Patch reads and writes. */
export interface Link {
  /** Creation time, then key: by this Patches are older and younger. */
  readonly born: string;
  readonly reads: readonly Place[];
  readonly writes: readonly Place[];
}

/** The identity of an object within {@linkcode Links}; its version does not matter. */
export function placeOf(group: string, kind: string, { metadata }: Pick<KubeObject, "metadata">): string {
  return JSON.stringify([group, kind, metadata.namespace ?? "", metadata.name]);
}

/** What a Patch reads and writes by its spec alone: what a selector finds, and which kinds have no namespace, is left open. */
export function linkOf(patch: Patch, plan: Plan): Link {
  const place = ({ apiVersion, kind, namespace, which }: Ref, path: FieldPath | undefined): Place[] => {
    if (!("name" in which)) return [];
    const metadata = { name: which.name, namespace };
    return [{ object: placeOf(parseApiVersion(apiVersion).group, kind, { metadata }), path }];
  };
  return {
    born: bornOf(patch),
    reads: plan.sources.flatMap(({ ref, locator }) => place(ref, locator.path)),
    writes: place(plan.target, plan.locator.path),
  };
}

/** By this Patches are older and younger: creation time, then key. */
export function bornOf(patch: Patch): string {
  return `${patch.metadata.creationTimestamp ?? ""} ${keyOf(patch)}`;
}

/** All Patches as a graph: one feeds another where what it writes is read by that. */
export class Links {
  readonly #links = new Map<ObjectKey, Link>();
  /** The links as text, to see at once that one has not changed. */
  readonly #texts = new Map<ObjectKey, string>();
  readonly #readers = new Map<string, Set<ObjectKey>>();
  readonly #writers = new Map<string, Set<ObjectKey>>();

  /**
   * Takes in what a Patch reads and writes now.
   *
   * @returns Other Patches for which that may make a difference; none where nothing has changed.
   */
  put(key: ObjectKey, link: Link): ObjectKey[] {
    const text = JSON.stringify(link);
    if (this.#texts.get(key) === text) return [];
    const concerned = new Set(this.drop(key));
    this.#texts.set(key, text);
    this.#links.set(key, link);
    for (const { object } of link.reads) add(this.#readers, object, key);
    for (const { object } of link.writes) add(this.#writers, object, key);
    for (const other of this.#neighbours(key, link)) concerned.add(other);
    return [...concerned];
  }

  /** Forgets a Patch. @returns Other Patches for which that may make a difference. */
  drop(key: ObjectKey): ObjectKey[] {
    const link = this.#links.get(key);
    if (link === undefined) return [];
    const concerned = this.#neighbours(key, link);
    this.#links.delete(key);
    this.#texts.delete(key);
    for (const { object } of link.reads) remove(this.#readers, object, key);
    for (const { object } of link.writes) remove(this.#writers, object, key);
    return concerned;
  }

  /** Whether a Patch is older than another; one that is not known any more has nothing to say. */
  isOlder(key: ObjectKey, than: ObjectKey): boolean {
    const [a, b] = [this.#links.get(key), this.#links.get(than)];
    return a !== undefined && b !== undefined && a.born < b.born;
  }

  /** The oldest Patch that writes the same field as this one, and is older. */
  elder(key: ObjectKey): ObjectKey | undefined {
    const link = this.#links.get(key);
    if (link === undefined) return undefined;
    return this.#older(link, this.#writers)
      .filter(([other, { writes }]) => other !== key && meet(link.writes, writes, samePath))
      .sort(([, a], [, b]) => a.born < b.born ? -1 : 1)[0]?.[0];
  }

  /**
   * The circle that a Patch closes among older ones, beginning and ending with it: what it writes comes back to it. Of a
   * circle just the youngest is told, so the others go on.
   */
  cycle(key: ObjectKey): ObjectKey[] | undefined {
    const start = this.#links.get(key);
    return start && this.#pathBack(key, start, start, new Set());
  }

  /** Depth first from what a Patch writes to who reads it, until that is where it began. */
  #pathBack(key: ObjectKey, link: Link, start: Link, seen: Set<ObjectKey>): ObjectKey[] | undefined {
    for (const [next, reader] of this.#fed(link)) {
      if (reader === start) return [key, next];
      if (seen.has(next) || reader.born > start.born) continue;
      seen.add(next);
      const rest = this.#pathBack(next, reader, start, seen);
      if (rest !== undefined) return [key, ...rest];
    }
    return undefined;
  }

  /** The Patches that read what one writes. */
  #fed({ writes }: Link): [ObjectKey, Link][] {
    return this.#at(writes, this.#readers).filter(([, { reads }]) => meet(writes, reads, overlap));
  }

  #older(link: Link, index: ReadonlyMap<string, Set<ObjectKey>>): [ObjectKey, Link][] {
    return this.#at(link.writes, index).filter(([, other]) => other.born < link.born);
  }

  /** Who else writes there, and whoever is on a way along which this one's values go. */
  #neighbours(key: ObjectKey, link: Link): ObjectKey[] {
    const rivals = this.#at(link.writes, this.#writers).filter(([, { writes }]) => meet(link.writes, writes, samePath));
    const found = new Set(rivals.map(([other]) => other));
    const open = [link];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const [other, reader] of this.#fed(next)) {
        if (found.has(other)) continue;
        found.add(other);
        open.push(reader);
      }
    }
    found.delete(key);
    return [...found];
  }

  #at(places: readonly Place[], index: ReadonlyMap<string, Set<ObjectKey>>): [ObjectKey, Link][] {
    const keys = new Set(places.flatMap(({ object }) => [...index.get(object) ?? []]));
    return [...keys].flatMap((key): [ObjectKey, Link][] => {
      const link = this.#links.get(key);
      return link === undefined ? [] : [[key, link]];
    });
  }
}

function meet(some: readonly Place[], others: readonly Place[], met: (a: FieldPath, b: FieldPath) => boolean): boolean {
  return some.some((a) => others.some((b) => a.object === b.object && met(a.path ?? [], b.path ?? [])));
}

/** Whether one path is the other, or leads to a part of what the other leads to. */
function overlap(a: FieldPath, b: FieldPath): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((segment, i) => sameSegment(segment, b[i]));
}

function samePath(a: FieldPath, b: FieldPath): boolean {
  return a.length === b.length && overlap(a, b);
}

function sameSegment(a: Segment, b: Segment | undefined): boolean {
  if (a.kind === "wildcard" || b?.kind === "wildcard") return true;
  if (a.kind === "field") return b?.kind === "field" && a.name === b.name;
  return b?.kind === "index" && a.index === b.index;
}

function add(index: Map<string, Set<ObjectKey>>, at: string, key: ObjectKey): void {
  index.set(at, (index.get(at) ?? new Set()).add(key));
}

function remove(index: Map<string, Set<ObjectKey>>, at: string, key: ObjectKey): void {
  const keys = index.get(at);
  keys?.delete(key);
  if (keys?.size === 0) index.delete(at);
}
