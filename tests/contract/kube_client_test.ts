/**
 * `lib/kube` against an API server: the embedded one, in process and over HTTPS, or with `KCO_TEST_TARGET=real` the one in
 * `KCO_TEST_KUBECONFIG`.
 */
import assert from "node:assert/strict";
import { filter, firstValueFrom, timeout } from "../../lib/deps/rxjs.ts";
import {
  type ApiResource,
  createEventRecorder,
  isKubeError,
  keyOf,
  type KubeClient,
  type KubeObject,
  reflect,
} from "../../lib/kube/mod.ts";
import { CONFIG_MAPS, defineKind, NAMESPACES, removeKind } from "../support/kinds.ts";
import { openClient, WAYS } from "./client_target.ts";
import { unique } from "./target.ts";

const DEPLOYMENTS: ApiResource = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
};
const EVENTS: ApiResource = {
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
};
const WIDGETS: ApiResource = {
  group: "example.org",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
};

/** A namespace for each test. */
let namespace = "";

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

for (const way of WAYS) {
  const scenario = (title: string, run: (client: KubeClient) => Promise<void>) =>
    Deno.test(`KubeClient ${way} ${title}`, async () => {
      const { client, close } = await openClient(way);
      namespace = unique("kube");
      try {
        await client.create(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        await run(client);
      } finally {
        await client.delete(NAMESPACES, namespace);
        await close();
      }
    });

  scenario("creates, reads, updates, patches, applies and deletes", async (client) => {
    const created = await client.create(CONFIG_MAPS, configMap("a", { x: "1" }));
    assert.deepEqual((await client.get(CONFIG_MAPS, "a", namespace)).metadata.uid, created.metadata.uid);
    await client.replace(CONFIG_MAPS, { ...created, data: { x: "2" } });
    await assert.rejects(
      client.replace(CONFIG_MAPS, { ...created, data: { x: "3" } }),
      (e) => isKubeError(e, "Conflict"),
    );
    const patched = await client.patch(CONFIG_MAPS, "a", namespace, "merge", { data: { y: "1" } });
    assert.deepEqual(patched.data, { x: "2", y: "1" });
    const jsonPatched = await client.patch(CONFIG_MAPS, "a", namespace, "json", [{ op: "remove", path: "/data/y" }]);
    assert.deepEqual(jsonPatched.data, { x: "2" });
    assert.equal(await client.delete(CONFIG_MAPS, "a", namespace), true);
    assert.equal(await client.delete(CONFIG_MAPS, "a", namespace), false);
    assert.equal(await client.find(CONFIG_MAPS, "a", namespace), undefined);
  });

  scenario("reports whose field an apply would take", async (client) => {
    await client.apply(CONFIG_MAPS, configMap("a", { x: "1" }), { fieldManager: "one" });
    await assert.rejects(client.apply(CONFIG_MAPS, configMap("a", { x: "2" }), { fieldManager: "two" }), (error) => {
      assert.ok(isKubeError(error, "Conflict"));
      assert.match(error.causes[0]?.message ?? "", /one/);
      assert.equal(error.causes[0]?.field, ".data.x");
      return true;
    });
    const forced = await client.apply(CONFIG_MAPS, configMap("a", { x: "2" }), { fieldManager: "two", force: true });
    assert.deepEqual(forced.data, { x: "2" });
  });

  scenario("refuses fields that the server does not know", async (client) => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "web", image: "web", imagee: "x" }] },
        },
      },
    };
    await assert.rejects(client.apply(DEPLOYMENTS, deployment), /imagee/);
  });

  scenario("lists page by page", async (client) => {
    for (let index = 0; index < 7; index++) await client.create(CONFIG_MAPS, configMap(`c${index}`));
    const { items } = await client.list(CONFIG_MAPS, { namespace, limit: 2 });
    const names = items.map((item) => item.metadata.name).filter((name) => /^c\d$/.test(name));
    assert.deepEqual(names, ["c0", "c1", "c2", "c3", "c4", "c5", "c6"]);
    assert.ok(items.every((item) => item.kind === "ConfigMap" && item.apiVersion === "v1"));
  });

  scenario("keeps a store equal to the server", async (client) => {
    await client.create(CONFIG_MAPS, configMap("before"));
    const store = reflect(client.watch(CONFIG_MAPS, { namespace, limit: 1 }));
    const held = store.changes$.subscribe();
    await store.whenReady();
    assert.ok(store.get(`${namespace}/before`));
    const seen = (type: "applied" | "deleted", key: string) =>
      firstValueFrom(store.changes$.pipe(
        filter((change) => change.type === type && keyOf(change.object) === key),
        timeout(5_000),
      ));
    const [created, deleted] = [seen("applied", `${namespace}/after`), seen("deleted", `${namespace}/before`)];
    await client.create(CONFIG_MAPS, configMap("after"));
    await client.delete(CONFIG_MAPS, "before", namespace);
    await Promise.all([created, deleted]);
    const { items } = await client.list(CONFIG_MAPS, { namespace });
    assert.deepEqual([...store.keys()].sort(), items.map(keyOf).sort());
    held.unsubscribe();
  });

  scenario("watches metadata alone", async (client) => {
    await client.create(CONFIG_MAPS, configMap("a", { secret: "x" }));
    const store = reflect(client.watch(CONFIG_MAPS, { namespace, metadataOnly: true }));
    const held = store.changes$.subscribe();
    await store.whenReady();
    const object = store.get(`${namespace}/a`);
    assert.deepEqual([object?.kind, object?.data], ["ConfigMap", undefined]);
    held.unsubscribe();
  });

  scenario("finds a kind that came after it had looked", async (client) => {
    assert.equal(await client.discovery.resourceFor("example.org/v1", "Widget"), undefined);
    await defineKind(client, WIDGETS);
    assert.deepEqual(await client.discovery.resourceFor("example.org/v1", "Widget"), WIDGETS);
    const versions = await client.discovery.apiVersions();
    for (const version of ["v1", "apps/v1", "apps/v1/Deployment", "v1/ConfigMap"]) {
      assert.ok(versions.includes(version), version);
    }
    assert.match((await client.discovery.serverVersion()).gitVersion, /^v1\.\d+/);
    await removeKind(client, WIDGETS);
  });

  scenario("records Events, and counts what is said again", async (client) => {
    const regarding = await client.create(CONFIG_MAPS, configMap("a"));
    const recorder = createEventRecorder(client, {
      controller: "kco.krateo.io/test",
      maxSilence: 0,
      onError: (error) => assert.fail(String(error)),
    });
    const event = { regarding, type: "Warning", reason: "Broken", action: "Test" } as const;
    recorder.record({ ...event, note: "100% é" + "é".repeat(2_000) });
    recorder.record({ ...event, note: "other" });
    recorder.record({ ...event, note: "other" });
    await recorder.flush();
    const { items } = await client.list(EVENTS, { namespace });
    const told = items.filter((item) => item.reason === "Broken").map((
      item,
    ) => [String(item.note).slice(0, 6), item.series]);
    assert.equal(told.length, 2);
    assert.ok(told.some(([note]) => note === "100% é"));
    const [, series] = told.find(([note]) => note === "other") ?? [];
    assert.ok(typeof series === "object" && series !== null && "count" in series && series.count === 2);
  });
}
