import assert from "node:assert/strict";
import { firstValueFrom, from, toArray } from "../deps/rxjs.ts";
import { TestScheduler } from "../deps/rxjs_testing.ts";
import type { Change, KubeObject } from "../kube/mod.ts";
import { ownerKeys, relatedKeys, selfKeys } from "./owner_keys.ts";

function child(name: string, ...owners: { apiVersion: string; kind: string; name: string }[]): KubeObject {
  const ownerReferences = owners.map((owner) => ({ ...owner, uid: `uid-${owner.name}` }));
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "demo", ownerReferences } };
}

const set = (name: string) => ({ apiVersion: "apps/v1", kind: "ReplicaSet", name });

Deno.test("ownerKeys() triggers the owners of the kind asked for", async () => {
  const changes: Change[] = [
    { type: "reset" },
    { type: "applied", object: child("p", set("a"), { apiVersion: "v1", kind: "Node", name: "n" }) },
    { type: "synced", resourceVersion: "1" },
    { type: "deleted", object: child("q", { ...set("b"), apiVersion: "apps/v1beta1" }) },
    { type: "applied", object: child("orphan") },
  ];
  const keys = (namespaced: boolean, kind: string, group: string) =>
    firstValueFrom(from(changes).pipe(ownerKeys({ group, kind, namespaced }), toArray()));
  assert.deepEqual(await keys(true, "ReplicaSet", "apps"), [
    { key: "demo/a", reason: "related" },
    { key: "demo/b", reason: "related" },
  ]);
  assert.deepEqual(await keys(false, "Node", ""), [{ key: "n", reason: "related" }]);
  assert.deepEqual(await keys(true, "ReplicaSet", "extensions"), []);
});

Deno.test("relatedKeys() triggers whatever an object is related to", async () => {
  const change: Change = { type: "applied", object: child("p") };
  const keys = await firstValueFrom(from([change]).pipe(relatedKeys(() => ["x", "y"]), toArray()));
  assert.deepEqual(keys.map((trigger) => trigger.key), ["x", "y"]);
});

Deno.test("selfKeys() triggers as first until the store is synced, then as change, each subscriber by itself", () => {
  const scheduler = new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));
  scheduler.run(({ cold, expectObservable }) => {
    const a = { type: "applied" as const, object: child("a") };
    const changes = cold<Change>("a-s-a-|", { a, s: { type: "synced", resourceVersion: "1" } });
    const keys = changes.pipe(selfKeys());
    const values = { f: { key: "demo/a", reason: "first" }, c: { key: "demo/a", reason: "change" } };
    expectObservable(keys).toBe("f---c-|", values);
    expectObservable(keys, "---^").toBe("---f---c-|", values);
  });
});
