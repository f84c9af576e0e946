import { mergeMap, Observable, type OperatorFunction } from "../deps/rxjs.ts";
import { type Change, keyOf, type KubeObject, type ObjectKey, objectKey } from "../kube/mod.ts";
import type { Trigger } from "./types.ts";

/** Which owners count. */
export interface OwnerFilter {
  /** API group of the owner, `""` for core; its version does not matter. */
  readonly group: string;
  readonly kind: string;
  /** Default true: the object's namespace is the owner's. A cluster-scoped owner's key is its name. */
  readonly namespaced?: boolean;
}

/**
 * Turns changes of objects into triggers of the objects that own them.
 *
 *     changes: --(pod p, owned by a)--(pod q, owned by b)--|
 *     result:  --(a related)----------(b related)----------|
 */
export function ownerKeys<T extends KubeObject>(owner: OwnerFilter): OperatorFunction<Change<T>, Trigger> {
  return relatedKeys((object) => ownersOf(object, owner));
}

/**
 * Turns changes of objects into triggers of whatever they are related to.
 *
 * @param keysOf The keys of the related objects, e.g. from a label or an index.
 */
export function relatedKeys<T extends KubeObject>(
  keysOf: (object: T) => readonly ObjectKey[],
): OperatorFunction<Change<T>, Trigger> {
  return mergeMap((change) =>
    change.type === "applied" || change.type === "deleted"
      ? keysOf(change.object).map((key): Trigger => ({ key, reason: "related" }))
      : []
  );
}

/**
 * Turns the changes of a store into triggers of the objects themselves: `first` until the store is synced, then `change`.
 *
 *     changes: (a b synced)------------a'--
 *     result:  (a first, b first)------(a change)--
 */
export function selfKeys<T extends KubeObject>(): OperatorFunction<Change<T>, Trigger> {
  return (source) =>
    new Observable((subscriber) => {
      let synced = false;
      return source.subscribe({
        next: (change) => {
          if (change.type === "synced") synced = true;
          if (change.type !== "applied" && change.type !== "deleted") return;
          subscriber.next({ key: keyOf(change.object), reason: synced ? "change" : "first" });
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

function ownersOf(object: KubeObject, owner: OwnerFilter): ObjectKey[] {
  return (object.metadata.ownerReferences ?? [])
    .filter((reference) => reference.kind === owner.kind && groupOf(reference.apiVersion) === owner.group)
    .map((reference) => objectKey(reference.name, owner.namespaced ?? true ? object.metadata.namespace : undefined));
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
