import assert from "node:assert/strict";
import { compareVersions } from "./mod.ts";

Deno.test("compareVersions() sorts as Kubernetes prefers", () => {
  const wanted = [
    "v10",
    "v2",
    "v1",
    "v11beta2",
    "v10beta3",
    "v3beta1",
    "v12alpha1",
    "v11alpha2",
    "foo1",
    "foo10",
    "v1-0-0",
    "v2-0-0",
  ];
  assert.deepEqual([...wanted].reverse().sort(compareVersions), wanted);
});
