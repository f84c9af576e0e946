/** Keeps positions, again and again, and less often while that fails. */
import { getLogger } from "../../lib/deps/logtape.ts";
import { isKubeError } from "../../lib/kube/mod.ts";
import type { Checkpoint, Positions } from "./checkpoint.ts";

const log = getLogger(["kco", "eventrouter"]);

/** ms between two attempts, at most. */
const MAX_DELAY = 60_000;

/** Options of {@linkcode PositionKeeper}. */
export interface PositionKeeperOptions {
  readonly checkpoint: Checkpoint;
  /** ms after a first failure until it is tried again; doubles with each failure in a row, up to a minute. */
  readonly period: number;
  /** Told of a failure whose message differs from that of the one before. */
  readonly onError: (message: string, error: unknown) => void;
  /** A clock that does not jump, in ms. */
  readonly now?: () => number;
}

/** Writes what changed. What cannot be kept now is kept later; so little depends on it that a failure stops nothing. */
export class PositionKeeper {
  readonly #options: PositionKeeperOptions;
  readonly #now: () => number;
  #kept = "{}";
  #failures = 0;
  #notBefore = -Infinity;
  #told: string | undefined;

  constructor(options: PositionKeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Keeps positions, unless they are kept already or the last failure was a moment ago.
   *
   * @throws {KubeError} `Conflict`: somebody else keeps positions, who then is the one to go on.
   */
  async keep(positions: Positions): Promise<void> {
    if (this.#now() < this.#notBefore) return;
    const text = JSON.stringify(positions);
    if (text === this.#kept) return;
    try {
      await this.#options.checkpoint.save(positions);
    } catch (error) {
      if (isKubeError(error, "Conflict")) throw error;
      this.#failed(error);
      return;
    }
    this.#kept = text;
    if (this.#failures > 0) {
      log.info("Positions are kept again after {failures} failures", { failures: this.#failures });
    }
    this.#failures = 0;
    this.#notBefore = -Infinity;
    this.#told = undefined;
  }

  /** Keeps them now, whatever failed before: there is no later. */
  async keepLast(positions: Positions): Promise<void> {
    this.#notBefore = -Infinity;
    await this.keep(positions);
  }

  #failed(error: unknown): void {
    const { period, onError } = this.#options;
    this.#notBefore = this.#now() + Math.min(MAX_DELAY, period * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    const message = error instanceof Error ? error.message : String(error);
    if (message !== this.#told) onError("Cannot keep positions", error);
    this.#told = message;
  }
}
