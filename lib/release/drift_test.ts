import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import type { KubeObject } from "../kube/mod.ts";
import { canonical, driftedFields, fingerprint } from "./drift.ts";

const FIELDS = {
  "f:metadata": { "f:labels": { "f:app": {} } },
  "f:spec": {
    "f:replicas": {},
    "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:name": {}, "f:port": {} } },
    "f:tags": { 'v:"red"': {} },
    "f:args": { "i:1": {} },
  },
};

/** An object of which manager `helm` owns one label, the replicas, a port, a tag and the second argument. */
function thing(spec: Record<string, unknown>, labels: Record<string, string> = { app: "web" }): KubeObject {
  return {
    apiVersion: "example.org/v1",
    kind: "Thing",
    metadata: {
      name: "x",
      labels,
      managedFields: [
        { manager: "other", operation: "Apply", fieldsV1: { "f:spec": { "f:paused": {} } } },
        { manager: "helm", operation: "Update", fieldsV1: { "f:spec": { "f:paused": {} } } },
        { manager: "helm", operation: "Apply", fieldsV1: FIELDS },
      ],
    },
    spec: { ...SPEC, ...spec },
  };
}

const SPEC = {
  replicas: 2,
  ports: [{ name: "metrics", port: 9000 }, { name: "http", port: 80 }],
  tags: ["blue", "red"],
  args: ["-v", "-x"],
};

/** What is edited, and whether it is ours. */
const EDITS: readonly (readonly [string, KubeObject, boolean])[] = [
  ["a value of ours", thing({ replicas: 3 }), true],
  ["a value that is gone", thing({ replicas: undefined }), true],
  ["a label of ours", thing({}, { app: "other" }), true],
  ["a list item of ours, found by its keys", thing({ ports: [{ name: "web", port: 80 }] }), true],
  ["the key of a list item of ours", thing({ ports: [{ name: "http", port: 81 }] }), true],
  ["a set's member of ours that is gone", thing({ tags: ["blue"] }), true],
  ["an item of ours, by its place", thing({ args: ["-v", "-y"] }), true],
  ["a field that nobody of us owns", thing({ paused: true }), false],
  ["another label", thing({}, { app: "web", team: "a" }), false],
  ["another list item", thing({ ports: [{ name: "http", port: 80 }] }), false],
  [
    "the default of a key, spelt out",
    thing({ ports: [{ name: "http", port: 80, protocol: "TCP" }, { name: "http", port: 80, protocol: "UDP" }] }),
    false,
  ],
  ["another member of the set", thing({ tags: ["red", "green"] }), false],
  ["an item in another place", thing({ args: ["-q", "-x", "-z"] }), false],
];
for (const [what, edited, ours] of EDITS) {
  Deno.test(`fingerprint() ${ours ? "changes with" : "stays with"} ${what}`, () => {
    strictEqual(fingerprint(edited, "helm") !== fingerprint(thing({}), "helm"), ours);
  });
}

Deno.test("fingerprint() changes when the ownership of a field moves, though its value stays", () => {
  const moved = thing({});
  const { "f:replicas": _gone, ...rest } = FIELDS["f:spec"];
  moved.metadata.managedFields = [{ manager: "helm", operation: "Apply", fieldsV1: { ...FIELDS, "f:spec": rest } }];
  notStrictEqual(fingerprint(moved, "helm"), fingerprint(thing({}), "helm"));
});

Deno.test("fingerprint() is empty where the manager applied nothing", () => {
  strictEqual(fingerprint(thing({}), "nobody"), "");
  strictEqual(fingerprint({ apiVersion: "v1", kind: "X", metadata: { name: "x" } }, "helm"), "");
});

const DIFFERENCES: readonly (readonly [string, KubeObject, KubeObject, readonly string[]])[] = [
  ["nothing where only volatile metadata and status differ", live({ resourceVersion: "1" }), {
    ...live({ resourceVersion: "2", generation: 7, uid: "u" }),
    status: { phase: "x" },
  }, []],
  ["a value", live({}, { replicas: 1 }), live({}, { replicas: 2 }), ["spec.replicas"]],
  ["a field that one side lacks, and no deeper", live({}, {}), live({}, { a: { b: 1 } }), ["spec.a"]],
  ["a key that is no identifier in quotes", live({ labels: { "a/b": "1" } }), live({ labels: { "a/b": "2" } }), [
    'metadata.labels["a/b"]',
  ]],
  ["an item of a list by its place", live({}, { l: [1, { x: 1 }] }), live({}, { l: [1, { x: 2 }] }), ["spec.l[1].x"]],
  ["a list as a whole where its length differs", live({}, { l: [1] }), live({}, { l: [1, 2] }), ["spec.l"]],
  ["every difference", live({}, { a: 1, b: 1 }), live({}, { a: 2, c: 1 }), ["spec.a", "spec.b", "spec.c"]],
];
for (const [what, before, after, paths] of DIFFERENCES) {
  Deno.test(`driftedFields() names ${what}`, () => deepStrictEqual(driftedFields(before, after), paths));
}

Deno.test("driftedFields() names no more than it is asked for", () => {
  deepStrictEqual(driftedFields(live({}, { a: 1, b: 1, c: 1 }), live({}, { a: 2, b: 2, c: 2 }), 2), [
    "spec.a",
    "spec.b",
  ]);
});

Deno.test("canonical() gives one text for one object", () => {
  strictEqual(canonical({ b: [1, { d: null, c: undefined }], a: "x" }), '{"a":"x","b":[1,{"d":null}]}');
  strictEqual(canonical(undefined), "null");
});

function live(metadata: Record<string, unknown>, spec: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: "example.org/v1", kind: "Thing", metadata: { name: "x", ...metadata }, spec };
}
