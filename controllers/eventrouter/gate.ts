/** A gate that several can hold shut. */
import { BehaviorSubject, distinctUntilChanged, map, type Observable } from "../../lib/deps/rxjs.ts";

/** Open while nobody holds it. */
export class Gate {
  readonly #holders = new BehaviorSubject<ReadonlySet<unknown>>(new Set());
  /** Whether it is open: now, and at each change. */
  readonly open$: Observable<boolean> = this.#holders.pipe(
    map((holders) => holders.size === 0),
    distinctUntilChanged(),
  );

  /** Holds it shut, or lets go. Saying the same twice changes nothing. */
  set(holder: unknown, shut: boolean): void {
    const holders = this.#holders.value;
    if (holders.has(holder) === shut) return;
    const next = new Set(holders);
    if (shut) next.add(holder);
    else next.delete(holder);
    this.#holders.next(next);
  }
}
