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
