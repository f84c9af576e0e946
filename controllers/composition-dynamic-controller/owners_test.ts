import { deepStrictEqual } from "node:assert/strict";
import type { ManagedFieldsEntry } from "../../lib/kube/mod.ts";
import { ownersAt } from "./owners.ts";

const entry = (manager: string, version: string, fieldsV1: Record<string, unknown>, more: ManagedFieldsEntry = {}) => ({
  manager,
  operation: "Update" as const,
  apiVersion: `g/${version}`,
  time: "2026-01-01T00:00:00Z",
  fieldsType: "FieldsV1" as const,
  fieldsV1,
  ...more,
});

Deno.test("ownersAt() gives every owner the version and leaves the rest as it is", () => {
  const entries = [
    entry("kubectl", "v1", { "f:spec": { "f:a": {} } }, { operation: "Apply" }),
    entry("kco", "v1", { "f:status": {} }, { subresource: "status" }),
  ];
  deepStrictEqual(ownersAt("g/v2", entries), entries.map((e) => ({ ...e, apiVersion: "g/v2" })));
  deepStrictEqual(ownersAt("g/v2", []), []);
});

Deno.test("ownersAt() makes the entries that an updater has of two versions one, with the fields of both", () => {
  const entries = [
    entry("kco", "v1", { "f:metadata": { "f:labels": { ".": {}, "f:x": {} } } }, { time: "2026-01-02T00:00:00Z" }),
    entry("kco", "v2", { "f:metadata": { "f:labels": { "f:y": {} } }, "f:spec": {} }),
    entry("kco", "v2", { "f:status": {} }, { subresource: "status" }),
  ];
  const labels = { ".": {}, "f:x": {}, "f:y": {} };
  deepStrictEqual(ownersAt("g/v2", entries), [
    entry("kco", "v2", { "f:metadata": { "f:labels": labels }, "f:spec": {} }, { time: "2026-01-02T00:00:00Z" }),
    entries[2],
  ]);
});
