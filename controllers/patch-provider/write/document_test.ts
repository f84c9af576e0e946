import assert from "node:assert/strict";
import type { KubeObject } from "../../../lib/kube/mod.ts";
import { type Json, parseFieldPath } from "../../../lib/transform/mod.ts";
import { applyDocument } from "./document.ts";
import { editOperations, listOperations } from "./edits.ts";
import { managersOf, withoutManager } from "./managed_fields.ts";

const DEPLOYMENT: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "demo",
    uid: "u1",
    resourceVersion: "7",
    managedFields: [{
      manager: "helm",
      operation: "Apply",
      fieldsV1: {
        "f:spec": {
          "f:tags": {},
          "f:containers": {
            'k:{"name":"app"}': { ".": {}, "f:env": { 'k:{"name":"A"}': {}, 'k:{"name":"B"}': { "f:value": {} } } },
          },
        },
      },
    }],
  },
  spec: {
    tags: ["x", "y"],
    containers: [{ name: "app", image: "nginx", env: [{ name: "A", value: "1" }, { name: "B", value: "2" }] }],
  },
};
const IDENTITY = { apiVersion: "apps/v1", kind: "Deployment" };
const METADATA = { name: "web", namespace: "demo", uid: "u1" };

function documentOf(...placed: [path: string, value: Json][]): KubeObject | undefined {
  return applyDocument(DEPLOYMENT, placed.map(([path, value]) => ({ path: parseFieldPath(path), value })));
}

Deno.test("applyDocument() holds the fields and the identity, and nothing else", () => {
  assert.deepEqual(documentOf(["spec.replicas", 3], ["metadata.labels[a/b]", "c"]), {
    ...IDENTITY,
    metadata: { ...METADATA, labels: { "a/b": "c" } },
    spec: { replicas: 3 },
  });
});

Deno.test("applyDocument() names elements of keyed lists by their keys", () => {
  const env = (...items: Json[]) => ({ spec: { containers: [{ name: "app", env: items }] } });
  assert.deepEqual(documentOf(["spec.containers[0].env[1].value", "x"]), {
    ...IDENTITY,
    metadata: METADATA,
    ...env({ name: "B", value: "x" }),
  });
  assert.deepEqual(documentOf(["spec.containers[0].env[0].value", "x"], ["spec.containers[0].env[1].value", "y"]), {
    ...IDENTITY,
    metadata: METADATA,
    ...env({ name: "A", value: "x" }, { name: "B", value: "y" }),
  });
  assert.deepEqual(documentOf(["spec.containers[0].env[2]", { name: "C", value: "z" }]), {
    ...IDENTITY,
    metadata: METADATA,
    ...env({ name: "C", value: "z" }),
  });
});

Deno.test("applyDocument() gives up where an apply would write something else", () => {
  assert.equal(documentOf(["spec.tags[0]", "z"]), undefined); // atomic
  assert.equal(documentOf(["spec.containers[0].env[0]", { name: "C", value: "z" }]), undefined); // another key
  assert.equal(documentOf(["spec.containers[0].env[5].value", "z"]), undefined); // no such element
});

Deno.test("listOperations() replaces a list under the test that it is what was read", () => {
  const placed = [{ path: parseFieldPath("spec.tags[1]"), value: "z" }];
  assert.deepEqual(listOperations(DEPLOYMENT as unknown as Json, placed), [
    { op: "test", path: "/spec/tags", value: ["x", "y"] },
    { op: "replace", path: "/spec/tags", value: ["x", "z"] },
  ]);
});

Deno.test("editOperations() makes what is missing, and removes", () => {
  const rows: [object: Json, path: string, value: Json | undefined, expected: unknown[]][] = [
    [{ a: 1 }, "a", 2, [{ op: "replace", path: "/a", value: 2 }]],
    [{}, "a.b", 2, [{ op: "add", path: "/a", value: { b: 2 } }]],
    [{ a: {} }, "a[x/y~]", 2, [{ op: "add", path: "/a/x~1y~0", value: 2 }]],
    [{ a: [1] }, "a[1]", 2, [{ op: "add", path: "/a/1", value: 2 }]],
    [{}, "a[1]", 2, [{ op: "add", path: "/a", value: [null, 2] }]],
    [{ a: 1 }, "a", undefined, [{ op: "remove", path: "/a" }]],
    [{}, "a", undefined, []],
  ];
  for (const [object, path, value, expected] of rows) {
    assert.deepEqual(editOperations(object, parseFieldPath(path), value), expected, path);
  }
});

Deno.test("managersOf() tells who owns a field, or the atomic list around an element", () => {
  const owners = (path: string) =>
    managersOf(DEPLOYMENT.metadata.managedFields, parseFieldPath(path), DEPLOYMENT as unknown as Json)
      .map(({ manager, applied }) => [manager, applied]);
  assert.deepEqual(owners("spec.tags[1]"), [["helm", true]]);
  assert.deepEqual(owners("spec.containers[0].env[1].value"), [["helm", true]]);
  assert.deepEqual(owners("spec.replicas"), []);
});

Deno.test("withoutManager() leaves one empty entry where none would change nothing", () => {
  assert.deepEqual(withoutManager([{ manager: "a" }, { manager: "b" }], "a"), [{ manager: "b" }]);
  assert.deepEqual(withoutManager([{ manager: "a" }], "a"), [{}]);
});
