import assert from "node:assert/strict";
import { KubeError } from "../../lib/kube/mod.ts";
import { TransformError } from "../../lib/transform/mod.ts";
import type { Patch } from "./api.ts";
import { PatchError } from "./errors.ts";
import { discreet, isLostRace, problemIn } from "./failure.ts";
import { planOf } from "./plan.ts";

const answer = (code: number, reason: string, message = "the server says so") =>
  new KubeError(message, { code, reason });

Deno.test("problemIn() tells the Patch's problems from others", () => {
  const rows: [error: unknown, reason: string | undefined][] = [
    [new PatchError("Cycle", "a -> b -> a"), "Cycle"],
    [answer(403, "Forbidden"), "Forbidden"],
    [answer(422, "Invalid"), "Rejected"],
    [answer(413, "RequestEntityTooLarge"), "Rejected"],
    [answer(404, "NotFound"), "TargetNotFound"],
    [answer(0, "Network"), undefined],
    [answer(503, "ServiceUnavailable"), undefined],
    [new TypeError("a fault of ours"), undefined],
  ];
  for (const [error, reason] of rows) assert.equal(problemIn(error)?.reason, reason);
  assert.ok((problemIn(answer(422, "Invalid", "x".repeat(5_000)))?.message.length ?? 0) < 1_100);
});

Deno.test("isLostRace() sees that the object is not what was read", () => {
  assert.ok(isLostRace(answer(409, "Conflict")));
  assert.ok(isLostRace(answer(422, "Invalid", "testing value /spec/tags failed")));
  assert.ok(!isLostRace(answer(422, "Invalid", "data.x: Invalid value")));
  assert.ok(!isLostRace(new Error("testing value failed")));
});

Deno.test("discreet() quotes no Secret", () => {
  const patch = (kind: string): Patch => ({
    apiVersion: "krateo.io/v1alpha1",
    kind: "Patch",
    metadata: { name: "p" },
    spec: {
      from: { objectReference: { kind, name: "s" }, fieldPath: "data.a" },
      to: { objectReference: { kind: "ConfigMap", name: "t" } },
    },
  });
  const refused = new PatchError("Rejected", 'Invalid value: "s3cret"', { cause: answer(422, "Invalid", "s3cret") });
  const failed = new PatchError("TransformFailed", '"s3cret" is no number', {
    cause: new TransformError("Failed", "s3cret"),
  });
  for (const problem of [refused, failed]) {
    assert.equal(discreet(problem, planOf(patch("ConfigMap"))), problem);
    const told = discreet(problem, planOf(patch("Secret")));
    assert.equal(told.reason, problem.reason);
    assert.ok(!/s3cret/.test(told.message + String(told.cause)), told.message);
  }
});
