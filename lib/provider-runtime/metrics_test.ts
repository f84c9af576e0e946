import assert from "node:assert/strict";
import { KubeError } from "../kube/mod.ts";
import { createMetrics } from "./metrics.ts";
import { ProviderError } from "./provider_error.ts";
import { DeadlineError } from "./reconcile.ts";

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

Deno.test("createMetrics() adds the stages of a controller up, and knows what is at work and for how long", async () => {
  const metrics = createMetrics();
  const controller = metrics.forController("web");
  const [first, second] = [controller.stage(), controller.stage()];
  first.concurrency(4);
  second.concurrency(16);
  first.level(3, 1);
  second.level(2, 1);
  first.level(1, 0);
  const end = second.began();
  const text = await metrics.registry.metrics();
  const queue = '{name="web",controller="web"}';
  assert.ok(text.includes(`workqueue_depth${queue} 3\n`));
  assert.ok(text.includes('controller_runtime_active_workers{controller="web"} 1\n'));
  assert.ok(text.includes('controller_runtime_max_concurrent_reconciles{controller="web"} 20\n'));
  const longest = async () =>
    Number(/workqueue_longest_running_processor_seconds\{.*\} (.*)/.exec(await metrics.registry.metrics())?.[1]);
  assert.ok(await longest() > 0);
  end();
  assert.equal(await longest(), 0);
});

const failures: { name: string; error: unknown; metric: string }[] = [
  { name: "a timeout", error: new DeadlineError("a", 5), metric: "controller_runtime_reconcile_timeouts_total" },
  {
    name: "a terminal failure",
    error: new Error("create failed", { cause: new ProviderError("Terminal", "no such org") }),
    metric: "controller_runtime_terminal_reconcile_errors_total",
  },
  {
    name: "a panic",
    error: new TypeError("Cannot read properties of undefined"),
    metric: "controller_runtime_reconcile_panics_total",
  },
];
for (const { name, error, metric } of failures) {
  Deno.test(`createMetrics() counts ${name} as such`, async () => {
    const metrics = createMetrics();
    metrics.forController("web").outcome({ type: "failed", key: "a", duration: 1, error, failures: 1, retryAfter: 1 });
    const text = await metrics.registry.metrics();
    const counted = failures.filter(({ metric }) => text.includes(`${metric}{controller="web"} 1\n`));
    assert.deepEqual(counted.map(({ metric }) => metric), [metric]);
  });
}

Deno.test("createMetrics() counts the keys that do not mend by themselves, until they do", async () => {
  const metrics = createMetrics();
  const controller = metrics.forController("web");
  const fail = (key: string, failures: number) =>
    controller.outcome({ type: "failed", key, duration: 1, error: new Error("x"), failures, retryAfter: 1 });
  const poisoned = async () => /kco_poison_keys\{controller="web"\} (\d+)/.exec(await metrics.registry.metrics())?.[1];
  fail("a", 4);
  assert.equal(await poisoned(), "0");
  fail("a", 5);
  fail("b", 9);
  assert.equal(await poisoned(), "2");
  controller.outcome({ type: "ok", key: "a", duration: 1 });
  assert.equal(await poisoned(), "1");
});
