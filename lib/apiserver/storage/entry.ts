/** One stored object. */
import type { KubeObject } from "../../kube/mod.ts";

/**
 * An object as it was at one moment. Immutable by agreement: who wants to change it copies it first.
 *
 * The identity of an entry stands for its content, so encodings are cached per entry (see `rest/representation.ts`).
 */
export interface Entry {
  /** `namespace/name`, or `name` for cluster-scoped objects; the order of keys is the order of lists. */
  readonly key: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The resourceVersion as a number; `object.metadata.resourceVersion` is its text. */
  readonly revision: number;
  /** In the storage version of its kind. */
  readonly object: KubeObject;
}

/** One change of a resource. */
export interface Commit {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: string;
  readonly revision: number;
  /** The object after the change; for DELETED its last state, carrying the revision of the deletion. */
  readonly entry: Entry;
  /** The object before the change; absent for ADDED. */
  readonly previous: Entry | undefined;
}

/** The key of an object within its resource. */
export function entryKey(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}
