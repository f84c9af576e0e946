import assert from "node:assert/strict";
import { KubeError } from "../kube/mod.ts";
import { Health } from "./health.ts";

Deno.test("Health is ok when no check complains, and names those that do", () => {
  const health = new Health();
  assert.equal(health.ok, true);
  const remove = health.add("disk", () => "full");
  assert.deepEqual([health.ok, health.report().get("disk")], [false, "full"]);
  remove();
  assert.equal(health.ok, true);
});

Deno.test("Health.watch() is not ready before the first list, nor while the watch fails, and says why", () => {
  const health = new Health();
  const tell = health.watch("pods");
  const problem = () => health.report().get("watch pods");
  assert.equal(problem(), "no list yet");
  tell({ state: "live", lastContact: 1 });
  assert.equal(problem(), undefined);
  const error = new KubeError("Cannot list pods: 403 Forbidden", { reason: "Forbidden", code: 403 });
  tell({ state: "failing", lastContact: 1, error });
  assert.equal(problem(), "Cannot list pods: 403 Forbidden");
  tell({ state: "listing", lastContact: 1 });
  assert.equal(problem(), "Cannot list pods: 403 Forbidden");
});

Deno.test("Health.watches keeps a check for every watch of a client while it lasts", () => {
  const health = new Health();
  const pods = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };
  const title = 'watch pods in namespace "demo" with labels app=web';
  const begin = () => health.watches({ resource: pods, namespace: "demo", labelSelector: "app=web" });
  const [first, second] = [begin(), begin()];
  first.health({ state: "live", lastContact: 1 });
  assert.equal(health.report().get(title), "no list yet");
  second.health({ state: "live", lastContact: 1 });
  assert.equal(health.ok, true);
  const error = new KubeError("Cannot watch pods: 403 Forbidden", { reason: "Forbidden", code: 403 });
  first.health({ state: "failing", lastContact: 1, error });
  assert.equal(health.report().get(title), "Cannot watch pods: 403 Forbidden");
  // It is told, and the process goes on for everybody else.
  assert.equal(health.ok, true);
  const broken = new KubeError("Cannot watch pods: connection refused", { reason: "Network" });
  first.health({ state: "failing", lastContact: 1, error: broken });
  assert.equal(health.ok, false);
  first.end();
  assert.equal(health.ok, true);
  second.end();
  assert.equal(health.report().size, 0);
});

Deno.test("Health.note() tells, and makes nothing unready", () => {
  const health = new Health();
  const remove = health.note("leader election", () => "standby");
  assert.deepEqual([health.ok, health.notes().get("leader election")], [true, "standby"]);
  remove();
  assert.equal(health.notes().size, 0);
});
