/** What waits for one sink: bounded by items and bytes, in lanes that keep the order of each object. */
import type { WaitingEvent } from "./waiting_event.ts";

/** Bounds of a queue, or of a batch. */
export interface Bounds {
  readonly items: number;
  readonly bytes: number;
}

/**
 * Events in lanes: those of one object are always in the same one, so whoever sends each lane in order keeps theirs.
 *
 * What was taken counts until it is released: it is in memory all the same.
 */
export class EventQueue {
  readonly #bounds: Bounds;
  readonly #lanes: Lane[];
  #items = 0;
  #bytes = 0;

  constructor(bounds: Bounds, lanes: number) {
    this.#bounds = bounds;
    this.#lanes = Array.from({ length: lanes }, () => new Lane());
  }

  get items(): number {
    return this.#items;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** No more should be pushed. */
  get full(): boolean {
    return this.#items >= this.#bounds.items || this.#bytes >= this.#bounds.bytes;
  }

  /** So much is free that it makes sense to fill it up again. */
  get hasRoom(): boolean {
    return this.#items <= this.#bounds.items / 2 && this.#bytes <= this.#bounds.bytes / 2;
  }

  /** Adds an Event, whether or not there is room: the policy is somebody else's. */
  push(event: WaitingEvent): void {
    this.#items++;
    this.#bytes += event.json.length;
    this.#laneOf(event.key).push(event);
  }

  /** Takes the Event out that has waited longest; `undefined` where all are in somebody's hands. */
  dropOldest(): WaitingEvent | undefined {
    let oldest: Lane | undefined;
    for (const lane of this.#lanes) if (lane.since < (oldest?.since ?? Infinity)) oldest = lane;
    const event = oldest?.shift();
    if (event !== undefined) this.release([event]);
    return event;
  }

  /** The next batch of a lane, at least one Event if there is one. */
  take(lane: number, bounds: Bounds): WaitingEvent[] {
    return this.#lanes[lane]?.take(bounds) ?? [];
  }

  /** Gives a batch back that was taken and not sent, to be taken first. */
  putBack(lane: number, events: readonly WaitingEvent[]): void {
    this.#lanes[lane]?.putBack(events);
  }

  /** Forgets Events that were taken. */
  release(events: readonly WaitingEvent[]): void {
    this.#items -= events.length;
    for (const { json } of events) this.#bytes -= json.length;
  }

  /**
   * Resolves once a lane has Events, and then as soon as they fill a batch or the first of them was read `wait` ms ago, so that what
   * came while a batch was under way does not wait once more; or when `signal` aborts.
   */
  async whenReady(lane: number, bounds: Bounds, wait: number, signal: AbortSignal): Promise<void> {
    await this.#lanes[lane]?.holds({ items: 1, bytes: 0 }, Infinity, signal);
    if (wait === 0) return;
    const waited = Math.max(0, Date.now() - (this.#lanes[lane]?.first?.received ?? 0));
    if (waited < wait) await this.#lanes[lane]?.holds(bounds, wait - waited, signal);
  }

  /** The oldest Event that waits. */
  get oldest(): WaitingEvent | undefined {
    let oldest: Lane | undefined;
    for (const lane of this.#lanes) if (lane.since < (oldest?.since ?? Infinity)) oldest = lane;
    return oldest?.first;
  }

  /** The same Events in another number of lanes, or within other bounds; nothing may be in somebody's hands. */
  resized(bounds: Bounds, lanes: number): EventQueue {
    const queue = new EventQueue(bounds, lanes);
    const waiting = this.#lanes.flatMap((lane) => lane.waiting()).sort((a, b) => a.arrival - b.arrival);
    for (const event of waiting) queue.push(event);
    return queue;
  }

  #laneOf(key: string): Lane {
    const lane = this.#lanes[this.#lanes.length === 1 ? 0 : hash(key) % this.#lanes.length];
    if (lane === undefined) throw new RangeError("a queue has a lane");
    return lane;
  }
}

/** First in, first out, without moving what waits. */
class Lane {
  #events: (WaitingEvent | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  #check: (() => void) | undefined;

  get first(): WaitingEvent | undefined {
    return this.#events[this.#head];
  }

  /** Arrival of its first. */
  get since(): number {
    return this.first?.arrival ?? Infinity;
  }

  waiting(): WaitingEvent[] {
    return this.#events.slice(this.#head).filter((event) => event !== undefined);
  }

  push(event: WaitingEvent): void {
    this.#events.push(event);
    this.#bytes += event.json.length;
    this.#check?.();
  }

  shift(): WaitingEvent | undefined {
    const event = this.first;
    if (event !== undefined) this.#drop(1);
    return event;
  }

  take(bounds: Bounds): WaitingEvent[] {
    const events: WaitingEvent[] = [];
    let bytes = 0;
    for (let at = this.#head; at < this.#events.length && events.length < bounds.items; at++) {
      const event = this.#events[at];
      if (event === undefined || (events.length > 0 && bytes + event.json.length > bounds.bytes)) break;
      events.push(event);
      bytes += event.json.length;
    }
    this.#drop(events.length);
    return events;
  }

  putBack(events: readonly WaitingEvent[]): void {
    this.#events = [...events, ...this.waiting()];
    this.#head = 0;
    for (const { json } of events) this.#bytes += json.length;
    this.#check?.();
  }

  /** Resolves when as much waits, after `wait` ms, or when `signal` aborts. One at a time. */
  holds(bounds: Bounds, wait: number, signal: AbortSignal): Promise<void> {
    const enough = () => {
      const items = this.#events.length - this.#head;
      return items >= bounds.items || (items > 0 && this.#bytes >= bounds.bytes);
    };
    if (enough() || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#check = undefined;
        resolve();
      };
      const timer = wait === Infinity ? undefined : setTimeout(done, wait);
      signal.addEventListener("abort", done);
      this.#check = () => enough() && done();
    });
  }

  #drop(count: number): void {
    for (let n = 0; n < count; n++, this.#head++) {
      this.#bytes -= this.#events[this.#head]?.json.length ?? 0;
      // What is gone must not be kept alive by its place.
      this.#events[this.#head] = undefined;
    }
    if (this.#head < this.#events.length && (this.#head < 256 || this.#head * 2 < this.#events.length)) return;
    this.#events = this.#events.slice(this.#head);
    this.#head = 0;
  }
}

/** FNV-1a: spreads UIDs evenly. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
