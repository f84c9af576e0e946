/** Prometheus metrics under controller-runtime's names, so that existing dashboards and alerts work. */
import { Counter, Gauge, Histogram, Registry } from "../deps/prom_client.ts";
import type { WatchHealth } from "../kube/mod.ts";
import type { ReconcileObserver } from "./reconcile.ts";
import type { Outcome } from "./types.ts";

/** The metrics of one process. */
export interface RuntimeMetrics {
  readonly registry: Registry;
  /** The metrics of one controller. */
  forController(name: string): ControllerMetrics;
  /** For `WatchOptions.onHealth`: how stale a watch may be, and how often it failed. */
  forWatch(name: string): (health: WatchHealth) => void;
}

/** What a controller feeds its metrics with. */
export interface ControllerMetrics extends Required<ReconcileObserver> {
  outcome(outcome: Outcome<string>): void;
  restarted(): void;
}

const RECONCILE_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const QUEUE_BUCKETS = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

/** Registers the metrics with `registry`, a new one by default. */
export function createMetrics(registry: Registry = new Registry()): RuntimeMetrics {
  const registers = [registry];
  const byController = { labelNames: ["controller"] as const, registers };
  const byQueue = { labelNames: ["name", "controller"] as const, registers };

  const total = new Counter({
    name: "controller_runtime_reconcile_total",
    help: "Reconciles by result: success, error, requeue_after",
    labelNames: ["controller", "result"] as const,
    registers,
  });
  const errors = new Counter({
    name: "controller_runtime_reconcile_errors_total",
    help: "Reconciles that failed",
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

  const contact = new Gauge({
    name: "kco_watch_last_contact_timestamp_seconds",
    help: "When the API server was last heard on a watch: now minus this bounds how stale its store is",
    labelNames: ["watch"] as const,
    registers,
  });
  const watchFailures = new Counter({
    name: "kco_watch_failures_total",
    help: "Times that a watch or its list failed and was tried again, by reason",
    labelNames: ["watch", "reason"] as const,
    registers,
  });

  return {
    registry,
    forWatch: (watch) => ({ state, lastContact, error }) => {
      if (state === "live") contact.set({ watch }, lastContact / 1000);
      if (state === "failing") watchFailures.inc({ watch, reason: error?.reason ?? "" });
    },
    forController(controller) {
      const queue = { name: controller, controller };
      const of = { controller };
      // Present from the start, so that a rate over a restart has a beginning.
      for (const result of ["success", "error", "requeue_after"]) total.inc({ controller, result }, 0);
      errors.inc(of, 0);
      restarts.inc(of, 0);
      return {
        added: () => adds.inc(queue),
        retried: () => retries.inc(queue),
        taken: (waited) => wait.observe(queue, waited / 1000),
        level(queued, active) {
          depth.set(queue, queued);
          workers.set(of, active);
        },
        outcome(outcome) {
          const failed = outcome.type === "failed";
          const result = failed ? "error" : outcome.requeueAfter === undefined ? "success" : "requeue_after";
          total.inc({ controller, result });
          if (failed) errors.inc(of);
          time.observe(of, outcome.duration / 1000);
          work.observe(queue, outcome.duration / 1000);
        },
        restarted: () => restarts.inc(of),
      };
    },
  };
}
