/** What makes a process ready: checks that say what is wrong. */
import { isKubeError, type KubeError, type WatchHealth, type WatchMonitor } from "../kube/mod.ts";
import { watchTitle } from "./watch_metrics.ts";

/** What is wrong, but does not make the process unready: it works on for everybody else, and being sent no requests mends nothing. */
export interface Degraded {
  readonly degraded: string;
}

/** Says why something is not ready, or what is wrong with it all the same; `undefined` when all is well. */
export type Check = () => string | Degraded | undefined;

/** Checks by name. */
export class Health {
  readonly #checks = new Map<string, Check>();
  readonly #notes = new Map<string, () => string>();
  /** What is wrong with each watch, by title. */
  readonly #watches = new Map<string, Map<symbol, ReturnType<Check>>>();

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
    return new Map([...this.#checks].map(([name, check]) => [name, textOf(check())]));
  }

  /** Whether no check says that something is not ready. */
  get ok(): boolean {
    return [...this.#checks.values()].every((check) => typeof check() !== "string");
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

  /**
   * For `ClientOptions.monitor`: a check for every watch of a client, while it lasts. Several that share a title share a check. A
   * missing right, or a kind that is not served, is told and makes nothing unready: one chart's kind must not stop the others.
   */
  readonly watches: WatchMonitor = (watch) => {
    const title = `watch ${watchTitle(watch)}`;
    const problems = this.#watches.get(title) ?? new Map<symbol, ReturnType<Check>>();
    const id = Symbol(title);
    this.#watches.set(title, problems.set(id, "no list yet"));
    const remove = this.add(title, () => [...problems.values()].find((problem) => problem !== undefined));
    return {
      health({ state, error }) {
        if (state === "live") problems.set(id, undefined);
        else if (state === "failing") problems.set(id, problemOf(error));
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

function problemOf(error: KubeError | undefined): string | Degraded {
  const problem = error?.message ?? "failing";
  return isKubeError(error, "Forbidden", "NotFound") ? { degraded: problem } : problem;
}

function textOf(found: ReturnType<Check>): string | undefined {
  return typeof found === "object" ? found.degraded : found;
}
