import assert from "node:assert/strict";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import type { Change, KubeObject, ObjectMeta } from "../kube/mod.ts";
import type { Trigger } from "./types.ts";
import { ANNOTATION } from "./policy.ts";
import { wishKeys } from "./wish_keys.ts";

function applied(metadata: Partial<ObjectMeta> = {}, more: Record<string, unknown> = {}): Change {
  const object: KubeObject = {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name: "a", namespace: "demo", uid: "1", generation: 1, ...metadata },
    ...more,
  };
  return { type: "applied", object };
}

const CHANGES: Readonly<Record<string, Change>> = {
  r: { type: "reset" },
  s: { type: "synced", resourceVersion: "9" },
  a: applied(),
  t: applied({ resourceVersion: "2" }, { status: { ready: true } }),
  m: applied({ managedFields: [{ manager: "m" }] }),
  g: applied({ generation: 2 }),
  l: applied({ labels: { x: "1" } }),
  n: applied({ annotations: { x: "1" } }),
  f: applied({ finalizers: ["x"] }),
  d: applied({ deletionTimestamp: "2026-01-01T00:00:00Z" }),
  o: applied({ finalizers: ["own"] }),
  p: applied({ annotations: { [ANNOTATION.createPending]: "2026-01-01T00:00:00Z" } }),
  q: applied({
    annotations: {
      [ANNOTATION.createPending]: "2026-01-01T00:00:00Z",
      [ANNOTATION.createFailed]: "2026-01-01T00:00:01Z",
    },
  }),
  u: applied({ uid: "2" }),
  b: applied({ name: "b" }),
  x: { type: "deleted", object: { apiVersion: "v1", kind: "Thing", metadata: { name: "a", namespace: "demo" } } },
};

const TRIGGERS: Readonly<Record<string, Trigger>> = {
  1: { key: "demo/a", reason: "first" },
  2: { key: "demo/a", reason: "change" },
  3: { key: "demo/b", reason: "change" },
};

/** What it does, changes, triggers, names of objects that went. */
const TABLE: readonly (readonly [string, string, string, string[]])[] = [
  ["triggers what the first list brings as first, and later changes as changes", "ras-g-b", "-1--2-3", []],
  ["passes over status and managed fields", "ras-t-m-t", "-1-------", []],
  ["sees labels, annotations, finalizers and a deletion", "as-l-n-f-d", "1--2-2-2-2", []],
  ["passes over its controller's own finalizer", "as-o-f-o", "1----2-2", []],
  ["passes over what is noted about a creation, and sees the note removed", "as-p-q-a", "1------2", []],
  ["sees an object of the same name that is another one", "as-u", "1--2", []],
  ["tells of an object that is gone, and forgets it", "as-x-a", "1----2", ["a"]],
  ["triggers nothing again that a relist brings as it was", "ras-ras", "-1-----", []],
  ["completes with its source", "as|", "1-|", []],
  ["fails with its source", "as#", "1-#", []],
];
for (const [what, source, expected, names] of TABLE) {
  Deno.test(`wishKeys() ${what}`, () => {
    const gone: string[] = [];
    const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
    scheduler.run(({ hot, expectObservable }) => {
      const stage = wishKeys((object) => gone.push(object.metadata.name), "own");
      expectObservable(hot(source, CHANGES).pipe(stage)).toBe(expected, TRIGGERS);
    });
    assert.deepEqual(gone, names);
  });
}
