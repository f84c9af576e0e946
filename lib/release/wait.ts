/** Waiting for one object, by its watch and with a deadline. */
import { filter, firstValueFrom, fromEvent, map, merge, type Observable, takeUntil, timer } from "../deps/rxjs.ts";
import type { Change, KubeClient, KubeObject } from "../kube/mod.ts";
import type { ReleaseObject } from "./objects.ts";

/** How long to wait. */
export interface WaitSettings {
  /** ms. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/** The live object whenever it changes, `undefined` once it is known to be gone. */
export function watchOne(
  client: KubeClient,
  target: Omit<ReleaseObject, "object">,
): Observable<KubeObject | undefined> {
  let seen = false;
  return client.watch<KubeObject>(target.resource, {
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    fieldSelector: `metadata.name=${target.name}`,
  }).pipe(
    map((change: Change): KubeObject | undefined | null => {
      if (change.type === "reset") seen = false;
      if (change.type === "applied") seen = true;
      if (change.type === "applied") return change.object;
      return change.type === "deleted" || (change.type === "synced" && !seen) ? undefined : null;
    }),
    filter((live) => live !== null),
  );
}

/** The first value, or an error once the time is up or the work is called off. */
export async function settled<T>(source$: Observable<T>, settings: WaitSettings, complaint: string): Promise<T> {
  const { signal, timeout } = settings;
  const stop$ = merge(
    timer(timeout),
    ...(signal ? [fromEvent(signal, "abort")] : []),
  );
  const nothing = Symbol("nothing");
  const value = await firstValueFrom<T, symbol>(source$.pipe(takeUntil(stop$)), { defaultValue: nothing });
  if (value !== nothing) return value as T;
  signal?.throwIfAborted();
  throw new Error(`${complaint} after ${timeout / 1000} s`);
}
