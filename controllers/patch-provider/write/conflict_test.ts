import assert from "node:assert/strict";
import { KubeError } from "../../../lib/kube/mod.ts";
import { blockers, type Rival, rivalsOf } from "./conflict.ts";

Deno.test("rivalsOf() reads the managers from the API server's words", () => {
  const cause = (message: string, field: string) => ({ reason: "FieldManagerConflict", message, field });
  const error = new KubeError("Apply failed", {
    reason: "Conflict",
    code: 409,
    causes: [
      cause('conflict with "helm"', ".data.a"),
      cause('conflict with "kubectl-edit" using v1 at 2026-01-01T00:00:00Z', ".data.b"),
      cause('conflict with "autoscaler" with subresource "scale" using apps/v1', ".spec.replicas"),
      { reason: "Other", message: 'conflict with "x"' },
    ],
  });
  assert.deepEqual(rivalsOf(error), [
    { manager: "helm", applies: true, field: ".data.a" },
    { manager: "kubectl-edit", applies: false, field: ".data.b" },
    { manager: "autoscaler", applies: false, field: ".spec.replicas" },
  ]);
});

Deno.test("blockers() are the other appliers, all, or none, by policy; a Patch that yields is no blocker", () => {
  const applier: Rival = { manager: "helm", applies: true, field: ".a" };
  const editor: Rival = { manager: "kubectl-edit", applies: false, field: ".b" };
  const patch: Rival = { manager: "patch.krateo.io/young", applies: true, field: ".c" };
  const all = [applier, editor, patch];
  const yields = (manager: string) => manager === patch.manager;
  assert.deepEqual(blockers(all, "TakeEdits", yields), [applier]);
  assert.deepEqual(blockers(all, "Fail", yields), [applier, editor]);
  assert.deepEqual(blockers(all, "Force", () => false), []);
  assert.deepEqual(blockers([patch], "TakeEdits", () => false), [patch]);
});
