/** Prometheus metrics under controller-runtime's names, so that existing dashboards and alerts work. */
import { Counter, Gauge, Histogram, Registry } from "../deps/prom_client.ts";
import type { WatchHealth, WatchMonitor } from "../kube/mod.ts";
import { ProviderError } from "./provider_error.ts";
import { DeadlineError } from "./reconcile.ts";
import type { ReconcileObserver } from "./reconcile_observer.ts";
import type { Outcome } from "./types.ts";
import { createWatchMetrics } from "./watch_metrics.ts";

/** The metrics of one process. */
export interface RuntimeMetrics {
  readonly registry: Registry;
  /** The metrics of one controller. */
  forController(name: string): ControllerMetrics;
  /** For `WatchOptions.onHealth`: how stale a watch may be, and how often it failed. */
  forWatch(name: string): (health: WatchHealth) => void;
  /** For `ClientOptions.monitor`: the same for every watch of a client. */
  readonly watches: WatchMonitor;
}

/** What a controller feeds its metrics with. */
export interface ControllerMetrics extends Required<ReconcileObserver> {
  /** The observer of one more `reconcile` stage of the controller: what they queue adds up. */
  stage(): Required<ReconcileObserver>;
  outcome(outcome: Outcome<string>): void;
  restarted(): void;
}

/** Failures in a row after which a key counts as one that does not mend by itself. */
export const POISON = 5;
const RECONCILE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const QUEUE_BUCKETS = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

/** Registers the metrics with `registry`, a new one by default. */
export function createMetrics(registry: Registry = new Registry()): RuntimeMetrics {
  const registers = [registry];
  const byController = { labelNames: ["controller"] as const, registers };
  const byQueue = { labelNames: ["name", "controller"] as const, registers };

  const total = new Counter({
    name: "controller_runtime_reconcile_total",
    help: "Reconciles by result: success, error, requeue, requeue_after",
    labelNames: ["controller", "result"] as const,
    registers,
  });
  const errors = new Counter({
    name: "controller_runtime_reconcile_errors_total",
    help: "Reconciles that failed",
    ...byController,
  });
  const terminalErrors = new Counter({
    name: "controller_runtime_terminal_reconcile_errors_total",
    help: "Reconciles that failed in a way that trying again does not mend",
    ...byController,
  });
  const panics = new Counter({
    name: "controller_runtime_reconcile_panics_total",
    help: "Reconciles that ended by an error of the program itself",
    ...byController,
  });
  const timeouts = new Counter({
    name: "controller_runtime_reconcile_timeouts_total",
    help: "Reconciles that were not done within their deadline",
    ...byController,
  });
  const most = new Gauge({
    name: "controller_runtime_max_concurrent_reconciles",
    help: "Keys that may be at work at once",
    ...byController,
  });
  const time = new Histogram({
    name: "controller_runtime_reconcile_time_seconds",
    help: "Duration of reconciles",
    buckets: RECONCILE_BUCKETS,
    ...byController,
  });
  const workers = new Gauge({
    name: "controller_runtime_active_workers",
    help: "Keys at work",
    ...byController,
  });
  const restarts = new Counter({
    name: "kco_controller_restarts_total",
    help: "Times that a controller's pipeline ended and was started again",
    ...byController,
  });
  const poison = new Gauge({
    name: "kco_poison_keys",
    help: `Keys that have failed ${POISON} times or more in a row: they are tried on with the longest back-off`,
    ...byController,
  });
  const depth = new Gauge({ name: "workqueue_depth", help: "Keys that are queued", ...byQueue });
  const adds = new Counter({ name: "workqueue_adds_total", help: "Keys added that were not queued", ...byQueue });
  const retries = new Counter({ name: "workqueue_retries_total", help: "Keys put back after a failure", ...byQueue });
  const wait = new Histogram({
    name: "workqueue_queue_duration_seconds",
    help: "How long keys are queued",
    buckets: QUEUE_BUCKETS,
    ...byQueue,
  });
  const work = new Histogram({
    name: "workqueue_work_duration_seconds",
    help: "How long keys are at work",
    buckets: QUEUE_BUCKETS,
    ...byQueue,
  });

  const began = new Map<string, Map<symbol, number>>();
  const runsOf = (controller: string) => {
    const runs = began.get(controller) ?? new Map<symbol, number>();
    began.set(controller, runs);
    return runs;
  };
  const ages = (controller: string) => {
    const now = performance.now();
    return [...runsOf(controller).values()].map((at) => (now - at) / 1000);
  };
  new Gauge({
    name: "workqueue_unfinished_work_seconds",
    help: "Seconds that the keys at work have taken so far, all together: when it grows steadily, some are stuck",
    ...byQueue,
    collect() {
      for (const name of began.keys()) this.set({ name, controller: name }, sum(ages(name)));
    },
  });
  new Gauge({
    name: "workqueue_longest_running_processor_seconds",
    help: "Seconds that the key at work longest has taken so far",
    ...byQueue,
    collect() {
      for (const name of began.keys()) this.set({ name, controller: name }, Math.max(0, ...ages(name)));
    },
  });
  const watches = createWatchMetrics(registry);

  return {
    registry,
    forWatch: watches.forWatch,
    watches: watches.monitor,
    forController(controller) {
      const queue = { name: controller, controller };
      const of = { controller };
      // Present from the start, so that a rate over a restart has a beginning.
      for (const result of ["success", "error", "requeue", "requeue_after"]) total.inc({ controller, result }, 0);
      for (const counter of [errors, terminalErrors, panics, timeouts, restarts]) counter.inc(of, 0);
      for (const metric of [depth, adds, retries]) metric.inc(queue, 0);
      for (const metric of [workers, most, poison]) metric.inc(of, 0);
      const poisoned = new Set<string>();
      /** Runs under way, by when they began. */
      const runs = runsOf(controller);
      const stage = (): Required<ReconcileObserver> => {
        let [queuedBefore, activeBefore, limitBefore] = [0, 0, 0];
        return {
          added: () => adds.inc(queue),
          retried: () => retries.inc(queue),
          taken: (waited) => wait.observe(queue, waited / 1000),
          // A controller may have several stages: each adds its own share.
          level(queued, active) {
            depth.inc(queue, queued - queuedBefore);
            workers.inc(of, active - activeBefore);
            [queuedBefore, activeBefore] = [queued, active];
          },
          concurrency(limit) {
            most.inc(of, limit - limitBefore);
            limitBefore = limit;
          },
          began() {
            const id = Symbol();
            runs.set(id, performance.now());
            return () => void runs.delete(id);
          },
        };
      };
      return {
        ...stage(),
        stage,
        outcome(outcome) {
          const failed = outcome.type === "failed";
          const result = failed ? "error" : outcome.requeueAfter === undefined ? "success" : "requeue_after";
          total.inc({ controller, result });
          time.observe(of, outcome.duration / 1000);
          work.observe(queue, outcome.duration / 1000);
          if (failed && outcome.failures >= POISON) poisoned.add(outcome.key);
          else poisoned.delete(outcome.key);
          poison.set(of, poisoned.size);
          if (!failed) return;
          errors.inc(of);
          if (outcome.error instanceof DeadlineError) timeouts.inc(of);
          if (isTerminal(outcome.error)) terminalErrors.inc(of);
          if (isBug(outcome.error)) panics.inc(of);
        },
        restarted: () => restarts.inc(of),
      };
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** An error that trying again does not mend, as the provider itself says. */
function isTerminal(error: unknown): boolean {
  const causes = error instanceof Error ? [error, error.cause] : [];
  return causes.some((cause) => cause instanceof ProviderError && cause.reason === "Terminal");
}

/** What a wrong program throws, where a Go program would panic. `fetch` throws a TypeError, too, for a broken connection. */
function isBug(error: unknown): boolean {
  if (error instanceof TypeError) return /undefined|null|is not |not iterable/.test(error.message);
  return error instanceof ReferenceError || error instanceof RangeError;
}
