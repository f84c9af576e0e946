import type { Worker } from "node:worker_threads";
import type { Chart, RenderRequest, RenderResult } from "../types.ts";
import { RenderError } from "./errors.ts";
import { askCluster, inputOf } from "./render.ts";
import { CHARTS_KEPT } from "./worker_body.ts";
import type { Order, Reply } from "./worker_protocol.ts";
import { startWorker } from "./worker_thread.ts";

/** ms that a render may take, answers of the cluster not counted. */
export const DEFAULT_TIMEOUT = 30_000;
/** MiB of a worker's heap. */
export const DEFAULT_MAX_MEMORY = 512;

/** Workers of a renderer at most. */
const MAX_LANES = 4;
/** ms without a worker getting free before those who wait get another one. */
const PATIENCE = 500;
/** ms that a render may keep its worker busy when others wait and there is no further worker. */
const FAIR_SHARE = 10_000;

/** How a renderer shares its workers. */
export interface RendererOptions {
  /**
   * ms that a render may keep its worker busy when others wait and there is no further worker: then the one that does so
   * longest is stopped. Default 10,000.
   */
  readonly fairShare?: number;
}

/** Renders charts in worker threads; hostile templates are stopped. */
export interface Renderer {
  /**
   * Renders a chart. A warm worker is used again: charts are sent once, parsed templates are kept.
   *
   * There is one worker, and renders take turns, as long as they are quick: behind one that is not, others do not wait
   * until it is done or its limit is reached, but get another worker, up to four. When all are busy with such renders, the
   * one that has been longest is stopped.
   *
   * @throws RenderError with Helm 4's message, or `Timeout`, `OutputTooLarge` … where a limit was reached.
   */
  render(request: RenderRequest): Promise<RenderResult>;
  /** Starts the first worker now, so that the first render need not wait for it (some 100 ms, on another core). */
  warm(): void;
  /** Ends the workers. A render that is under way fails with `Closed`. */
  close(): Promise<void>;
}

/** A renderer with workers of its own, the first started at the first render. */
export function createRenderer(options: RendererOptions = {}): Renderer {
  return new WorkerRenderer(options.fairShare ?? FAIR_SHARE);
}

/** A render that waits for a worker. */
interface Turn {
  readonly request: RenderRequest;
  readonly resolve: (result: Promise<RenderResult>) => void;
}

class WorkerRenderer implements Renderer {
  readonly #lanes = new Set<Lane>();
  readonly #idle: Lane[] = [];
  readonly #turns: Turn[] = [];
  readonly #fairShare: number;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(fairShare: number) {
    this.#fairShare = fairShare;
  }

  render(request: RenderRequest): Promise<RenderResult> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve) => {
      this.#turns.push({ request, resolve });
      this.#start();
    });
  }

  warm(): void {
    if (this.#closed || this.#lanes.size > 0) return;
    this.#addLane().warm();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#patience);
    for (const { resolve } of this.#turns.splice(0)) resolve(Promise.reject(closed()));
    await Promise.all([...this.#lanes].map((lane) => lane.close()));
  }

  /** Starts what there is a worker for; what waits behind renders that take long gets another worker. */
  #start(): void {
    if (this.#lanes.size === 0) this.#addLane();
    for (let lane = this.#idle.at(-1); lane && this.#turns.length > 0; lane = this.#idle.at(-1)) {
      this.#idle.pop();
      this.#run(lane, this.#turns.shift()!);
    }
    clearTimeout(this.#patience);
    if (this.#turns.length === 0) return;
    if (this.#lanes.size >= MAX_LANES) return this.#waitForShare();
    this.#patience = setTimeout(() => {
      this.#addLane();
      this.#start();
    }, PATIENCE);
  }

  /** Stops the render that keeps its worker longest, as soon as that is longer than its share. */
  #waitForShare(): void {
    const busiest = [...this.#lanes].reduce((a, b) => a.busyFor() >= b.busyFor() ? a : b);
    this.#patience = setTimeout(() => {
      if (busiest.busyFor() >= this.#fairShare) busiest.giveUp(this.#fairShare);
      else this.#waitForShare();
    }, Math.max(this.#fairShare - busiest.busyFor(), 1));
  }

  #addLane(): Lane {
    const lane = new Lane();
    this.#lanes.add(lane);
    this.#idle.push(lane);
    return lane;
  }

  #run(lane: Lane, { request, resolve }: Turn): void {
    const result = lane.render(request);
    resolve(result);
    const release = () => {
      if (this.#closed) return;
      this.#idle.push(lane);
      this.#start();
      this.#dismissSpare();
    };
    result.then(release, release);
  }

  /** One idle worker is kept warm. */
  #dismissSpare(): void {
    const spare = this.#idle.length > 1 ? this.#idle.shift() : undefined;
    if (spare === undefined) return;
    this.#lanes.delete(spare);
    // Nobody waits for an idle worker: its end can only be told to nobody.
    spare.close().catch(() => undefined);
  }
}

function closed(): RenderError {
  return new RenderError("Closed", "The renderer was closed before the chart was rendered");
}

/** A worker, another one after a limit was reached; one render at a time. */
class Lane {
  #thread: RenderThread | undefined;
  #closed = false;

  /** Starts the worker before it is needed. */
  warm(): void {
    this.#thread ??= new RenderThread(DEFAULT_MAX_MEMORY);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.stop(closed());
  }

  /** ms since the worker was asked for what it has not answered yet; 0 where it waits itself. */
  busyFor(): number {
    return this.#thread?.busyFor() ?? 0;
  }

  /** Ends the worker in favour of others; the render under way fails with `Timeout`. */
  giveUp(share: number): void {
    this.#thread?.overdue(share);
  }

  async render(request: RenderRequest): Promise<RenderResult> {
    const thread = await this.#fittingThread(request.limits?.maxMemory ?? DEFAULT_MAX_MEMORY);
    const timeout = request.limits?.timeout ?? DEFAULT_TIMEOUT;
    const { chart: _chart, ...input } = inputOf(request, undefined);
    const { id, fresh } = thread.place(request.chart);
    let order: Order = { kind: "render", input: { ...input, cacheKey: String(id) }, chart: id, fresh };
    for (;;) {
      const reply = await thread.ask(order, timeout);
      if (reply.kind === "done") return reply.result;
      if (reply.kind === "failed") throw new RenderError(reply.reason, reply.message);
      if (reply.kind !== "lookup") {
        throw new Error(`The render worker broke: ${reply.kind === "broken" ? reply.message : reply.kind}`);
      }
      order = { kind: "answer", key: reply.key, object: await askCluster(request, reply.key) };
    }
  }

  /** The running thread, or a new one where there is none or it has another limit of memory. */
  async #fittingThread(maxMemory: number): Promise<RenderThread> {
    if (this.#thread?.isAlive && this.#thread.maxMemory === maxMemory) return this.#thread;
    if (this.#thread !== undefined) await this.#thread.stop(new RenderError("Closed", "The worker is replaced"));
    if (this.#closed) throw closed();
    this.#thread = new RenderThread(maxMemory);
    return this.#thread;
  }
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A worker thread and what it has been sent. */
class RenderThread {
  readonly maxMemory: number;
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  readonly #ids = new WeakMap<Chart, number>();
  readonly #sent = new Set<number>();
  #nextId = 1;
  #waiting: Waiting | undefined;
  #askedAt: number | undefined;
  #isAlive = true;

  constructor(maxMemory: number) {
    this.maxMemory = maxMemory;
    this.#worker = startWorker(maxMemory);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#ready = promise;
    promise.catch(() => undefined); // told to whoever asks; a worker that was only warmed has nobody yet
    this.#waiting = { resolve: () => resolve(), reject };
    this.#worker.on("message", (reply: Reply) => this.#take()?.resolve(reply));
    this.#worker.on(
      "error",
      (error: Error) => this.#die(new RenderError("OutOfMemory", `The render worker ended: ${error.message}`)),
    );
    this.#worker.on("exit", () => this.#die(new RenderError("OutOfMemory", this.#limitText("ended"))));
    // A worker that waits for orders must not keep the process running.
    this.#worker.unref();
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The number of a chart, and the chart itself where the worker does not have it. */
  place(chart: Chart): { readonly id: number; readonly fresh: Chart | undefined } {
    const id = this.#ids.get(chart) ?? this.#nextId++;
    this.#ids.set(chart, id);
    const isFresh = !this.#sent.has(id);
    if (isFresh) {
      this.#sent.add(id);
      const [oldest] = this.#sent;
      if (this.#sent.size > CHARTS_KEPT && oldest !== undefined) this.#sent.delete(oldest);
    }
    return { id, fresh: isFresh ? chart : undefined };
  }

  /** Sends an order and waits for its reply; without one in time the thread is ended. */
  async ask(order: Order, timeout: number): Promise<Reply> {
    this.#worker.ref();
    try {
      await this.#ready;
      return await this.#reply(order, timeout);
    } finally {
      this.#worker.unref();
    }
  }

  async #reply(order: Order, timeout: number): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#waiting = { resolve, reject };
    const timer = setTimeout(() => this.overdue(timeout), timeout);
    this.#askedAt = performance.now();
    this.#worker.postMessage(order);
    try {
      return await promise;
    } finally {
      this.#askedAt = undefined;
      clearTimeout(timer);
    }
  }

  /** Ends the thread; whoever waits gets the error. */
  async stop(error: RenderError): Promise<void> {
    this.#die(error);
    await this.#worker.terminate();
  }

  /** ms since the order that it works on; 0 without one. */
  busyFor(): number {
    return this.#askedAt === undefined ? 0 : performance.now() - this.#askedAt;
  }

  /** Ends the thread, which took longer than it may. */
  overdue(timeout: number): void {
    const error = new RenderError("Timeout", this.#limitText(`did not finish within ${timeout} ms`));
    this.stop(error).catch((failure: unknown) => this.#die(failure instanceof Error ? failure : error));
  }

  #limitText(what: string): string {
    return `Rendering ${what}: a template loops without end or needs more than the ${this.maxMemory} MiB of its worker: ` +
      "check the chart, or raise the limits";
  }

  #die(error: Error): void {
    this.#isAlive = false;
    this.#take()?.reject(error);
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
