import assert from "node:assert/strict";
import { Registry } from "../deps/prom_client.ts";
import { createWatchMetrics } from "./watch_metrics.ts";

const PODS = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };

Deno.test("createWatchMetrics() tells how long ago each watch was heard, the worst of those that share a title", async () => {
  let now = 0;
  const registry = new Registry();
  const { monitor } = createWatchMetrics(registry, () => now);
  const [first, second] = [monitor({ resource: PODS }), monitor({ resource: PODS })];
  const staleness = async () => /kco_watch_staleness_seconds\{watch="pods"\} (.*)/.exec(await registry.metrics())?.[1];
  now = 10_000;
  first.health({ state: "live", lastContact: 1 });
  second.health({ state: "live", lastContact: 1 });
  now = 12_000;
  first.health({ state: "live", lastContact: 2 });
  assert.equal(await staleness(), "2");
  now = 72_000;
  second.health({ state: "failing", lastContact: 2 });
  assert.equal(await staleness(), "62");
  second.end();
  assert.equal(await staleness(), "60");
  first.end();
  assert.equal(await staleness(), undefined);
});

Deno.test("createWatchMetrics() counts the time before the first contact as staleness", async () => {
  let now = 0;
  const registry = new Registry();
  createWatchMetrics(registry, () => now).forWatch("pods");
  now = 3_000;
  assert.match(await registry.metrics(), /kco_watch_staleness_seconds\{watch="pods"\} 3\n/);
});
