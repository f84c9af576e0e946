/** `reconcile`: the one stage with work-queue semantics. */
import {
  asyncScheduler,
  from,
  Observable,
  type OperatorFunction,
  type SchedulerLike,
  type Subscriber,
  Subscription,
} from "../deps/rxjs.ts";
import { lifecycleOf } from "./_lifecycle.ts";
import type { Lead } from "./_lead.ts";
import type { ReconcileObserver } from "./reconcile_observer.ts";
import { retryAfterOf } from "./provider_error.ts";
import { KeyedQueue, type Taken } from "./queue.ts";
import type { Outcome, ReconcileOptions, Reconciler, Result, Trigger } from "./types.ts";

/** A reconciler as {@linkcode reconcile} takes it: a promise, or a stream whose last value counts (for marble tests). */
export type ReconcilerLike<K extends string> =
  | Reconciler<K>
  | ((key: K, signal: AbortSignal) => Observable<Result | void>);

/** Options of {@linkcode reconcile} beyond the common ones. */
export interface ReconcileStageOptions<K extends string> extends ReconcileOptions {
  /**
   * Stops taking keys when it aborts; the stream completes when the keys at work are done. That of a `ControllerContext` also
   * tells who leads, where its controller stands by warm, and what counts for the metrics.
   */
  readonly drain?: AbortSignal;
  /** Keys of one group do not starve those of another, e.g. the kind within a key. Default: all are one group. */
  readonly groupOf?: (key: K) => string;
  /** Default: the metrics of the controller whose `drain` is given. */
  readonly observer?: ReconcileObserver;
  /** Time, for marble tests. */
  readonly scheduler?: SchedulerLike;
  /** A number in [0, 1), for tests. */
  readonly random?: () => number;
}

const JITTER = 0.1;

/**
 * Reconciles each key that is triggered: once however often it is triggered meanwhile, never twice at a time, at most
 * `concurrency` at once, urgent reasons first, again after a failure with a back-off of its own, and not before the
 * `retryAfter` (ms) of its error.
 *
 *     triggers: a-b-a-------a------|
 *     work:     [a--][a--]  [a--]       (concurrency 1 would put b between)
 *                 [b--]
 *     outcomes: ----A-B-A------A---|
 *
 * A key triggered while it is reconciled is reconciled once more. A run past its deadline is aborted and counts as failed
 * at once; its key stays taken until the run really ends, so a reconciler that hangs hurts its own key alone. Completes
 * when the source has and nothing is queued or at work; unsubscribing aborts what is at work.
 */
export function reconcile<K extends string>(
  reconciler: ReconcilerLike<K>,
  options: ReconcileStageOptions<K> = {},
): OperatorFunction<Trigger<K>, Outcome<K>> {
  return (source) =>
    new Observable((subscriber) => {
      const stage = new ReconcileStage(reconciler, options, subscriber);
      stage.subscription.add(source.subscribe({
        next: (trigger) => stage.trigger(trigger),
        error: (error) => subscriber.error(error),
        complete: () => stage.finish(),
      }));
      return stage.subscription;
    });
}

class ReconcileStage<K extends string> {
  readonly subscription = new Subscription();
  readonly #reconciler: ReconcilerLike<K>;
  readonly #options: ReconcileStageOptions<K>;
  readonly #subscriber: Subscriber<Outcome<K>>;
  readonly #scheduler: SchedulerLike;
  readonly #queue: KeyedQueue<K>;
  readonly #concurrency: number;
  readonly #observer: ReconcileObserver;
  /** While it is another's, keys wait in the queue. */
  readonly #lead: Lead | undefined;
  /** Runs that take a slot: runs past their deadline do not. */
  #running = 0;
  /** For each run: how to abort it without a failure. */
  readonly #cancels = new Set<() => void>();
  #sourceDone = false;
  #timer: Subscription | undefined;
  #timerAt = Infinity;
  #pumping = false;

  constructor(reconciler: ReconcilerLike<K>, options: ReconcileStageOptions<K>, subscriber: Subscriber<Outcome<K>>) {
    this.#reconciler = reconciler;
    this.#options = options;
    this.#subscriber = subscriber;
    this.#concurrency = options.concurrency ?? 10;
    const scheduler = options.scheduler ?? asyncScheduler;
    this.#scheduler = scheduler;
    const { drain } = options;
    const lifecycle = lifecycleOf(drain);
    this.#observer = options.observer ?? lifecycle?.observe() ?? {};
    this.#queue = new KeyedQueue<K>({
      now: () => scheduler.now(),
      baseDelay: options.baseDelay ?? 1_000,
      maxDelay: options.maxDelay ?? 60_000,
      jitter: JITTER,
      random: options.random ?? Math.random,
      timed: this.#observer.taken !== undefined,
      ...(options.groupOf && { groupOf: options.groupOf }),
    });
    this.#observer.concurrency?.(this.#concurrency);
    this.subscription.add(() => {
      this.#observer.level?.(0, 0);
      this.#observer.concurrency?.(0);
    });
    this.#lead = lifecycle?.lead;
    this.subscription.add(this.#lead?.follow(() => this.#leadChanged()));
    if (drain !== undefined) {
      const onDrain = () => this.#pump();
      drain.addEventListener("abort", onDrain);
      this.subscription.add(() => drain.removeEventListener("abort", onDrain));
    }
  }

  trigger(trigger: Trigger<K>): void {
    if (this.#queue.add(trigger)) this.#observer.added?.();
    this.#pump();
  }

  finish(): void {
    this.#sourceDone = true;
    this.#pump();
  }

  /** Starts what can be started. Re-entrant calls (a synchronous reconciler) are left to the loop that is under way. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#queue.promote();
    const draining = this.#options.drain?.aborted ?? false;
    const stopped = draining || this.#lead?.leading === false;
    while (!stopped && this.#running < this.#concurrency && !this.#subscriber.closed) {
      const taken = this.#queue.take();
      if (taken === undefined) break;
      this.#run(taken);
    }
    this.#pumping = false;
    this.#observer.level?.(this.#queue.ready, this.#queue.active);
    const idle = this.#running === 0 && (draining || (this.#sourceDone && this.#queue.ready === 0));
    if (idle) this.#subscriber.complete();
    else this.#wake();
  }

  /** Work of a leader that was is aborted at once: somebody else may already be at it. Its keys wait for the next lead. */
  #leadChanged(): void {
    if (this.#lead?.leading === false) { for (const cancel of [...this.#cancels]) cancel(); }
    this.#pump();
  }

  /** One timer for all that waits, set to the earliest. */
  #wake(): void {
    const due = this.#queue.nextDue();
    if (due === undefined || this.#sourceDone || this.#timerAt <= due || this.#subscriber.closed) return;
    this.#timer?.unsubscribe();
    this.#timerAt = due;
    this.#timer = this.#scheduler.schedule(() => {
      this.#timerAt = Infinity;
      this.#pump();
    }, Math.max(due - this.#scheduler.now(), 0));
    this.subscription.add(this.#timer);
  }

  #run(taken: Taken<K>): void {
    const { key } = taken;
    this.#running++;
    if (taken.waited !== undefined) this.#observer.taken?.(taken.waited);
    const started = this.#scheduler.now();
    const ended = this.#observer.began?.();
    const abort = new AbortController();
    let cancelled = false;
    let result: Result | void;
    let retryAfter: number | undefined;
    const fail = (error: unknown) => {
      this.#running--;
      retryAfter = this.#queue.failed(key, retryAfterOf(error));
      const failures = this.#queue.failuresOf(key);
      const duration = this.#scheduler.now() - started;
      this.#observer.retried?.();
      this.#subscriber.next({ type: "failed", key, duration, error, failures, retryAfter });
    };
    const deadline = this.#options.deadline ?? 240_000;
    const timer = this.#scheduler.schedule(() => {
      const error = new DeadlineError(key, deadline);
      abort.abort(error);
      fail(error);
      this.#pump();
    }, deadline);
    const cancel = () => {
      cancelled = true;
      abort.abort(new DOMException("the lead was lost", "AbortError"));
    };
    this.#cancels.add(cancel);
    const forget = () => {
      if (this.#cancels.delete(cancel)) ended?.();
    };
    const settle = (error?: { readonly thrown: unknown }) => {
      timer.unsubscribe();
      this.subscription.remove(run);
      forget();
      if (cancelled && retryAfter === undefined) return this.#putBack(key);
      if (retryAfter === undefined && error !== undefined) fail(error.thrown);
      if (retryAfter !== undefined) this.#queue.release(key, retryAfter);
      else this.#succeed(key, started, result);
      this.#pump();
    };
    // Aborting comes before unsubscribing, so that the work hears of it.
    const run = new Subscription(() => abort.abort(new DOMException("unsubscribed", "AbortError")));
    run.add(forget);
    run.add(timer);
    this.subscription.add(run);
    run.add(
      from(start(this.#reconciler, key, abort.signal)).subscribe({
        next: (value) => result = value,
        error: (thrown) => settle({ thrown }),
        complete: () => settle(),
      }),
    );
  }

  #putBack(key: K): void {
    this.#running--;
    this.#queue.release(key, 0);
    this.#pump();
  }

  #succeed(key: K, started: number, result: Result | void): void {
    this.#running--;
    this.#queue.done(key);
    const requeueAfter = result?.requeueAfter;
    if (requeueAfter !== undefined) this.#queue.addAfter(key, requeueAfter, "resync");
    const duration = this.#scheduler.now() - started;
    this.#subscriber.next({ type: "ok", key, duration, ...(requeueAfter !== undefined && { requeueAfter }) });
  }
}

/** A reconcile that took longer than its deadline. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly reason = "Deadline";

  constructor(key: string, deadline: number) {
    super(`Cannot reconcile "${key}": not done within ${deadline} ms`);
  }
}

/** A reconciler that throws before it returns a promise fails like any other. */
function start<K extends string>(
  reconciler: ReconcilerLike<K>,
  key: K,
  signal: AbortSignal,
): Observable<Result | void> | Promise<Result | void> {
  try {
    return reconciler(key, signal);
  } catch (error) {
    return Promise.reject(error);
  }
}
