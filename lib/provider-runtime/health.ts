/** What makes a process ready: checks that say what is wrong. */
import type { WatchHealth } from "../kube/mod.ts";

/** Says why something is not ready; `undefined` when it is. */
export type Check = () => string | undefined;

/** Checks by name. */
export class Health {
  readonly #checks = new Map<string, Check>();

  /** Adds or replaces a check; returns how to remove it. */
  add(name: string, check: Check): () => void {
    this.#checks.set(name, check);
    return () => {
      if (this.#checks.get(name) === check) this.#checks.delete(name);
    };
  }

  /** Every check with what is wrong, `undefined` where nothing is. */
  report(): ReadonlyMap<string, string | undefined> {
    return new Map([...this.#checks].map(([name, check]) => [name, check()]));
  }

  /** Whether no check complains. */
  get ok(): boolean {
    return [...this.#checks.values()].every((check) => check() === undefined);
  }

  /** For `WatchOptions.onHealth`: not ready until the first list, nor while the watch fails. */
  watch(name: string): (health: WatchHealth) => void {
    let problem: string | undefined = "no list yet";
    this.add(`watch ${name}`, () => problem);
    return ({ state, error }) => {
      if (state === "live") problem = undefined;
      else if (state === "failing") problem = error?.message ?? "failing";
    };
  }
}
