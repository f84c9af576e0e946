/** The join: for each Patch, what all the objects that it reads and writes look like now. */
import { combineLatest, type Observable, Subject, type Subscription } from "../../lib/deps/rxjs.ts";
import type { ObjectKey } from "../../lib/kube/mod.ts";
import type { Trigger } from "../../lib/provider-runtime/mod.ts";
import type { Plan } from "./plan.ts";
import type { ObjectWatches, Query, Sight } from "./watches/mod.ts";

/** What the objects of a Patch look like. */
export interface Joined {
  /** In the order of the plan's sources. */
  readonly sources: readonly Sight[];
  readonly target: Sight;
}

interface Running {
  readonly queries: string;
  latest: Joined | undefined;
  readonly subscription: Subscription;
}

/**
 * One `combineLatest` a Patch, over shared watches. Triggers carry keys; what was joined last is read by {@linkcode of}.
 *
 *     from:      ----foo----------foo'--
 *     to:        --------bar------------
 *     triggers$: --------key------key---
 */
export class Joins {
  readonly #watches: ObjectWatches;
  readonly #running = new Map<ObjectKey, Running>();
  readonly #triggers$ = new Subject<Trigger>();
  /** The key of a Patch whenever something that it reads or writes has changed. */
  readonly triggers$: Observable<Trigger> = this.#triggers$;

  constructor(watches: ObjectWatches) {
    this.#watches = watches;
  }

  /** What the objects of a Patch look like; `undefined` while that is not known of each. */
  of(key: ObjectKey): Joined | undefined {
    return this.#running.get(key)?.latest;
  }

  /** Looks at the objects of a Patch from now on. Nothing changes where it does so already. */
  start(key: ObjectKey, plan: Plan): void {
    const queries = queriesOf(plan);
    const text = JSON.stringify(queries);
    if (this.#running.get(key)?.queries === text) return;
    this.stop(key);
    const joined$ = combineLatest(queries.map((query) => this.#watches.sight$(query)));
    let latest: Joined | undefined;
    const subscription = joined$.subscribe((sights) => {
      latest = { sources: sights.slice(0, -1), target: sights.at(-1)! };
      const running = this.#running.get(key);
      if (running !== undefined) running.latest = latest;
      this.#triggers$.next({ key, reason: "related" });
    });
    // What others look at already is there before the subscription is.
    this.#running.set(key, { queries: text, latest, subscription });
  }

  /** Looks away. */
  stop(key: ObjectKey): void {
    this.#running.get(key)?.subscription.unsubscribe();
    this.#running.delete(key);
  }

  /** Looks away from everything. */
  close(): void {
    for (const key of [...this.#running.keys()]) this.stop(key);
  }
}

function queriesOf({ sources, target, wayOut: { user } }: Plan): Query[] {
  return [...sources.map(({ ref }) => ref), target].map((ref) => ({ ...ref, user }));
}
