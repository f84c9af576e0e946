/** What makes a process ready: checks that say what is wrong. */
import type { WatchHealth, WatchMonitor } from "../kube/mod.ts";
import { watchTitle } from "./watch_metrics.ts";

/** Says why something is not ready; `undefined` when it is. */
export type Check = () => string | undefined;

/** Checks by name. */
export class Health {
  readonly #checks = new Map<string, Check>();
  readonly #notes = new Map<string, () => string>();
  /** What is wrong with each watch, by title. */
  readonly #watches = new Map<string, Map<symbol, string | undefined>>();

  /** Adds or replaces a check; returns how to remove it. */
  add(name: string, check: Check): () => void {
    this.#checks.set(name, check);
    return () => {
      if (this.#checks.get(name) === check) this.#checks.delete(name);
    };
  }

  /** Adds what is to be told and never makes anything unready, e.g. who leads; returns how to remove it. */
  note(name: string, note: () => string): () => void {
    this.#notes.set(name, note);
    return () => {
      if (this.#notes.get(name) === note) this.#notes.delete(name);
    };
  }

  /** Every note. */
  notes(): ReadonlyMap<string, string> {
    return new Map([...this.#notes].map(([name, note]) => [name, note()]));
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

  /** For `ClientOptions.monitor`: a check for every watch of a client, while it lasts. Several that share a title share a check. */
  readonly watches: WatchMonitor = (watch) => {
    const title = `watch ${watchTitle(watch)}`;
    const problems = this.#watches.get(title) ?? new Map<symbol, string | undefined>();
    const id = Symbol(title);
    this.#watches.set(title, problems.set(id, "no list yet"));
    const remove = this.add(title, () => [...problems.values()].find((problem) => problem !== undefined));
    return {
      health({ state, error }) {
        if (state === "live") problems.set(id, undefined);
        else if (state === "failing") problems.set(id, error?.message ?? "failing");
      },
      end: () => {
        problems.delete(id);
        if (problems.size > 0) return;
        this.#watches.delete(title);
        remove();
      },
    };
  };
}
