/** What stands between the stream of Events and one Registration's sink. */
import { join } from "node:path";
import type { Sink } from "../../sinks/mod.ts";
import { Admission } from "./admission.ts";
import type { Registration } from "./api.ts";
import { asSinkError, type Verdict } from "./attempt.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { deadLetterOf, deliveryOf } from "./delivery.ts";
import type { EnrichedEvent } from "./enriched_event.ts";
import type { Gate } from "./gate.ts";
import { Ledger, type LedgerState } from "./ledger.ts";
import { type DropReason, type Measured, newCounts, type RouterMetrics } from "./metrics.ts";
import { Pacer } from "./pacer.ts";
import type { ChosenSink, Plan } from "./plan.ts";
import { EventQueue } from "./queue.ts";
import { Secrets } from "./secrets.ts";
import { Sender } from "./sender.ts";
import { sendWithin } from "./send_within.ts";
import { SinkHandle } from "./sink_handle.ts";
import { Spill } from "./spill.ts";
import { lineOf, ofLine } from "./spill_line.ts";
import type { Facts, Standing } from "./status.ts";
import type { WaitingEvent } from "./waiting_event.ts";

/** What a pipeline needs of the router. */
export interface PipelineContext {
  readonly gate: Gate;
  readonly checkpoint: Checkpoint;
  readonly metrics?: RouterMetrics;
  /** Where queues spill to; none where there is no disk. */
  readonly directory?: string;
  readonly secrets: () => Secrets;
  /** The standing changed, or the counters did. */
  readonly onChange: (standing: boolean) => void;
  readonly onError: (message: string, error: unknown) => void;
}

/** Events that may be on their way to the dead letter at once because the queue is full. */
const OVERFLOW = 1_000;

/**
 * One Registration's share of the work: what it takes waits in a queue of its own, and its sink is nobody else's trouble.
 *
 *     take: ledger ─► admission (age, rules, dedup) ─► queue (or spill) ─► sender ─► sink ─► ledger, checkpoint
 */
export class Pipeline implements Measured {
  readonly counts = newCounts();
  readonly uid: string;
  readonly name: string;
  readonly #context: PipelineContext;
  readonly #admission: Admission;
  readonly #ledgers = new Map<string, Ledger>();
  readonly #before: Readonly<Record<string, LedgerState>> | undefined;
  #plan: Plan;
  #queue: EventQueue;
  #spill: Spill | undefined;
  #running: Running;
  #standing: Standing = { type: "Delivering" };
  /** Events on their way to the dead letter because the queue is full. */
  #overflowing = 0;
  #lastError: { message: string; at: number } | undefined;

  /** @param before What the checkpoint holds of it. */
  constructor(
    registration: Registration,
    plan: Plan,
    context: PipelineContext,
    before: Readonly<Record<string, LedgerState>> | undefined,
  ) {
    const { uid = "", name, creationTimestamp } = registration.metadata;
    this.uid = uid;
    this.name = name;
    this.#admission = new Admission(Date.parse(creationTimestamp ?? "") || 0);
    this.#context = context;
    this.#before = before;
    this.#plan = plan;
    this.#queue = new EventQueue(plan.queue, plan.lanes);
    this.#running = this.#start();
  }

  get sinkName(): string {
    return this.#plan.sink.kind.name;
  }

  get queued() {
    const { items, bytes } = this.#queue;
    return { items, bytes, spilled: this.#spill?.items ?? 0 };
  }

  get lag(): number {
    const oldest = this.#queue.oldest;
    return oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.received) / 1_000;
  }

  get circuitOpen(): boolean {
    return this.#running.pacer.broken;
  }

  get atLeastOnce(): boolean {
    return this.#plan.atLeastOnce;
  }

  /** What a status is made from. */
  get facts(): Facts {
    return {
      standing: this.#plan.paused ? { type: "Paused" } : this.#standing,
      counts: this.counts,
      queued: this.#queue.items + (this.#spill?.items ?? 0),
      lag: this.lag,
      ...(this.#lastError && { lastError: this.#lastError }),
    };
  }

  /** How far it has come, by source. */
  positions(): Record<string, LedgerState> {
    const known = Object.fromEntries([...this.#ledgers].map(([source, ledger]) => [source, ledger.state()]));
    return { ...this.#before, ...known };
  }

  /** Shows it an Event; the order of calls is the order of delivery of each object. */
  take(event: EnrichedEvent): void {
    this.counts.received++;
    const ledger = this.#ledger(event.source);
    if (!ledger.look(event.position, event.afterGap)) return;
    const dropped = this.#dropReason(event);
    if (dropped !== undefined) {
      this.counts.dropped[dropped]++;
      return;
    }
    this.counts.matched++;
    this.#enqueue(event.waiting, ledger);
    this.#context.onChange(false);
  }

  /** What it works by. */
  get plan(): Plan {
    return this.#plan;
  }

  /** Goes on by another plan; what waits is kept. Attempts under way are awaited first. */
  async change(plan: Plan): Promise<void> {
    await this.#stop(false);
    this.#plan = plan;
    this.#queue = this.#queue.resized(plan.queue, plan.lanes);
    this.#standing = { type: "Delivering" };
    this.#running = this.#start();
    this.#context.onChange(true);
  }

  /** @param abort Cuts attempts under way; otherwise they are awaited. */
  async close(abort: boolean): Promise<void> {
    await this.#stop(abort);
    this.#context.gate.set(this, false);
    this.#spill?.close();
  }

  #ledger(source: string): Ledger {
    let ledger = this.#ledgers.get(source);
    if (ledger === undefined) this.#ledgers.set(source, ledger = new Ledger(this.#before?.[source]));
    return ledger;
  }

  #dropReason(event: EnrichedEvent): DropReason | undefined {
    // Acknowledgements alone say nothing of what was there before them: then the same list comes as the first time.
    const known = (this.#before?.[event.source]?.seen ?? 0) > 0;
    return this.#admission.refusal(event, this.#plan, known);
  }

  #enqueue(event: WaitingEvent, ledger: Ledger): void {
    // What comes after something that was spilled has to wait behind it.
    if ((this.#spill?.items ?? 0) > 0) return this.#toSpill(event, ledger);
    if (this.#queue.full && this.#plan.policy === "Spill") return this.#toSpill(event, ledger);
    ledger.take(event.position);
    if (!this.#queue.full) return this.#queue.push(event);
    switch (this.#plan.policy) {
      case "BlockSource":
        this.#queue.push(event);
        this.#context.gate.set(this, true);
        return;
      case "DeadLetter":
        return this.#overflow(event);
      case "DropOldest":
        while (this.#queue.full) {
          const oldest = this.#queue.dropOldest();
          if (oldest === undefined) break;
          this.#drop(oldest, "QueueFull");
        }
        this.#queue.push(event);
    }
  }

  /** To the dead letter, as long as that keeps up. */
  #overflow(event: WaitingEvent): void {
    if (this.#overflowing >= OVERFLOW) return this.#drop(event, "QueueFull");
    this.#overflowing++;
    this.#refuse(event, "the queue is full")
      .catch((error) => this.#context.onError(`Cannot deal with Event ${event.id}`, error))
      .finally(() => this.#overflowing--);
  }

  #toSpill(event: WaitingEvent, ledger: Ledger): void {
    const { directory } = this.#context;
    this.#spill ??= new Spill(join(directory ?? Deno.makeTempDirSync(), this.uid), this.#plan.spillBytes);
    if (this.#spill.full) {
      this.counts.dropped.QueueFull++;
      return;
    }
    ledger.spill(event.position);
    this.#spill.push(lineOf(event));
  }

  /** Makes use of room in the queue. */
  #refill(): void {
    if (!this.#queue.hasRoom) return;
    this.#context.gate.set(this, false);
    while (this.#spill !== undefined && this.#spill.items > 0 && !this.#queue.full) {
      for (const event of this.#spill.shift(100).map(ofLine)) {
        this.#ledger(event.source).unspill(event.position, event.afterGap);
        this.#queue.push(event);
      }
    }
  }

  #drop(event: WaitingEvent, reason: DropReason): void {
    this.counts.dropped[reason]++;
    this.#resolve([event]);
  }

  /** Done with, whichever way. */
  #resolve(events: readonly WaitingEvent[]): void {
    const bySource = new Map<string, number[]>();
    for (const { source, position } of events) {
      this.#ledger(source).resolve(position);
      const positions = bySource.get(source);
      if (positions === undefined) bySource.set(source, [position]);
      else positions.push(position);
    }
    for (const [source, positions] of bySource) this.#context.checkpoint.acknowledged?.(this.uid, source, positions);
  }

  /** Resolves to whether it was dealt with. */
  async #refuse(event: WaitingEvent, message: string): Promise<boolean> {
    this.#lastError = { message, at: Date.now() };
    if (this.#running.deadLetter === undefined) {
      this.counts.dropped.Refused++;
      this.#context.onError(`Event ${event.id} is dropped, since there is no dead letter`, new Error(message));
    } else if (!await this.#toDeadLetter(this.#running.deadLetter, event, message)) {
      return false;
    }
    this.#resolve([event]);
    this.#context.onChange(false);
    return true;
  }

  async #toDeadLetter(sink: SinkHandle, event: WaitingEvent, message: string): Promise<boolean> {
    const letter = { registration: this.name, reason: message, time: new Date().toISOString() };
    const delivery = deadLetterOf(event, letter);
    const { drain, abort, timeout } = this.#running;
    const pacer = new Pacer({ breakerFailures: Infinity, initialDelay: 200, maxDelay: 30_000 });
    while (await pacer.turn(1, drain.signal)) {
      try {
        await sink.use((open) => sendWithin(open, [delivery], timeout, abort.signal));
        this.counts.deadLettered++;
        return true;
      } catch (error) {
        this.#context.onError(`Cannot deliver Event ${event.id} to the dead letter of "${this.name}"`, error);
        pacer.failed();
      }
    }
    return false;
  }

  #start(): Running {
    const plan = this.#plan;
    const secrets = this.#context.secrets();
    const sink = this.#open(plan.sink, secrets);
    const deadLetter = plan.deadLetter && this.#open(plan.deadLetter, secrets);
    const drain = new AbortController();
    const abort = new AbortController();
    const pacer = new Pacer({ ...plan, onCircuit: (broken) => broken || this.#stand({ type: "Delivering" }) });
    const sender = new Sender({
      queue: this.#queue,
      lanes: plan.lanes,
      batch: plan.batch,
      wait: plan.wait,
      timeout: plan.timeout,
      attempts: plan.attempts,
      sink,
      pacer,
      toDelivery: (event) => deliveryOf(event, plan.layout),
      onEvent: {
        delivered: (events, ms) => this.#delivered(events, ms),
        refused: (event, message) => this.#refuse(event, message),
        failed: (events, verdict) => this.#failed(events, verdict),
      },
    });
    secrets.changes$.subscribe(() => {
      pacer.reset();
      void deadLetter?.renew();
      void sink.renew().then(() => this.#probe(sink));
    });
    if (!plan.paused) void this.#probe(sink);
    const done = plan.paused ? Promise.resolve() : sender.run(drain.signal, abort.signal);
    done.catch((error) => this.#context.onError(`The pipeline of "${this.name}" broke`, error));
    return { secrets, sink, deadLetter, drain, abort, pacer, timeout: plan.timeout, done };
  }

  #open({ kind, settings }: ChosenSink, secrets: Secrets): SinkHandle {
    const context = { name: this.name, secret: secrets.read.bind(secrets) };
    const open = (): Promise<Sink> => kind.open(settings, context);
    return new SinkHandle(open, (error) => this.#context.onError(`Cannot close the sink of "${this.name}"`, error));
  }

  /** Opens the sink before there is anything to send, so that settings that cannot work are told at once. */
  async #probe(sink: SinkHandle): Promise<void> {
    try {
      await sink.use(() => Promise.resolve());
      if (this.#standing.type === "Misconfigured") this.#stand({ type: "Delivering" });
    } catch (error) {
      const { reason, message } = asSinkError(error);
      this.#lastError = { message, at: Date.now() };
      if (reason !== "Unavailable") this.#stand({ type: "Misconfigured", message });
    }
  }

  async #stop(abort: boolean): Promise<void> {
    const running = this.#running;
    running.drain.abort();
    if (abort) running.abort.abort();
    await running.done.catch(() => {});
    for (const handle of [running.sink, running.deadLetter]) await handle?.renew();
    running.secrets.close();
  }

  #delivered(events: readonly WaitingEvent[], ms: number): void {
    this.counts.delivered += events.length;
    this.#resolve(events);
    this.#context.metrics?.sent(this.name, this.sinkName, ms);
    queueMicrotask(() => this.#refill());
    if (this.#standing.type !== "Delivering") this.#stand({ type: "Delivering" });
    this.#context.onChange(false);
  }

  #failed(events: readonly WaitingEvent[], { reason, message = "", split }: Verdict): void {
    if (split) return;
    this.counts.retried += events.length;
    this.#lastError = { message, at: Date.now() };
    if (reason === "Misconfigured") this.#stand({ type: "Misconfigured", message });
    else if (this.#running.pacer.broken) this.#stand({ type: "Unavailable", message });
    this.#context.onChange(false);
  }

  #stand(standing: Standing): void {
    // The message of an outage may differ from attempt to attempt; the first one is told.
    if (this.#standing.type === standing.type) return;
    this.#standing = standing;
    this.#context.onChange(true);
  }
}

/** What runs by one plan. */
interface Running {
  readonly secrets: Secrets;
  readonly sink: SinkHandle;
  readonly deadLetter: SinkHandle | undefined;
  readonly drain: AbortController;
  readonly abort: AbortController;
  readonly pacer: Pacer;
  readonly timeout: number;
  readonly done: Promise<void>;
}
