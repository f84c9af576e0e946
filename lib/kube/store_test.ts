import assert from "node:assert/strict";
import { fc } from "../deps/fast_check.ts";
import { Observable, Subject } from "../deps/rxjs.ts";
import { NODES, pod } from "./_testing.ts";
import { keyOf } from "./path.ts";
import { reflect } from "./store.ts";
import type { Change, KubeObject } from "./types.ts";

const reset: Change = { type: "reset" };
const synced = (resourceVersion = "5"): Change => ({ type: "synced", resourceVersion });
const applied = (object: KubeObject): Change => ({ type: "applied", object });
const deleted = (object: KubeObject): Change => ({ type: "deleted", object });

function write(change: Change): string {
  if (change.type === "applied") return `${change.object.metadata.name}@${change.object.metadata.resourceVersion}`;
  if (change.type === "deleted") return `-${change.object.metadata.name}`;
  return change.type;
}

function feed(source: Subject<Change>, ...changes: Change[]): void {
  for (const change of changes) source.next(change);
}

Deno.test("reflect() shows nothing of a list before it is complete", () => {
  const source = new Subject<Change>();
  const store = reflect(source);
  store.changes$.subscribe();
  feed(source, reset, applied(pod("a", "1")));
  assert.deepEqual([store.ready, store.size], [false, 0]);
  feed(source, synced());
  assert.deepEqual([store.ready, [...store.keys()]], [true, ["demo/a"]]);
});

Deno.test("reflect() emits the difference of a relist, with the deletions that were missed", () => {
  const source = new Subject<Change>();
  const seen: string[] = [];
  const store = reflect(source);
  store.changes$.subscribe((change) => seen.push(write(change)));
  feed(source, reset, applied(pod("a", "1")), applied(pod("b", "2")), applied(pod("c", "3")), synced());
  seen.length = 0;
  feed(source, reset, applied(pod("b", "2")), applied(pod("c", "8")));
  assert.deepEqual([seen, store.size], [[], 3]);
  feed(source, synced());
  assert.deepEqual(seen, ["-a", "c@8", "synced"]);
});

Deno.test("reflect() deletes an object before it applies another of the same name", () => {
  const source = new Subject<Change>();
  const seen: string[] = [];
  reflect(source).changes$.subscribe((change) => seen.push(write(change)));
  feed(source, reset, applied(pod("a", "1", "uid-1")), synced(), applied(pod("a", "7", "uid-2")));
  feed(source, reset, applied(pod("a", "9", "uid-3")), synced());
  assert.deepEqual(seen, ["a@1", "synced", "-a", "a@7", "-a", "a@9", "synced"]);
});

Deno.test("reflect() gives a late subscriber what is there", () => {
  const source = new Subject<Change>();
  const store = reflect(source);
  store.changes$.subscribe();
  feed(source, reset, applied(pod("a", "1")), synced());
  const seen: string[] = [];
  store.changes$.subscribe((change) => seen.push(write(change)));
  feed(source, deleted(pod("a", "2")));
  assert.deepEqual(seen, ["a@1", "synced", "-a"]);
});

Deno.test("reflect() subscribes to its source once for many, and lets go with the last", () => {
  let live = 0;
  let total = 0;
  const source = new Observable<Change>((subscriber) => {
    live++, total++;
    feedAll(subscriber, [reset, applied(pod("a", "1")), synced()]);
    return () => live--;
  });
  const store = reflect(source);
  const [first, second] = [store.changes$.subscribe(), store.changes$.subscribe()];
  assert.deepEqual([live, total, store.size], [1, 1, 1]);
  first.unsubscribe();
  assert.deepEqual([live, store.size], [1, 1]);
  second.unsubscribe();
  assert.deepEqual([live, store.size, store.ready], [0, 0, false]);
  store.changes$.subscribe().unsubscribe();
  assert.deepEqual([live, total], [0, 2]);
});

function feedAll(subscriber: { next(change: Change): void }, changes: readonly Change[]): void {
  for (const change of changes) subscriber.next(change);
}

Deno.test("Store.whenReady() resolves at the first complete list, and rejects when its signal aborts", async () => {
  const source = new Subject<Change>();
  const store = reflect(source);
  const held = store.changes$.subscribe();
  const ready = store.whenReady();
  feed(source, reset, synced());
  await ready;
  await store.whenReady();
  held.unsubscribe();
  const stop = new AbortController();
  const never = store.whenReady(stop.signal);
  stop.abort(new Error("enough"));
  await assert.rejects(never, /enough/);
});

Deno.test("Store.byIndex() follows changes, and refuses an index that it does not have", () => {
  const source = new Subject<Change>();
  const store = reflect(source, { indexes: { app: (object) => [object.metadata.labels?.app ?? []].flat() } });
  store.changes$.subscribe();
  const labelled = (name: string, app: string) => ({
    ...pod(name, "1"),
    metadata: { ...pod(name, "1").metadata, labels: { app } },
  });
  feed(source, reset, applied(labelled("a", "web")), applied(labelled("b", "web")), synced());
  const names = (value: string) => store.byIndex("app", value).map((object) => object.metadata.name);
  assert.deepEqual(names("web"), ["a", "b"]);
  feed(source, applied(labelled("a", "db")), deleted(labelled("b", "web")));
  assert.deepEqual([names("web"), names("db")], [[], ["a"]]);
  assert.throws(() => store.byIndex("apps", "web"), /no such index/);
});

Deno.test("reflect() ends with what its source says, whatever the order of lists and events", () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const event = fc.record({ kind: fc.constantFrom("applied", "deleted"), name });
  const generation = fc.record({ list: fc.uniqueArray(name), events: fc.array(event, { maxLength: 6 }) });
  fc.assert(fc.property(fc.array(generation, { minLength: 1, maxLength: 5 }), (generations) => {
    const source = new Subject<Change>();
    const store = reflect(source);
    const followed = new Map<string, string | undefined>();
    store.changes$.subscribe((change) => {
      if (change.type === "applied") followed.set(keyOf(change.object), change.object.metadata.resourceVersion);
      if (change.type === "deleted") assert.ok(followed.delete(keyOf(change.object)), "deletes only what it applied");
    });
    const model = new Map<string, string>();
    let version = 0;
    for (const { list, events } of generations) {
      model.clear();
      source.next(reset);
      for (const name of list) {
        model.set(`demo/${name}`, String(++version));
        source.next(applied(pod(name, String(version))));
      }
      source.next(synced(String(version)));
      for (const { kind, name } of events) {
        const object = pod(name, String(++version));
        if (kind === "applied") model.set(`demo/${name}`, String(version));
        else model.delete(`demo/${name}`);
        source.next(kind === "applied" ? applied(object) : deleted(object));
      }
      const held = new Map([...store.values()].map((object) => [keyOf(object), object.metadata.resourceVersion]));
      assert.deepEqual(new Map([...held].sort()), new Map([...model].sort()));
      assert.deepEqual(new Map([...followed].sort()), new Map([...model].sort()));
    }
  }));
});

Deno.test("keyOf() is the name alone for a cluster-scoped object", () => {
  assert.equal(keyOf({ metadata: { name: NODES.plural } }), "nodes");
});
