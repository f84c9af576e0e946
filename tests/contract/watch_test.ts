/** Watches. */
import assert from "node:assert/strict";
import type { KubeList } from "../../lib/kube/mod.ts";
import { configMap, configMaps, contract } from "./target.ts";

contract("a watch from a list's revision sees exactly what comes after it", async (api) => {
  await api.create(configMaps(api), configMap("before"));
  const { metadata } = await api.get<KubeList>(configMaps(api), { labelSelector: "!none" });
  await api.create(configMaps(api), configMap("a"));
  const watch = await api.watch(configMaps(api), {
    resourceVersion: metadata.resourceVersion ?? "",
    fieldSelector: "metadata.name=a",
  });
  await api.merge(configMaps(api, "a"), { data: { x: "1" } });
  await api.ok("DELETE", configMaps(api, "a"));
  assert.deepEqual(await watch.take(3), ["ADDED a", "MODIFIED a", "DELETED a"]);
});

contract("a watch without a revision begins with what is there", async (api) => {
  await api.create(configMaps(api), configMap("a"));
  for (const query of [{}, { resourceVersion: "0" }]) {
    const watch = await api.watch(configMaps(api), { ...query, fieldSelector: "metadata.name=a" });
    assert.deepEqual(await watch.take(1), ["ADDED a"]);
  }
});

contract("the last state of a deleted object carries the revision of its deletion", async (api) => {
  const made = await api.create(configMaps(api), configMap("a", { x: "1" }));
  const watch = await api.watch(configMaps(api), {
    resourceVersion: made.metadata.resourceVersion ?? "",
    fieldSelector: "metadata.name=a",
  });
  await api.ok("DELETE", configMaps(api, "a"));
  const line = await watch.next();
  assert.equal(line?.type, "DELETED");
  assert.equal(line.object.metadata.name, "a");
  assert.notEqual(line.object.metadata.resourceVersion, made.metadata.resourceVersion);
});

contract("objects that begin or cease to match a selector are added and deleted", async (api) => {
  const made = await api.create(configMaps(api), configMap("a", {}, { in: "no" }));
  const watch = await api.watch(configMaps(api), {
    resourceVersion: made.metadata.resourceVersion ?? "",
    labelSelector: "in=yes",
  });
  await api.merge(configMaps(api, "a"), { metadata: { labels: { in: "yes" } } });
  await api.merge(configMaps(api, "a"), { data: { x: "1" } });
  await api.merge(configMaps(api, "a"), { metadata: { labels: { in: "no" } } });
  await api.merge(configMaps(api, "a"), { data: { x: "2" } });
  await api.merge(configMaps(api, "a"), { metadata: { labels: { in: "yes" } } });
  assert.deepEqual(await watch.take(4), ["ADDED a", "MODIFIED a", "DELETED a", "ADDED a"]);
});

contract("sendInitialEvents sends what is there, then a bookmark that says so, then what happens", async (api) => {
  await api.create(configMaps(api), configMap("a"));
  const watch = await api.watch(configMaps(api), {
    sendInitialEvents: "true",
    resourceVersionMatch: "NotOlderThan",
    allowWatchBookmarks: "true",
    labelSelector: "!none",
    fieldSelector: "metadata.name=a",
  });
  assert.equal((await watch.next())?.type, "ADDED");
  const bookmark = await watch.next();
  assert.equal(bookmark?.type, "BOOKMARK");
  assert.equal(bookmark.object.metadata.annotations?.["k8s.io/initial-events-end"], "true");
  assert.match(bookmark.object.metadata.resourceVersion ?? "", /^\d+$/);
  await api.merge(configMaps(api, "a"), { data: { x: "1" } });
  assert.deepEqual(await watch.take(1), ["MODIFIED a"]);
});

contract("sendInitialEvents sends many objects whole, and what happens meanwhile after them", async (api) => {
  const names = Array.from({ length: 250 }, (_, index) => `c${String(index).padStart(3, "0")}`);
  for (const name of names) {
    await api.create(configMaps(api), configMap(name, { text: "x".repeat(1000) }, { of: "many" }));
  }
  const watch = await api.watch(configMaps(api), {
    sendInitialEvents: "true",
    resourceVersionMatch: "NotOlderThan",
    allowWatchBookmarks: "true",
    labelSelector: "of=many",
  });
  await api.merge(configMaps(api, "c007"), { data: { text: "y" } });
  const seen: string[] = [];
  for (let line = await watch.next(); line !== undefined; line = await watch.next()) {
    seen.push(`${line.type} ${line.object.metadata.name ?? ""}`);
    if (line.type === "MODIFIED") break;
  }
  assert.deepEqual(seen.slice(0, -2).sort(), names.map((name) => `ADDED ${name}`));
  assert.deepEqual(seen.slice(-2), ["BOOKMARK ", "MODIFIED c007"]);
});

contract("sendInitialEvents needs resourceVersionMatch", async (api) => {
  await api.fails(422, "Invalid", "GET", configMaps(api), { query: { watch: "true", sendInitialEvents: "true" } });
});

contract("a watch ends after timeoutSeconds", async (api) => {
  const made = await api.create(configMaps(api), configMap("a"));
  const watch = await api.watch(configMaps(api), {
    resourceVersion: made.metadata.resourceVersion ?? "",
    timeoutSeconds: "1",
    fieldSelector: "metadata.name=a",
  });
  assert.equal(await watch.next(), undefined);
});

contract("watches come as metadata only and as tables", async (api) => {
  await api.create(configMaps(api), configMap("a", { x: "1" }));
  const partial = await api.watch(
    configMaps(api),
    { fieldSelector: "metadata.name=a" },
    "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
  );
  const line = await partial.next();
  assert.equal(line?.object.kind, "PartialObjectMetadata");
  assert.equal("data" in line.object, false);
  const table = await api.watch(
    configMaps(api),
    { fieldSelector: "metadata.name=a" },
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
  );
  const row = await table.next();
  assert.equal(row?.type, "ADDED");
  assert.equal(row.object.kind, "Table");
});
