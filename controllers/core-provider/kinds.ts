/** Streams started for each generated kind and version that a definition needs, and stopped when none does. */
import { distinctUntilChanged, map, Observable, type OperatorFunction, Subscription } from "../../lib/deps/rxjs.ts";
import type { ApiResource, Store } from "../../lib/kube/mod.ts";
import type { CompositionDefinition } from "./api.ts";

/** The kinds and versions that the definitions name, by `version/plural.group`. */
export function kindsInUse(definitions: Store<CompositionDefinition>): Map<string, ApiResource> {
  const kinds = new Map<string, ApiResource>();
  for (const { status } of definitions.values()) {
    const { kind, resource: plural, managed } = status ?? {};
    if (!kind || !plural || !managed?.group) continue;
    for (const { version } of managed.versionInfo ?? []) {
      kinds.set(`${version}/${plural}.${managed.group}`, {
        group: managed.group,
        version,
        kind,
        plural,
        namespaced: true,
      });
    }
  }
  return kinds;
}

/**
 * Keeps one inner stream a key of the latest map: started when the key appears, stopped when it goes. Completes when the
 * source and all that runs have.
 *
 *     source: --{a}----{a,b}------{b}---
 *     a:        [ 1--2--3--4------]
 *     b:               [ 1--2--3-------
 *     result: ----1--2--(3 1)-(4 2)--3--
 */
export function runEach<V, R>(start: (value: V, key: string) => Observable<R>): OperatorFunction<Map<string, V>, R> {
  return (source) =>
    new Observable((subscriber) => {
      const running = new Map<string, Subscription>();
      let sourceDone = false;
      const completeWhenIdle = () => sourceDone && running.size === 0 && subscriber.complete();
      const stop = (key: string) => {
        running.get(key)?.unsubscribe();
        running.delete(key);
      };
      const run = (key: string, value: V) => {
        // Put in before it is subscribed: a stream that starts synchronously may bring the next map.
        const subscription = new Subscription();
        running.set(key, subscription);
        subscription.add(
          start(value, key).subscribe({
            next: (result) => subscriber.next(result),
            error: (error) => subscriber.error(error),
            complete: () => {
              running.delete(key);
              completeWhenIdle();
            },
          }),
        );
      };
      const all = new Subscription(() => [...running.keys()].forEach(stop));
      all.add(source.subscribe({
        next: (wanted) => {
          for (const key of [...running.keys()]) if (!wanted.has(key)) stop(key);
          for (const [key, value] of wanted) if (!running.has(key)) run(key, value);
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          sourceDone = true;
          completeWhenIdle();
        },
      }));
      return all;
    });
}

/** The map whenever its keys changed. */
export function whenKeysChange<V>(): OperatorFunction<Map<string, V>, Map<string, V>> {
  return (source) =>
    source.pipe(
      map((kinds) => ({ kinds, keys: [...kinds.keys()].sort().join() })),
      distinctUntilChanged((a, b) => a.keys === b.keys),
      map(({ kinds }) => kinds),
    );
}
