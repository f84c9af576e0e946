import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Observable, Subject } from "../../lib/deps/rxjs.ts";
import type { ApiResource, Change, KubeClient, KubeObject } from "../../lib/kube/mod.ts";
import type { ReleaseObject } from "../../lib/release/mod.ts";
import { Children } from "./children.ts";

const MAPS: ApiResource = { group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true };
const PODS: ApiResource = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };

/** Watches whose changes the test brings. */
class ScriptedClient implements Pick<KubeClient, "watch"> {
  readonly watches = new Map<string, Subject<Change>>();

  watch<T extends KubeObject>(resource: ApiResource): Observable<Change<T>> {
    const changes = new Subject<Change>();
    this.watches.set(resource.plural, changes);
    return changes as Observable<Change> as Observable<Change<T>>;
  }

  send(resource: ApiResource, ...changes: Change[]): void {
    for (const change of changes) this.watches.get(resource.plural)!.next(change);
  }

  /** Resources that are watched now. */
  get watched(): string[] {
    return [...this.watches].filter(([, changes]) => changes.observed).map(([plural]) => plural);
  }
}

function scene() {
  const client = new ScriptedClient();
  const children = new Children(client);
  const changes: string[] = [];
  children.changes$.subscribe((uid) => changes.push(uid));
  return { client, children, changes };
}

/** A ConfigMap of which `helm` owns the value. */
function map(name: string, resourceVersion: number, value = "a", owner = "u1"): KubeObject {
  const managedFields = [{ manager: "helm", operation: "Apply", fieldsV1: { "f:data": { "f:value": {} } } } as const];
  const labels = { "krateo.io/composition-id": owner };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name,
      namespace: "demo",
      resourceVersion: String(resourceVersion),
      labels,
      managedFields: [...managedFields],
    },
    data: { value },
  };
}

function target(name: string): ReleaseObject {
  return { resource: MAPS, namespace: "demo", name, object: map(name, 0) };
}

const RESET: Change = { type: "reset" };
const SYNCED: Change = { type: "synced", resourceVersion: "9" };
const applied = (object: KubeObject): Change => ({ type: "applied", object });
const deleted = (object: KubeObject): Change => ({ type: "deleted", object });

Deno.test("Children tell of what matters: a first sight, another fingerprint or health, a deletion", () => {
  const { client, children, changes } = scene();
  children.use("u1", "v1", [MAPS]);
  strictEqual(children.synced([MAPS]), false);
  client.send(MAPS, RESET, applied(map("a", 1)), SYNCED);
  deepStrictEqual(changes.splice(0), ["u1", "u1"]);
  strictEqual(children.synced([MAPS]), true);

  client.send(MAPS, applied({ ...map("a", 2), note: "nobody's of us" }));
  deepStrictEqual(changes.splice(0), []);
  client.send(MAPS, applied(map("a", 3, "b")));
  deepStrictEqual(changes.splice(0), ["u1"]);
  const status = { conditions: [{ type: "Ready", status: "False" }] };
  client.send(MAPS, applied({ ...map("a", 4, "b"), status }));
  deepStrictEqual(changes.splice(0), ["u1"]);
  strictEqual(children.state(target("a"))?.health.status, "InProgress");
  client.send(MAPS, deleted(map("a", 5, "b")));
  deepStrictEqual(changes, ["u1"]);
  strictEqual(children.state(target("a")), undefined);
});

Deno.test("Children tell both compositions when a child changes hands", () => {
  const { client, children, changes } = scene();
  children.use("u1", "v1", [MAPS]);
  client.send(MAPS, RESET, applied(map("a", 1)), SYNCED);
  changes.length = 0;
  client.send(MAPS, applied(map("a", 2, "a", "u2")));
  deepStrictEqual(changes, ["u1", "u2"]);
});

Deno.test("Children that a relist does not bring are gone", () => {
  const { client, children, changes } = scene();
  children.use("u1", "v1", [MAPS]);
  client.send(MAPS, RESET, applied(map("a", 1)), applied(map("b", 2)), SYNCED);
  changes.length = 0;
  client.send(MAPS, RESET, applied(map("b", 2)));
  deepStrictEqual(changes, []);
  client.send(MAPS, SYNCED);
  deepStrictEqual(changes, ["u1"]);
  strictEqual(children.state(target("a")), undefined);
  strictEqual(children.state(target("b"))?.resourceVersion, "2");
});

Deno.test("a child that was put in is known before its watch lists it, and survives a list that began before", () => {
  const { client, children, changes } = scene();
  children.use("u1", "v1", [MAPS]);
  client.send(MAPS, RESET);
  children.put(target("a"), map("a", 5));
  strictEqual(children.state(target("a"))?.resourceVersion, "5");
  client.send(MAPS, SYNCED);
  strictEqual(children.state(target("a"))?.resourceVersion, "5");
  client.send(MAPS, RESET);
  children.put(target("b"), map("b", 6));
  client.send(MAPS, applied(map("a", 5)), SYNCED);
  strictEqual(children.state(target("b"))?.resourceVersion, "6");
  changes.length = 0;
  client.send(MAPS, applied(map("a", 4, "older")));
  deepStrictEqual(changes, []);
});

Deno.test("the deletion of its predecessor does not remove a child that was put in", () => {
  const { client, children, changes } = scene();
  children.use("u1", "v1", [MAPS]);
  client.send(MAPS, RESET, applied(map("a", 1)), SYNCED);
  children.put(target("a"), map("a", 5, "new"));
  changes.length = 0;
  client.send(MAPS, deleted(map("a", 3)));
  strictEqual(children.state(target("a"))?.resourceVersion, "5");
  deepStrictEqual(changes, []);
});

Deno.test("a resource is watched once, as long as a composition has children of it", () => {
  const { client, children } = scene();
  children.use("u1", "v1", [MAPS, PODS, MAPS]);
  const watch = client.watches.get("configmaps");
  children.use("u2", "v1", [MAPS]);
  strictEqual(client.watches.get("configmaps"), watch);
  deepStrictEqual(client.watched, ["configmaps", "pods"]);
  children.use("u1", "v1", [MAPS]);
  deepStrictEqual(client.watched, ["configmaps"]);
  children.use("u1", "v1", []);
  deepStrictEqual(client.watched, ["configmaps"]);
  children.use("u2", "v1", []);
  deepStrictEqual(client.watched, []);
  strictEqual(children.synced([MAPS]), false);
});

Deno.test("a composition that moves keeps its children when its old version lets go of them", () => {
  const { client, children, changes } = scene();
  children.use("u1", "v1", [MAPS]);
  children.use("u1", "v2", [MAPS]);
  children.use("u1", "v1", []);
  deepStrictEqual(client.watched, ["configmaps"]);
  client.send(MAPS, RESET, SYNCED);
  deepStrictEqual(changes, ["u1"]);
});

Deno.test("close() ends all watches", () => {
  const { client, children } = scene();
  children.use("u1", "v1", [MAPS, PODS]);
  children.close();
  deepStrictEqual(client.watched, []);
});
