/** Answers in the order of the questions. */
import { Observable, type OperatorFunction } from "../../lib/deps/rxjs.ts";

/** Options of {@linkcode orderedMap}. */
export interface OrderedMapOptions {
  /** Told how many values wait, whenever that changes. */
  readonly onBacklog?: (waiting: number) => void;
}

/**
 * Maps each value to an answer, now or later; answers leave in the order of their values. As many are worked out at once as the
 * source brings: bound it by `onBacklog`.
 *
 *     source: --a--b--c-------
 *     answers:  a takes long; b and c are known at once
 *     result: --------(abc)---
 */
export function orderedMap<T, R>(
  answer: (value: T) => R | Promise<R>,
  options: OrderedMapOptions = {},
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      const waiting: (Slot<R>)[] = [];
      let head = 0;
      let done = false;
      const flush = () => {
        for (let slot = waiting[head]; slot?.settled; slot = waiting[head]) {
          head++;
          subscriber.next(slot.value as R);
          if (subscriber.closed) return;
        }
        if (head > 1_000 && head * 2 > waiting.length) waiting.splice(0, head), head = 0;
        options.onBacklog?.(waiting.length - head);
        if (done && head === waiting.length) subscriber.complete();
      };
      return source.subscribe({
        next: (value) => {
          const result = answer(value);
          if (!(result instanceof Promise) && head === waiting.length) return subscriber.next(result);
          const slot: Slot<R> = result instanceof Promise ? { settled: false } : { settled: true, value: result };
          waiting.push(slot);
          options.onBacklog?.(waiting.length - head);
          if (!(result instanceof Promise)) return;
          result.then((value) => {
            slot.value = value;
            slot.settled = true;
            flush();
          }, (error) => subscriber.error(error));
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          done = true;
          flush();
        },
      });
    });
}

interface Slot<R> {
  settled: boolean;
  value?: R;
}
