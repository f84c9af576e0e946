import { Observable, type OperatorFunction } from "../deps/rxjs.ts";
import { type Change, keyOf, type KubeObject, type ObjectKey } from "../kube/mod.ts";
import type { Trigger } from "./types.ts";

/**
 * Turns the changes of objects into triggers, but for changes that are not a user's: status and managed fields.
 *
 * Without it each status write would reconcile its own object again.
 *
 *     changes: (a synced)--a'(status)--a"(spec)--
 *     result:  (a first)---------------(a change)-
 *
 * @param onGone Called with an object that was deleted.
 */
export function wishKeys<T extends KubeObject>(
  onGone: (object: T) => void = () => {},
): OperatorFunction<Change<T>, Trigger> {
  return (source) =>
    new Observable((subscriber) => {
      const seen = new Map<ObjectKey, string>();
      let synced = false;
      return source.subscribe({
        next: (change) => {
          if (change.type === "synced") synced = true;
          if (change.type === "deleted") {
            seen.delete(keyOf(change.object));
            onGone(change.object);
          }
          if (change.type !== "applied") return;
          const key = keyOf(change.object);
          const wish = wishOf(change.object);
          if (seen.get(key) === wish) return;
          seen.set(key, wish);
          subscriber.next({ key, reason: synced ? "change" : "first" });
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

function wishOf({ metadata }: KubeObject): string {
  const { uid, generation, labels, annotations, finalizers, deletionTimestamp } = metadata;
  return JSON.stringify([uid, generation, labels, annotations, finalizers, deletionTimestamp]);
}
