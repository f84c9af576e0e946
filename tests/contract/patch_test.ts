/** Patches and server-side apply. */
import assert from "node:assert/strict";
import type { KubeObject, Status } from "../../lib/kube/mod.ts";
import { type Api, configMap, configMaps, contract } from "./target.ts";

const JSON_PATCH = "application/json-patch+json";
const STRATEGIC = "application/strategic-merge-patch+json";

const applied = (name: string, data: Record<string, string>): KubeObject => configMap(name, data);

contract("a merge patch merges maps, removes nulls and replaces lists", async (api) => {
  await api.create(configMaps(api), configMap("a", { x: "1", y: "2" }, { l: "m" }));
  const patched = await api.merge(configMaps(api, "a"), {
    data: { y: null, z: "3" },
    metadata: { finalizers: ["a.b/c"] },
  });
  assert.deepEqual(patched.data, { x: "1", z: "3" });
  assert.deepEqual(patched.metadata.labels, { l: "m" });
  const again = await api.merge(configMaps(api, "a"), { metadata: { finalizers: null } });
  assert.equal(again.metadata.finalizers, undefined);
});

contract("a JSON patch does what its operations say, or nothing", async (api) => {
  await api.create(configMaps(api), configMap("a", { x: "1" }));
  const send = (body: unknown) => api.send("PATCH", configMaps(api, "a"), { body, contentType: JSON_PATCH });
  const patched = await send([
    { op: "test", path: "/data/x", value: "1" },
    { op: "add", path: "/metadata/annotations", value: {} },
    { op: "add", path: "/metadata/annotations/a.b~1c", value: "2" },
    { op: "move", from: "/data/x", path: "/data/y" },
  ]);
  assert.deepEqual(patched.body.data, { y: "1" }, JSON.stringify(patched.body));
  assert.deepEqual(patched.body.metadata.annotations, { "a.b/c": "2" });
});

contract("a JSON patch that does not apply is invalid", async (api) => {
  await api.create(configMaps(api), configMap("a", { x: "1" }));
  for (
    const body of [
      [{ op: "test", path: "/data/x", value: "2" }],
      [{ op: "replace", path: "/none/x", value: "2" }],
      [{ op: "remove", path: "/data/none" }],
    ]
  ) {
    await api.fails(422, "Invalid", "PATCH", configMaps(api, "a"), { body, contentType: JSON_PATCH });
  }
  assert.deepEqual((await api.get(configMaps(api, "a"))).data, { x: "1" });
});

contract("a patch with an old resourceVersion conflicts", async (api) => {
  const made = await api.create(configMaps(api), configMap("a"));
  await api.merge(configMaps(api, "a"), { data: { x: "1" } });
  const { resourceVersion } = made.metadata;
  await api.fails(409, "Conflict", "PATCH", configMaps(api, "a"), {
    body: { metadata: { resourceVersion }, data: { x: "2" } },
    contentType: "application/merge-patch+json",
  });
});

function deployments(api: Api, name?: string): string {
  return `/apis/apps/v1/namespaces/${api.namespace}/deployments${name === undefined ? "" : `/${name}`}`;
}

function deployment(containers: readonly object[]): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: {
      replicas: 0,
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: { containers } },
    },
  };
}

const containersOf = (object: KubeObject) =>
  (object.spec as { template: { spec: { containers: { name: string; image: string }[] } } }).template.spec.containers
    .map(({ name, image }) => `${name}=${image}`);

contract("a strategic merge patch merges lists by their keys", async (api) => {
  await api.create(deployments(api), deployment([{ name: "a", image: "1" }, { name: "b", image: "1" }]));
  const patched = await api.ok("PATCH", deployments(api, "d"), {
    body: { spec: { template: { spec: { containers: [{ name: "b", image: "2" }, { name: "c", image: "3" }] } } } },
    contentType: STRATEGIC,
  });
  assert.deepEqual(containersOf(patched).sort(), ["a=1", "b=2", "c=3"]);
  const removed = await api.ok("PATCH", deployments(api, "d"), {
    body: { spec: { template: { spec: { containers: [{ name: "a", $patch: "delete" }] } } } },
    contentType: STRATEGIC,
  });
  assert.deepEqual(containersOf(removed).sort(), ["b=2", "c=3"]);
});

contract("apply creates, owns what it says, and removes what it no longer says", async (api) => {
  const made = await api.apply(configMaps(api, "a"), applied("a", { x: "1", y: "2" }), "one");
  assert.equal(made.status, 201);
  const [entry] = made.body.metadata.managedFields ?? [];
  assert.deepEqual({ manager: entry?.manager, operation: entry?.operation, fields: entry?.fieldsV1 }, {
    manager: "one",
    operation: "Apply",
    fields: { "f:data": { "f:x": {}, "f:y": {} } },
  });
  const again = await api.apply(configMaps(api, "a"), applied("a", { x: "1", y: "2" }), "one");
  assert.equal(again.status, 200);
  assert.equal(again.body.metadata.resourceVersion, made.body.metadata.resourceVersion);
  await api.apply(configMaps(api, "a"), applied("a", { z: "3" }), "two");
  const shrunk = await api.apply(configMaps(api, "a"), applied("a", { x: "1" }), "one");
  assert.deepEqual(shrunk.body.data, { x: "1", z: "3" });
});

contract("apply conflicts with the owner of a field, unless it is forced or agrees", async (api) => {
  await api.apply(configMaps(api, "a"), applied("a", { x: "1", y: "1" }), "one");
  const conflict = await api.apply<Status>(configMaps(api, "a"), applied("a", { x: "2" }), "two");
  assert.equal(conflict.status, 409);
  assert.equal(conflict.body.reason, "Conflict");
  assert.equal(conflict.body.message, 'Apply failed with 1 conflict: conflict with "one": .data.x');
  assert.deepEqual(conflict.body.details?.causes, [
    { reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".data.x" },
  ]);
  const both = await api.apply<Status>(configMaps(api, "a"), applied("a", { x: "2", y: "2" }), "two");
  assert.equal(both.body.message, 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y');
  const agreed = await api.apply(configMaps(api, "a"), applied("a", { x: "1" }), "two");
  assert.equal(agreed.status, 200);
  const forced = await api.apply(configMaps(api, "a"), applied("a", { x: "2" }), "two", { force: "true" });
  assert.deepEqual(forced.body.data, { x: "2", y: "1" });
  const owners = (forced.body.metadata.managedFields ?? []).map((entry) => [entry.manager, entry.fieldsV1]);
  assert.deepEqual(owners.sort(), [["one", { "f:data": { "f:y": {} } }], ["two", { "f:data": { "f:x": {} } }]]);
});

contract("an update takes fields over, and apply conflicts with it by name and version", async (api) => {
  await api.apply(configMaps(api, "a"), applied("a", { x: "1" }), "one");
  await api.merge(configMaps(api, "a"), { data: { x: "2" } }, { fieldManager: "editor" });
  const conflict = await api.apply<Status>(configMaps(api, "a"), applied("a", { x: "1" }), "one");
  assert.equal(
    conflict.body.message,
    'Apply failed with 1 conflict: conflict with "editor" using v1: .data.x',
  );
});

contract("apply needs a field manager and a configuration without managedFields", async (api) => {
  const contentType = "application/apply-patch+yaml";
  const body = applied("a", {});
  const status = await api.fails(422, "Invalid", "PATCH", configMaps(api, "a"), { body, contentType });
  assert.match(status.message ?? "", /fieldManager: Required value: is required for apply patch/);
  const made = await api.apply(configMaps(api, "a"), applied("a", { x: "1" }), "one");
  await api.fails(400, "BadRequest", "PATCH", configMaps(api, "a"), {
    body: made.body,
    contentType,
    query: { fieldManager: "one" },
  });
});

contract("apply of lists merges by key", async (api) => {
  const config = (containers: readonly object[]) => deployment(containers);
  await api.apply(deployments(api, "d"), config([{ name: "a", image: "1" }]), "one");
  const two = await api.apply(deployments(api, "d"), {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: { selector: { matchLabels: { a: "b" } }, template: { spec: { containers: [{ name: "b", image: "2" }] } } },
  }, "two");
  assert.deepEqual(containersOf(two.body).sort(), ["a=1", "b=2"]);
  const one = await api.apply(deployments(api, "d"), config([{ name: "a", image: "3" }]), "one");
  assert.deepEqual(containersOf(one.body).sort(), ["a=3", "b=2"]);
});
