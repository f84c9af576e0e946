/** Deleting: finalizers, preconditions, propagation, collections, namespaces. */
import assert from "node:assert/strict";
import type { KubeList, KubeObject } from "../../lib/kube/mod.ts";
import { type Api, configMap, configMaps, contract, unique } from "./target.ts";

contract("a delete answers a Status that names what went", async (api) => {
  const made = await api.create(configMaps(api), configMap("a"));
  const status = await api.ok<KubeObject & { details: object }>("DELETE", configMaps(api, "a"));
  assert.equal(status.kind, "Status");
  assert.deepEqual(status.details, { name: "a", kind: "configmaps", uid: made.metadata.uid });
  await api.fails(404, "NotFound", "GET", configMaps(api, "a"));
});

contract("an object with finalizers stays, marked, until the last is taken off", async (api) => {
  await api.create(configMaps(api), { ...configMap("a"), metadata: { name: "a", finalizers: ["a.b/one", "a.b/two"] } });
  const marked = await api.ok("DELETE", configMaps(api, "a"));
  assert.equal(marked.kind, "ConfigMap");
  assert.match(marked.metadata.deletionTimestamp ?? "", /^\d{4}-/);
  const refused = await api.fails(422, "Invalid", "PATCH", configMaps(api, "a"), {
    body: { metadata: { finalizers: ["a.b/one", "a.b/two", "a.b/three"] } },
    contentType: "application/merge-patch+json",
  });
  assert.match(
    refused.message ?? "",
    /metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted/,
  );
  await api.merge(configMaps(api, "a"), { metadata: { finalizers: ["a.b/two"] } });
  assert.equal((await api.get(configMaps(api, "a"))).metadata.deletionTimestamp, marked.metadata.deletionTimestamp);
  await api.merge(configMaps(api, "a"), { metadata: { finalizers: null } });
  await api.fails(404, "NotFound", "GET", configMaps(api, "a"));
});

contract("preconditions hold a delete back", async (api) => {
  const made = await api.create(configMaps(api), configMap("a"));
  const options = (preconditions: object) => ({ body: { kind: "DeleteOptions", apiVersion: "v1", preconditions } });
  await api.fails(409, "Conflict", "DELETE", configMaps(api, "a"), options({ uid: "other" }));
  await api.fails(409, "Conflict", "DELETE", configMaps(api, "a"), options({ resourceVersion: "1" }));
  await api.ok("DELETE", configMaps(api, "a"), options({ uid: made.metadata.uid }));
});

contract("a collection is deleted by selector", async (api) => {
  await api.create(configMaps(api), configMap("a", {}, { go: "yes" }));
  await api.create(configMaps(api), configMap("b", {}, { go: "yes" }));
  await api.create(configMaps(api), configMap("c"));
  await api.ok("DELETE", configMaps(api), { query: { labelSelector: "go=yes" } });
  const { items } = await api.get<KubeList>(configMaps(api));
  assert.deepEqual(items.map((item) => item.metadata.name).filter((name) => name !== "kube-root-ca.crt"), ["c"]);
});

function owned(name: string, owner: KubeObject, extra: object = {}): KubeObject {
  const { apiVersion, kind, metadata } = owner;
  const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", ...extra };
  return { ...configMap(name), metadata: { name, ownerReferences: [reference] } };
}

async function family(api: Api, extra: object = {}): Promise<void> {
  const parent = await api.create(configMaps(api), configMap("parent"));
  const child = await api.create(configMaps(api), owned("child", parent, extra));
  await api.create(configMaps(api), owned("grandchild", child, extra));
}

contract("dependents go with their owner in the background", async (api) => {
  await family(api);
  await api.ok("DELETE", configMaps(api, "parent"), { query: { propagationPolicy: "Background" } });
  await api.gone(configMaps(api, "grandchild"));
  await api.gone(configMaps(api, "child"));
});

contract("dependents go before their owner in the foreground", async (api) => {
  await family(api, { blockOwnerDeletion: true });
  await api.merge(configMaps(api, "grandchild"), { metadata: { finalizers: ["a.b/hold"] } });
  const marked = await api.ok("DELETE", configMaps(api, "parent"), { query: { propagationPolicy: "Foreground" } });
  assert.deepEqual(marked.metadata.finalizers, ["foregroundDeletion"]);
  await api.until(configMaps(api, "grandchild"), ({ body }) => body.metadata.deletionTimestamp !== undefined);
  assert.equal((await api.get(configMaps(api, "parent"))).metadata.name, "parent");
  await api.merge(configMaps(api, "grandchild"), { metadata: { finalizers: null } });
  for (const name of ["grandchild", "child", "parent"]) await api.gone(configMaps(api, name));
});

contract("dependents stay where they are orphaned", async (api) => {
  await family(api);
  await api.ok("DELETE", configMaps(api, "parent"), { query: { propagationPolicy: "Orphan" } });
  await api.gone(configMaps(api, "parent"));
  const child = await api.get(configMaps(api, "child"));
  assert.equal(child.metadata.ownerReferences, undefined);
});

contract("an object whose owner never was is collected", async (api) => {
  const ghost: KubeObject = { ...configMap("ghost"), metadata: { name: "ghost", uid: crypto.randomUUID() } };
  await api.create(configMaps(api), owned("a", ghost));
  await api.gone(configMaps(api, "a"));
});

contract("a namespace is emptied before it goes, and takes nothing in meanwhile", async (api) => {
  const name = unique("leaving");
  const path = `/api/v1/namespaces/${name}`;
  await api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await api.create(`${path}/configmaps`, configMap("plain"));
  await api.create(`${path}/configmaps`, {
    ...configMap("held"),
    metadata: { name: "held", finalizers: ["a.b/hold"] },
  });
  const marked = await api.ok("DELETE", path);
  assert.equal((marked.status as { phase?: string }).phase, "Terminating");
  const status = await api.fails(403, "Forbidden", "POST", `${path}/configmaps`, { body: configMap("late") });
  assert.equal(
    status.message,
    `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
  );
  assert.equal(status.details?.causes?.[0]?.reason, "NamespaceTerminating");
  await api.gone(`${path}/configmaps/plain`);
  await api.until(`${path}/configmaps/held`, ({ body }) => body.metadata.deletionTimestamp !== undefined);
  assert.equal((await api.get(path)).metadata.name, name);
  await api.merge(`${path}/configmaps/held`, { metadata: { finalizers: null } });
  await api.gone(path);
});

contract("objects need a namespace that exists", async (api) => {
  const status = await api.fails(404, "NotFound", "POST", "/api/v1/namespaces/no-such-namespace/configmaps", {
    body: configMap("a"),
  });
  assert.equal(status.message, 'namespaces "no-such-namespace" not found');
});

contract("permanent namespaces cannot be deleted", async (api) => {
  const status = await api.fails(403, "Forbidden", "DELETE", "/api/v1/namespaces/kube-system");
  assert.equal(status.message, 'namespaces "kube-system" is forbidden: this namespace may not be deleted');
});
