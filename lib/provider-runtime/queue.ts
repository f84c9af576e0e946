/** The work queue of a controller: what is due, what is at work, what waits. */
import { DelayHeap } from "./_delay_heap.ts";
import { Lane, type QueueEntry } from "./_lane.ts";
import { type Trigger, TRIGGER_REASONS, type TriggerReason } from "./types.ts";

const LANE_OF: Readonly<Record<TriggerReason, number>> = { change: 0, related: 1, first: 2, retry: 3, resync: 4 };
/** Every so many takes, the last lane goes first: low priority means later, not never. */
const FAIRNESS = 16;

/** Options of {@linkcode KeyedQueue}. Times in ms. */
export interface QueueOptions<K extends string> {
  /** Any monotonous clock. */
  readonly now: () => number;
  /** First back-off; doubled a failure. */
  readonly baseDelay: number;
  readonly maxDelay: number;
  /** Share of the back-off that is random, e.g. 0.1 for ±10 %. */
  readonly jitter: number;
  readonly random: () => number;
  /** Keys of one group do not starve those of another. Default: all are one group. */
  readonly groupOf?: (key: K) => string;
  /** Whether {@linkcode Taken.waited} is told: two looks at the clock cost more than all the rest. Default `true`. */
  readonly timed?: boolean;
}

/** A key that was taken. */
export interface Taken<K extends string> extends Trigger<K> {
  /** ms since it was queued; `undefined` where nobody asked for it. */
  readonly waited: number | undefined;
}

/**
 * A queue of keys with the semantics of a Kubernetes work queue.
 *
 * A key is queued once, however often it is added. It is never taken twice at a time: added while at work, it is dirty and
 * queued again when its work is done. It waits at most once (the earliest wait wins), and taking it ends its wait.
 * Between keys, the lane of the best reason goes first, in it groups take turns, in a group the first come.
 *
 *     add ──► [change │ related │ first │ retry │ resync] ──take──► at work ──done──► gone
 *                  ▲                         ▲                         │ dirty ──► add
 *                  └────── wait is over ─────┴──── waiting ◄── fail, addAfter
 *
 * Time is the caller's: nothing happens by itself, `nextDue` says when to call `promote`.
 */
export class KeyedQueue<K extends string> {
  readonly #options: QueueOptions<K>;
  readonly #timed: boolean;
  readonly #lanes: readonly Lane<K>[];
  /** Every key that is queued or at work: one look-up tells all, since those are most of what a queue costs. */
  readonly #entries = new Map<K, QueueEntry<K>>();
  #active = 0;
  readonly #waiting = new DelayHeap<K>();
  readonly #waitReason = new Map<K, TriggerReason>();
  readonly #failures = new Map<K, number>();
  #takes = 0;

  constructor(options: QueueOptions<K>) {
    this.#options = options;
    this.#timed = options.timed ?? true;
    this.#lanes = TRIGGER_REASONS.map(() => new Lane<K>(options.groupOf ?? (() => "")));
  }

  /** Keys that could be taken now. */
  get ready(): number {
    return this.#entries.size - this.#active;
  }

  /** Keys at work. */
  get active(): number {
    return this.#active;
  }

  /** Keys that wait for their time. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Failures of a key since its last success. */
  failuresOf(key: K): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Adds a key; returns whether it was not queued (or dirty) before. */
  add(trigger: Trigger<K>): boolean {
    const lane = LANE_OF[trigger.reason];
    const known = this.#entries.get(trigger.key);
    if (known === undefined) {
      this.#create(trigger.key, lane);
      return true;
    }
    const before = known.lane;
    if (before !== undefined && before <= lane) return false;
    if (!known.atWork && before !== undefined) this.#lanes[before]?.remove(known);
    known.lane = lane;
    if (!known.atWork) this.#lanes[lane]?.push(known);
    return before === undefined;
  }

  /** Adds a key after `delay` ms, unless it is to come earlier anyway. */
  addAfter(key: K, delay: number, reason: TriggerReason): void {
    if (delay <= 0) {
      this.add({ key, reason });
      return;
    }
    const at = this.#options.now() + delay;
    this.#waiting.add(key, at);
    this.#waitReason.set(key, reason);
  }

  /** Takes the next key and puts it to work. */
  take(): Taken<K> | undefined {
    const reverse = ++this.#takes % FAIRNESS === 0;
    for (let step = 0; step < this.#lanes.length; step++) {
      const index = reverse ? this.#lanes.length - 1 - step : step;
      const entry = this.#lanes[index]?.shift();
      const reason = TRIGGER_REASONS[index];
      if (entry === undefined || reason === undefined) continue;
      entry.lane = undefined;
      entry.atWork = true;
      this.#active++;
      this.#stopWaiting(entry.key);
      return { key: entry.key, reason, waited: this.#timed ? this.#options.now() - entry.since : undefined };
    }
    return undefined;
  }

  /** The work of a key succeeded: its failures are forgotten, and it is queued again if it got dirty. */
  done(key: K): void {
    if (this.#failures.size > 0) this.#failures.delete(key);
    this.#release(key);
  }

  /**
   * The work of a key failed: it will be queued again after its back-off, or at once if it got dirty.
   *
   * @param atLeast A delay that the failure asks for, e.g. `Retry-After`.
   * @returns The delay in ms.
   */
  fail(key: K, atLeast = 0): number {
    const delay = this.failed(key, atLeast);
    this.release(key, delay);
    return delay;
  }

  /** First half of {@linkcode fail}: counts the failure and says the delay, while the key stays at work. */
  failed(key: K, atLeast = 0): number {
    const failures = this.failuresOf(key) + 1;
    this.#failures.set(key, failures);
    const { baseDelay, maxDelay, jitter, random } = this.#options;
    const delay = Math.min(baseDelay * 2 ** Math.min(failures - 1, 30), maxDelay);
    return Math.max(Math.round(delay * (1 + jitter * (2 * random() - 1))), atLeast);
  }

  /** Second half of {@linkcode fail}: ends the work of a key that comes again after `delay` ms. */
  release(key: K, delay: number): void {
    this.#release(key);
    if (!this.#entries.has(key)) this.addAfter(key, delay, "retry");
  }

  /** Forgets a key that is not at work: queued, waiting, failed. */
  forget(key: K): void {
    const entry = this.#entries.get(key);
    if (entry?.lane !== undefined && !entry.atWork) {
      this.#lanes[entry.lane]?.remove(entry);
      this.#entries.delete(key);
    }
    this.#failures.delete(key);
    this.#stopWaiting(key);
  }

  /** When the next waiting key is due, on the queue's clock. */
  nextDue(): number | undefined {
    return this.#waiting.next();
  }

  /** Queues what has waited long enough; returns how many keys that were. */
  promote(): number {
    const now = this.#options.now();
    for (let count = 0;; count++) {
      const key = this.#waiting.take(now);
      if (key === undefined) return count;
      const reason = this.#waitReason.get(key) ?? "retry";
      this.#waitReason.delete(key);
      this.add({ key, reason });
    }
  }

  #create(key: K, lane: number): void {
    const since = this.#timed ? this.#options.now() : 0;
    const entry = { key, lane, since, atWork: false, row: undefined, before: undefined, after: undefined };
    this.#entries.set(key, entry);
    this.#lanes[lane]?.push(entry);
  }

  #release(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || !entry.atWork) return;
    this.#active--;
    entry.atWork = false;
    if (entry.lane === undefined) {
      this.#entries.delete(key);
      return;
    }
    if (this.#timed) entry.since = this.#options.now();
    this.#lanes[entry.lane]?.push(entry);
  }

  #stopWaiting(key: K): void {
    if (this.#waiting.size === 0) return;
    this.#waiting.delete(key);
    this.#waitReason.delete(key);
  }
}
