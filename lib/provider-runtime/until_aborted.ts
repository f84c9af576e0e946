import { type MonoTypeOperatorFunction, Observable, takeUntil } from "../deps/rxjs.ts";

/**
 * Completes when a signal aborts; without a signal it changes nothing.
 *
 *     source: --a--b--c--
 *     signal: ------!
 *     result: --a--b|
 */
export function untilAborted<T>(signal: AbortSignal | undefined): MonoTypeOperatorFunction<T> {
  if (!signal) return (source) => source;
  const aborted$ = new Observable<void>((subscriber) => {
    const tell = () => subscriber.next();
    if (signal.aborted) tell();
    signal.addEventListener("abort", tell);
    return () => signal.removeEventListener("abort", tell);
  });
  return takeUntil(aborted$);
}
