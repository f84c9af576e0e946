import { deepStrictEqual } from "node:assert/strict";
import { KubeError } from "../kube/mod.ts";
import { unknownFields, withoutField } from "./unknown_fields.ts";

const OBJECT = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "a" },
  spec: { containers: [{ name: "web", image: "x", odd: 1 }, { name: "side" }], list: [1, 2, 3], metadata: {} },
};

Deno.test("unknownFields() finds the paths in a refusal of server-side apply", () => {
  const message =
    "failed to create typed patch object (demo/a; batch/v1, Kind=CronJob): errors:\n  .spec.metadata: field " +
    'not declared in schema\n  .spec.containers[name="web"].odd: field not declared in schema';
  deepStrictEqual(unknownFields(new KubeError(message, { reason: "InternalError", code: 500 })), [
    ".spec.metadata",
    '.spec.containers[name="web"].odd',
  ]);
});

Deno.test("unknownFields() finds nothing in another refusal", () => {
  deepStrictEqual(unknownFields(new KubeError("spec.x: Required value", { reason: "Invalid", code: 422 })), []);
});

const CASES: readonly [string, unknown][] = [
  [".spec.metadata", { ...OBJECT.spec, metadata: undefined }],
  ['.spec.containers[name="web"].odd', { ...OBJECT.spec, containers: [{ name: "web", image: "x" }, { name: "side" }] }],
  ['.spec.containers[name="side"]', { ...OBJECT.spec, containers: [OBJECT.spec.containers[0]] }],
  [".spec.list[1]", { ...OBJECT.spec, list: [1, 3] }],
  [".spec.nothing.here", OBJECT.spec],
];
for (const [path, spec] of CASES) {
  Deno.test(`withoutField() takes ${path} out`, () => {
    const expected = JSON.parse(JSON.stringify({ ...OBJECT, spec }));
    deepStrictEqual(withoutField(OBJECT, path), expected);
  });
}
