import assert from "node:assert/strict";
import { KubeError } from "../kube/mod.ts";
import { createMetrics } from "./metrics.ts";

Deno.test("createMetrics() counts what a controller and its queue do, by controller-runtime's names", async () => {
  const metrics = createMetrics();
  const controller = metrics.forController("web");
  controller.added();
  controller.taken(20);
  controller.level(3, 2);
  controller.retried();
  controller.outcome({ type: "ok", key: "a", duration: 30 });
  controller.outcome({ type: "ok", key: "a", duration: 30, requeueAfter: 5 });
  controller.outcome({ type: "failed", key: "a", duration: 30, error: new Error("x"), failures: 1, retryAfter: 5 });
  const text = await metrics.registry.metrics();
  const queue = '{name="web",controller="web"}';
  for (
    const line of [
      'controller_runtime_reconcile_total{controller="web",result="success"} 1',
      'controller_runtime_reconcile_total{controller="web",result="requeue_after"} 1',
      'controller_runtime_reconcile_total{controller="web",result="error"} 1',
      'controller_runtime_reconcile_errors_total{controller="web"} 1',
      'controller_runtime_reconcile_time_seconds_sum{controller="web"} 0.09',
      'controller_runtime_active_workers{controller="web"} 2',
      `workqueue_depth${queue} 3`,
      `workqueue_adds_total${queue} 1`,
      `workqueue_retries_total${queue} 1`,
      `workqueue_queue_duration_seconds_sum${queue} 0.02`,
    ]
  ) assert.ok(text.includes(`${line}\n`), line);
});

Deno.test("createMetrics() tells when a watch last heard of the server, and why it failed", async () => {
  const metrics = createMetrics();
  const tell = metrics.forWatch("pods");
  tell({ state: "live", lastContact: 5_000 });
  const error = new KubeError("Cannot list pods", { reason: "Forbidden", code: 403 });
  tell({ state: "failing", lastContact: 5_000, error, retryIn: 250 });
  const text = await metrics.registry.metrics();
  assert.match(text, /kco_watch_last_contact_timestamp_seconds\{watch="pods"\} 5\n/);
  assert.match(text, /kco_watch_failures_total\{watch="pods",reason="Forbidden"\} 1\n/);
});
