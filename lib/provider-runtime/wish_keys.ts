import { Observable, type OperatorFunction } from "../deps/rxjs.ts";
import { type Change, keyOf, type KubeObject, type ObjectKey } from "../kube/mod.ts";
import { ANNOTATION, annotation } from "./policy.ts";
import type { Trigger } from "./types.ts";

/** What the managed-resource loop writes down for itself. */
const OWN: ReadonlySet<string> = new Set([
  ANNOTATION.createPending,
  ANNOTATION.createSucceeded,
  ANNOTATION.createFailed,
]);

/**
 * Turns the changes of objects into triggers, but for changes that are not a user's: status, managed fields, and what the
 * managed-resource loop notes about a creation in annotations. To remove `krateo.io/external-create-pending` is a user's
 * change: it says that it is safe to go on.
 *
 * Without it each status write would reconcile its own object again, and each creation that failed would be tried again at
 * once, whatever its back-off.
 *
 *     changes: (a synced)--a'(status)--a"(spec)--
 *     result:  (a first)---------------(a change)-
 *
 * @param onGone Called with an object that was deleted.
 * @param finalizer The controller's own: that it comes or goes is no user's change.
 */
export function wishKeys<T extends KubeObject>(
  onGone: (object: T) => void = () => {},
  finalizer?: string,
): OperatorFunction<Change<T>, Trigger> {
  return (source) =>
    new Observable((subscriber) => {
      const seen = new Map<ObjectKey, Wish>();
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
          const wish = wishOf(change.object, finalizer);
          const before = seen.get(key);
          seen.set(key, wish);
          if (before?.text === wish.text && (wish.pending || !before.pending)) return;
          subscriber.next({ key, reason: synced ? "change" : "first" });
        },
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

interface Wish {
  readonly text: string;
  /** A creation is noted as begun. */
  readonly pending: boolean;
}

function wishOf(object: KubeObject, finalizer: string | undefined): Wish {
  const { uid, generation, labels, deletionTimestamp } = object.metadata;
  const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(([name]) => !OWN.has(name));
  return {
    text: JSON.stringify([uid, generation, labels, annotations, finalizers, deletionTimestamp]),
    pending: annotation(object, ANNOTATION.createPending) !== undefined,
  };
}
