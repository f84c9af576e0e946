/** When a sink may be tried: after failures, within a rate, one at a time while its circuit is broken. */
import { type Clock, systemClock } from "../../lib/kube/mod.ts";

/** Options of a {@linkcode Pacer}. Times in ms. */
export interface PacerOptions {
  /** Failures in a row that break the circuit. */
  readonly breakerFailures: number;
  /** Bounds of the random delay after a failure. */
  readonly initialDelay: number;
  readonly maxDelay: number;
  /** Events a second, and at once. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  readonly clock?: Clock;
  /** Told when the circuit breaks or closes. */
  readonly onCircuit?: (broken: boolean) => void;
}

/**
 * Full jitter: a random delay below a bound that doubles with each failure, so that those who failed together do not return
 * together.
 */
export function fullJitter(failures: number, initial: number, max: number, random: () => number): number {
  return Math.round(random() * Math.min(max, initial * 2 ** Math.min(failures - 1, 30)));
}

/** Paces all lanes of one sink. */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #clock: Clock;
  #failures = 0;
  #notBefore = 0;
  #probing = false;
  #tokens: number;
  #filledAt: number;
  readonly #sleepers = new Set<AbortController>();

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#tokens = options.rate?.burst ?? 0;
    this.#filledAt = this.#clock.now();
  }

  /** Whether so many attempts failed in a row that only one at a time is made. */
  get broken(): boolean {
    return this.#failures >= this.#options.breakerFailures;
  }

  /**
   * Waits for a turn to send `count` Events; each turn must end with {@linkcode succeeded} or {@linkcode failed}.
   *
   * @returns `false` when `signal` aborted first: then there is no turn.
   */
  async turn(count: number, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      if (signal.aborted) return false;
      const wait = this.#wait(count);
      if (wait <= 0) break;
      await this.#sleep(wait, signal);
    }
    if (this.broken) this.#probing = true;
    return true;
  }

  /** The turn's attempt was acknowledged. */
  succeeded(): void {
    const wasBroken = this.broken;
    this.#probing = false;
    this.#failures = 0;
    if (wasBroken) this.#options.onCircuit?.(false);
  }

  /**
   * The turn's attempt failed.
   *
   * @param retryAfter ms that the destination asked to wait at least.
   */
  failed(retryAfter = 0): void {
    const wasBroken = this.broken;
    this.#probing = false;
    this.#failures++;
    const { initialDelay, maxDelay } = this.#options;
    const delay = fullJitter(this.#failures, initialDelay, maxDelay, this.#clock.random);
    this.#notBefore = Math.max(this.#notBefore, this.#clock.now() + Math.max(delay, retryAfter));
    if (!wasBroken && this.broken) this.#options.onCircuit?.(true);
  }

  /** Whatever it was, it may be over: the next turn need not wait. */
  reset(): void {
    this.#notBefore = 0;
    for (const sleeper of this.#sleepers) sleeper.abort();
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    const wake = () => sleeper.abort();
    signal.addEventListener("abort", wake);
    this.#sleepers.add(sleeper);
    await this.#clock.sleep(ms, sleeper.signal);
    this.#sleepers.delete(sleeper);
    signal.removeEventListener("abort", wake);
  }

  #wait(count: number): number {
    const now = this.#clock.now();
    if (this.#notBefore > now) return this.#notBefore - now;
    // Whoever probes tells in a moment how it went.
    if (this.#probing) return 20;
    const { rate } = this.#options;
    if (rate === undefined) return 0;
    this.#tokens = Math.min(rate.burst, this.#tokens + (now - this.#filledAt) / 1_000 * rate.perSecond);
    this.#filledAt = now;
    // A batch larger than the bucket goes once it is full, and leaves a debt.
    const needed = Math.min(count, rate.burst);
    if (this.#tokens < needed) return Math.ceil((needed - this.#tokens) / rate.perSecond * 1_000);
    this.#tokens -= count;
    return 0;
  }
}
