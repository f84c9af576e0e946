/** Sends what waits in a queue to one sink, until it is told to stop. */
import type { Delivery } from "../../sinks/mod.ts";
import { asSinkError, judge, type Refusal, type Verdict } from "./attempt.ts";
import type { Pacer } from "./pacer.ts";
import type { Bounds, EventQueue } from "./queue.ts";
import { sendWithin } from "./send_within.ts";
import type { SinkHandle } from "./sink_handle.ts";
import type { WaitingEvent } from "./waiting_event.ts";

/** Options of {@linkcode Sender}. Times in ms. */
export interface SenderOptions {
  readonly queue: EventQueue;
  readonly lanes: number;
  readonly batch: Bounds;
  /** How long a batch may wait to be filled. */
  readonly wait: number;
  readonly sink: SinkHandle;
  readonly pacer: Pacer;
  /** Of one attempt. */
  readonly timeout: number;
  /** After which a batch is given up; 0 for never. */
  readonly attempts: number;
  readonly toDelivery: (event: WaitingEvent) => Delivery;
  readonly onEvent: SenderObserver;
}

/** Told what becomes of Events. */
export interface SenderObserver {
  delivered(events: readonly WaitingEvent[], ms: number): void;
  /** The sink will never take it, or it was tried too often. Resolves to whether that was dealt with; else it is kept. */
  refused(event: WaitingEvent, message: string): Promise<boolean>;
  failed(events: readonly WaitingEvent[], verdict: Verdict): void;
}

/** A delivery and the Event that it is of. */
interface Item {
  readonly event: WaitingEvent;
  readonly delivery: Delivery;
}

/**
 * One loop a lane: a batch is acknowledged, given up or put back before the next one of its lane is taken, so that the order of
 * each object is kept through failures too.
 */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Resolves when all lanes have ended: after `drain` aborts, and the attempts under way are over. */
  async run(drain: AbortSignal, abort: AbortSignal): Promise<void> {
    const lanes = Array.from({ length: this.#options.lanes }, (_, lane) => this.#lane(lane, drain, abort));
    await Promise.all(lanes);
  }

  async #lane(lane: number, drain: AbortSignal, abort: AbortSignal): Promise<void> {
    const { queue, batch, wait } = this.#options;
    while (!drain.aborted) {
      await queue.whenReady(lane, batch, wait, drain);
      if (drain.aborted) return;
      const events = queue.take(lane, batch);
      if (events.length === 0) continue;
      const items = await this.#laidOut(events);
      const left = await this.#deliver(items, drain, abort);
      if (left.length > 0) queue.putBack(lane, left.map(({ event }) => event));
    }
  }

  /** What a layout fails at is refused before it is sent. */
  async #laidOut(events: readonly WaitingEvent[]): Promise<Item[]> {
    const items: Item[] = [];
    for (const event of events) {
      try {
        items.push({ event, delivery: this.#options.toDelivery(event) });
      } catch (error) {
        const message = `its layout fails: ${error instanceof Error ? error.message : String(error)}`;
        await this.#giveUp([{ event, message }]);
      }
    }
    return items;
  }

  /** Tries until nothing is left, or `drain` aborts; returns what is left. */
  async #deliver(items: readonly Item[], drain: AbortSignal, abort: AbortSignal): Promise<readonly Item[]> {
    let rest = items;
    for (let attempt = 1; rest.length > 0; attempt++) {
      if (!await this.#options.pacer.turn(rest.length, drain)) return rest;
      const verdict = await this.#attempt(rest, abort);
      const kept = await this.#settle(rest, verdict, abort);
      const next = kept.length === 0 ? pick(rest, verdict.rest) : kept;
      if (verdict.split) return await this.#halves(next, drain, abort);
      if (this.#options.attempts > 0 && attempt >= this.#options.attempts) {
        const message = `given up after ${attempt} attempts: ${verdict.message}`;
        return await this.#giveUp(next.map((item) => ({ ...item, message })));
      }
      rest = next;
    }
    return [];
  }

  /** Hands over what is not to be sent; returns what nobody took. */
  async #giveUp<T extends { readonly event: WaitingEvent; readonly message: string }>(
    items: readonly T[],
  ): Promise<T[]> {
    const left: T[] = [];
    for (const item of items) {
      if (await this.#options.onEvent.refused(item.event, item.message)) this.#options.queue.release([item.event]);
      else left.push(item);
    }
    return left;
  }

  /** A batch that is refused as a whole: the halves that hold no culprit are delivered. */
  async #halves(items: readonly Item[], drain: AbortSignal, abort: AbortSignal): Promise<readonly Item[]> {
    const middle = Math.ceil(items.length / 2);
    const left = await this.#deliver(items.slice(0, middle), drain, abort);
    if (left.length > 0) return [...left, ...items.slice(middle)];
    return await this.#deliver(items.slice(middle), drain, abort);
  }

  async #attempt(items: readonly Item[], abort: AbortSignal): Promise<Verdict> {
    const { sink, pacer } = this.#options;
    const batch = items.map(({ delivery }) => delivery);
    let opened = false;
    const started = performance.now();
    try {
      await sink.use((open) => {
        opened = true;
        return sendWithin(open, batch, this.#options.timeout, abort);
      });
      pacer.succeeded();
      this.#acknowledged(items, performance.now() - started);
      return { delivered: [], refused: [], rest: [], split: false };
    } catch (thrown) {
      const verdict = opened ? judge(batch, thrown) : notOpened(batch, thrown);
      if (verdict.rest.length > 0 && !verdict.split) pacer.failed(verdict.retryAfter);
      else pacer.succeeded();
      // A connection that broke may not mend itself.
      if (pacer.broken) await sink.renew();
      return verdict;
    }
  }

  #acknowledged(items: readonly Item[], ms: number): void {
    if (items.length === 0) return;
    const events = items.map(({ event }) => event);
    this.#options.onEvent.delivered(events, ms);
    this.#options.queue.release(events);
  }

  /** Deals with all but the rest; where a refusal could not be dealt with, returns what is to be kept, in order. */
  async #settle(items: readonly Item[], verdict: Verdict, abort: AbortSignal): Promise<Item[]> {
    this.#acknowledged(pick(items, verdict.delivered), 0);
    const left = await this.#giveUp(refusals(items, verdict.refused));
    const rest = pick(items, verdict.rest);
    if (rest.length > 0 && !abort.aborted) this.#options.onEvent.failed(rest.map(({ event }) => event), verdict);
    if (left.length === 0) return [];
    const kept = new Set([...left, ...rest].map(({ event }) => event));
    return items.filter(({ event }) => kept.has(event));
  }
}

/** The items of these deliveries, in order. */
function pick(items: readonly Item[], deliveries: readonly Delivery[]): Item[] {
  if (deliveries.length === 0) return [];
  const wanted = new Set(deliveries);
  return items.filter(({ delivery }) => wanted.has(delivery));
}

function refusals(items: readonly Item[], refused: readonly Refusal[]): (Item & { readonly message: string })[] {
  const messages = new Map(refused.map(({ delivery, message }) => [delivery, message]));
  return items.flatMap((item) => {
    const message = messages.get(item.delivery);
    return message === undefined ? [] : [{ ...item, message }];
  });
}

/** Nothing was sent, so nothing was refused. */
function notOpened(batch: readonly Delivery[], thrown: unknown): Verdict {
  const { reason, message, retryAfter } = asSinkError(thrown);
  return {
    delivered: [],
    refused: [],
    rest: batch,
    split: false,
    reason: reason === "Unavailable" ? reason : "Misconfigured",
    message,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
