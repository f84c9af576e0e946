import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Registry } from "../../lib/deps/prom_client.ts";
import { createRouterMetrics, type Measured, newCounts } from "./metrics.ts";
import { routerSettings } from "./settings.ts";
import { statusOf } from "./status.ts";

Deno.test("routerSettings() reads the original's variables, and names what it cannot read", () => {
  const environment: Record<string, string> = {
    EVENT_ROUTER_NAMESPACE: "a, b",
    EVENT_ROUTER_INSECURE: "T",
    EVENT_ROUTER_THROTTLE_PERIOD: "1h30m",
    EVENT_ROUTER_API: "v2",
    EVENT_ROUTER_CLUSTER: "prod",
  };
  const invalid: string[] = [];
  const settings = routerSettings(
    (name) => environment[name],
    "own",
    (name, value) => invalid.push(`${name}=${value}`),
  );
  deepEqual(settings, {
    api: "v1",
    namespaces: ["a", "b"],
    insecure: true,
    maxAge: 5_400_000,
    cluster: "prod",
    ownNamespace: "own",
    interval: 1_000,
  });
  deepEqual(invalid, ["EVENT_ROUTER_API=v2"]);
});

Deno.test("routerSettings() is the original's default without any variable", () => {
  const settings = routerSettings(() => undefined, "own", () => ok(false));
  deepEqual(settings, { api: "v1", namespaces: [], insecure: false, maxAge: 0, ownNamespace: "own", interval: 1_000 });
});

Deno.test("createRouterMetrics() shows what the pipelines count", async () => {
  const registry = new Registry();
  const counts = newCounts();
  counts.delivered = 7;
  counts.dropped.QueueFull = 2;
  const queued = { items: 3, bytes: 400, spilled: 5 };
  const pipeline: Measured = { name: "echo", sinkName: "webhook", counts, queued, lag: 1.5, circuitOpen: true };
  const lookups = { hits: 10, requests: 4, failures: 1 };
  const metrics = createRouterMetrics(registry, () => ({ pipelines: [pipeline], lookups, malformed: 6 }));
  metrics.sent("echo", "webhook", 12);
  const text = await registry.metrics();
  const labels = 'registration="echo",sink="webhook"';
  for (
    const line of [
      `kco_eventrouter_delivered_total{${labels}} 7`,
      `kco_eventrouter_dropped_total{${labels},reason="QueueFull"} 2`,
      'kco_eventrouter_dropped_total{registration="",sink="",reason="Malformed"} 6',
      `kco_eventrouter_queue_items{${labels}} 3`,
      `kco_eventrouter_spilled_items{${labels}} 5`,
      `kco_eventrouter_lag_seconds{${labels}} 1.5`,
      `kco_eventrouter_circuit_open{${labels}} 1`,
      'kco_eventrouter_object_lookups_total{result="request"} 4',
      `kco_eventrouter_send_seconds_count{${labels}} 1`,
    ]
  ) ok(text.includes(line), line);
  // Read twice, counted once.
  match(await registry.metrics(), new RegExp(`delivered_total\\{${labels}\\} 7`));
});

Deno.test("statusOf() says the same twice when nothing changed, and keeps the time of the transition", () => {
  const registration = {
    apiVersion: "eventrouter.krateo.io/v1alpha1",
    kind: "Registration",
    metadata: { name: "echo", generation: 2 },
  };
  const facts = {
    standing: { type: "Unavailable", message: "503" } as const,
    counts: newCounts(),
    queued: 4,
    lag: 2.4,
  };
  const first = statusOf(registration, facts);
  equal(first.conditions?.[0]?.reason, "Unavailable");
  equal(first.counters?.lagSeconds, 2);
  deepEqual(statusOf({ ...registration, status: first }, facts), first);
});
