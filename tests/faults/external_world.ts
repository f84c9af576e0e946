/** A system that managers act on, and that notices when they act twice. */

/** One thing in it. */
interface Thing {
  /** The generation of the object that it was last made by. */
  readonly generation: number;
}

/** Keeps one thing for each key. Every action takes a while, and does nothing when it is aborted before its end. */
export class ExternalWorld {
  readonly things = new Map<string, Thing>();
  /** What should not have been done: in words. */
  readonly doubled: string[] = [];
  actions = 0;
  /** Who does something to a key. */
  readonly #underWay = new Map<string, string>();
  readonly #wait: () => Promise<void>;

  /** @param wait Lasts as long as an action. */
  constructor(wait: () => Promise<void>) {
    this.#wait = wait;
  }

  create(key: string, generation: number, who: string, signal: AbortSignal): Promise<void> {
    return this.#act("create", key, who, signal, () => {
      if (this.things.has(key)) this.doubled.push(`${who} creates ${key} which is there`);
      this.things.set(key, { generation });
    });
  }

  update(key: string, generation: number, who: string, signal: AbortSignal): Promise<void> {
    return this.#act("update", key, who, signal, () => {
      const there = this.things.get(key);
      if (there === undefined || there.generation >= generation) {
        this.doubled.push(`${who} updates ${key} to ${generation}, it is at ${there?.generation}`);
      }
      this.things.set(key, { generation });
    });
  }

  delete(key: string, who: string, signal: AbortSignal): Promise<void> {
    return this.#act("delete", key, who, signal, () => {
      if (!this.things.delete(key)) this.doubled.push(`${who} deletes ${key} which is gone`);
    });
  }

  /** Whether an action of this process is under way. */
  isBusyWith(who: string): boolean {
    return [...this.#underWay.values()].includes(who);
  }

  async #act(verb: string, key: string, who: string, signal: AbortSignal, effect: () => void): Promise<void> {
    signal.throwIfAborted();
    const other = this.#underWay.get(key);
    if (other !== undefined) this.doubled.push(`${who} begins to ${verb} ${key} while ${other} does something to it`);
    this.#underWay.set(key, who);
    try {
      await Promise.race([this.#wait(), aborted(signal)]);
      signal.throwIfAborted();
      effect();
      this.actions++;
    } finally {
      this.#underWay.delete(key);
    }
  }
}

/** Resolves when `signal` aborts. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
