import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { RenderError } from "../../lib/helm/mod.ts";
import { KubeError } from "../../lib/kube/mod.ts";
import { ReleaseError } from "../../lib/release/mod.ts";
import { backoff, failureOf, NoBlueprintError } from "./failure.ts";

const TABLE: readonly (readonly [unknown, string])[] = [
  [new ReleaseError("OwnershipConflict", "m"), "OwnershipConflict"],
  [new ReleaseError("ApplyConflict", "m"), "Conflict"],
  [new ReleaseError("ApplyFailed", "m"), "ApplyFailed"],
  [new ReleaseError("MissingKinds", "m"), "MissingKinds"],
  [new ReleaseError("MissingCredentials", "m"), "ChartUnavailable"],
  [new ReleaseError("HookFailed", "m"), "HookFailed"],
  [new ReleaseError("InvalidRecord", "m"), "InvalidRelease"],
  [new ReleaseError("Pending", "m"), "ReleasePending"],
  [new NoBlueprintError("m"), "NoDefinition"],
  [new RenderError("Values", "m"), "ValuesInvalid"],
  [new RenderError("Timeout", "m"), "RenderFailed"],
  [new KubeError("m", { reason: "Forbidden", code: 403 }), "ReconcileError"],
  [new Error("m"), "ReconcileError"],
  ["m", "ReconcileError"],
];
for (const [error, reason] of TABLE) {
  const name = error instanceof Error ? `${error.name} ${"reason" in error ? error.reason : ""}`.trim() : "a text";
  Deno.test(`failureOf() ${name} is ${reason}`, () => deepStrictEqual(failureOf(error), { reason, message: "m" }));
}

Deno.test("failureOf() keeps beginning and end of a message that no condition could hold", () => {
  const { message } = failureOf(new RenderError("Timeout", `begins ${"x".repeat(100_000)} ends`));
  ok(message.length <= 2_000, String(message.length));
  match(message, /^begins x+ … \[\d+ characters\] … x+ ends$/);
});

Deno.test("backoff() doubles from a second to a minute", () => {
  deepStrictEqual([0, 1, 2, 5, 6, 100].map(backoff), [1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  strictEqual(backoff(Number.MAX_SAFE_INTEGER), 60_000);
});
