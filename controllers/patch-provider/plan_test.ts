import assert from "node:assert/strict";
import type { Patch, PatchSpec } from "./api.ts";
import { PatchError } from "./errors.ts";
import { managerOf, planOf, wayOutOf } from "./plan.ts";

const FROM = { objectReference: { kind: "ConfigMap", name: "foo" }, fieldPath: "data.a" };
const TO = { objectReference: { kind: "ConfigMap", name: "bar" }, fieldPath: "data.b" };

function patch(spec: unknown, metadata: Partial<Patch["metadata"]> = {}): Patch {
  return {
    apiVersion: "krateo.io/v1alpha1",
    kind: "Patch",
    metadata: { name: "p", ...metadata },
    spec: spec as PatchSpec,
  };
}

Deno.test("planOf() takes the original's defaults", () => {
  const { objectReference } = TO;
  const plan = planOf(patch({ from: FROM, to: { objectReference } }));
  assert.deepEqual(plan.target, { apiVersion: "v1", kind: "ConfigMap", namespace: "default", which: { name: "bar" } });
  assert.equal(plan.locator.text, "data.a");
  assert.deepEqual(plan.wayOut, {
    user: undefined,
    manager: "patch.krateo.io/p",
    deletion: "release",
    subresource: {},
  });
});

Deno.test("planOf() keeps a NamespacedPatch in its namespace, and acts as its ServiceAccount", () => {
  const plan = planOf(patch({ from: FROM, to: TO, serviceAccountName: "sa" }, { namespace: "shop" }));
  assert.equal(plan.target.namespace, "shop");
  assert.equal(plan.sources[0]?.ref.namespace, "shop");
  assert.equal(plan.wayOut.user, "system:serviceaccount:shop:sa");
  const abroad = { ...FROM, objectReference: { ...FROM.objectReference, namespace: "kube-system" } };
  assert.throws(() => planOf(patch({ from: abroad, to: TO }, { namespace: "shop" })), /stays in its own/);
});

Deno.test("planOf() refuses what no change of another object can mend, and says where", () => {
  const rows: [spec: unknown, message: RegExp][] = [
    [undefined, /no source: set spec\.from/],
    [{ to: TO }, /no source: set spec\.from/],
    [{ from: [], to: TO }, /empty list/],
    [{ from: [FROM, FROM], to: TO }, /names of their own/],
    [{ from: { ...FROM, fieldPath: "" }, to: TO }, /spec\.from\.fieldPath is required/],
    [{ from: { ...FROM, fieldPath: "a..b" }, to: TO }, /unexpected '\.' at position 2/],
    [{ from: { fieldPath: "data" }, to: TO }, /spec\.from\.objectReference is required/],
    [{ from: { ...FROM, objectReference: { name: "x" } }, to: TO }, /kind is required/],
    [{ from: FROM }, /spec\.to\.objectReference is required/],
    [{ from: FROM, to: { objectReference: { kind: "ConfigMap" } } }, /set objectReference\.name, or selector/],
    [{ from: FROM, to: { ...TO, selector: { matchLabels: { a: "b" } } } }, /remove one of them/],
    [{ from: FROM, to: { objectReference: { kind: "ConfigMap" }, selector: {} } }, /selects by nothing/],
    [{ from: FROM, to: { ...TO, fieldPath: "kind" } }, /cannot be written/],
    [{ from: FROM, to: { ...TO, fieldPath: "metadata.uid" } }, /cannot be written/],
    [{ from: FROM, to: { ...TO, transform: "${ bad( }" } }, /spec\.to/],
    [{ from: FROM, to: { ...TO, transforms: ["nosuch ."] } }, /function "nosuch" not defined/],
    [{ from: FROM, to: TO, when: "value ==" }, /no CEL expression/],
    [{ from: FROM, to: TO, deletionPolicy: "Explode" }, /unknown/],
  ];
  for (const [spec, message] of rows) {
    const isInvalid = (error: unknown) =>
      error instanceof PatchError && error.reason === "Invalid" && message.test(error.message);
    assert.throws(() => planOf(patch(spec)), isInvalid, `${message}`);
  }
  const secret = { objectReference: { kind: "Secret", name: "s" }, fieldPath: "data.a" };
  assert.throws(() => planOf(patch({ from: FROM, to: secret, deletionPolicy: "Revert" })), /cannot be reverted/);
});

Deno.test("wayOutOf() is known even of a Patch that cannot be compiled", () => {
  const broken = patch({ to: { fieldPath: "status.x" }, deletionPolicy: "Orphan" });
  assert.deepEqual(wayOutOf(broken), {
    user: undefined,
    manager: "patch.krateo.io/p",
    deletion: "keep",
    subresource: { subresource: "status" },
  });
});

Deno.test("managerOf() fits the API server's limit and stays unique", () => {
  const [a, b] = ["a", "b"].map((end) => managerOf(patch({}, { name: "x".repeat(200) + end })));
  assert.equal(a?.length, 128);
  assert.notEqual(a, b);
});
