/** Lists: order, pages, selectors, forms. */
import assert from "node:assert/strict";
import type { KubeList } from "../../lib/kube/mod.ts";
import { type Api, configMap, configMaps, contract } from "./target.ts";

const names = ({ items }: KubeList) =>
  items.map((item) => item.metadata.name).filter((name) => name !== "kube-root-ca.crt");

async function makeAll(api: Api, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await api.create(
      configMaps(api),
      configMap(`m${index}`, {}, { index: String(index), parity: index % 2 ? "odd" : "even" }),
    );
  }
}

contract("a list is in the order of names and carries a revision", async (api) => {
  for (const name of ["b", "a", "c"]) await api.create(configMaps(api), configMap(name));
  const list = await api.get<KubeList>(configMaps(api));
  assert.equal(list.kind, "ConfigMapList");
  assert.equal(list.apiVersion, "v1");
  assert.match(list.metadata.resourceVersion ?? "", /^\d+$/);
  assert.deepEqual(names(list), ["a", "b", "c"]);
});

contract("pages of a list show one moment, whatever happens between them", async (api) => {
  await makeAll(api, 5);
  const query = { limit: "2", labelSelector: "index" };
  const first = await api.get<KubeList>(configMaps(api), query);
  assert.deepEqual(names(first), ["m0", "m1"]);
  await api.ok("DELETE", configMaps(api, "m3"));
  await api.create(configMaps(api), configMap("m2a", {}, { index: "x" }));
  await api.merge(configMaps(api, "m4"), { data: { changed: "yes" } });
  const second = await api.get<KubeList>(configMaps(api), { ...query, continue: first.metadata.continue ?? "" });
  assert.deepEqual(names(second), ["m2", "m3"]);
  assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
  const third = await api.get<KubeList>(configMaps(api), { ...query, continue: second.metadata.continue ?? "" });
  assert.deepEqual(names(third), ["m4"]);
  assert.equal(third.items[0]?.data !== undefined && "changed" in (third.items[0].data as object), false);
  assert.equal(third.metadata.continue ?? "", "");
});

contract("the first page says how many remain where nothing is filtered", async (api) => {
  await makeAll(api, 4);
  const list = await api.get<KubeList>(configMaps(api), { limit: "2" });
  const total = (await api.get<KubeList>(configMaps(api))).items.length;
  assert.equal(list.metadata.remainingItemCount, total - 2);
});

contract("label selectors choose", async (api) => {
  await makeAll(api, 4);
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["parity=odd", ["m1", "m3"]],
    ["parity==even", ["m0", "m2"]],
    ["parity!=odd,index", ["m0", "m2"]],
    ["index in (1,2)", ["m1", "m2"]],
    ["index,index notin (1,2)", ["m0", "m3"]],
    ["index>1", ["m2", "m3"]],
    ["nothing", []],
  ];
  for (const [labelSelector, wanted] of table) {
    assert.deepEqual(names(await api.get<KubeList>(configMaps(api), { labelSelector })), wanted, labelSelector);
  }
  await api.fails(400, "BadRequest", "GET", configMaps(api), { query: { labelSelector: "a=b=c" } });
});

contract("field selectors choose by name and by the fields of a kind", async (api) => {
  await makeAll(api, 3);
  assert.deepEqual(names(await api.get<KubeList>(configMaps(api), { fieldSelector: "metadata.name=m1" })), ["m1"]);
  const everywhere = await api.get<KubeList>("/api/v1/configmaps", {
    fieldSelector: `metadata.namespace=${api.namespace},metadata.name!=m1`,
  });
  assert.deepEqual(names(everywhere), ["m0", "m2"]);
  await api.fails(400, "BadRequest", "GET", configMaps(api), { query: { fieldSelector: "data.x=1" } });
});

contract("an unknown continue token is refused", async (api) => {
  await api.fails(400, "BadRequest", "GET", configMaps(api), { query: { limit: "1", continue: "nonsense" } });
});

contract("lists come as tables and as metadata only", async (api) => {
  await api.create(configMaps(api), configMap("a", { x: "1", y: "2" }));
  const table = await api.ok<{
    kind: string;
    columnDefinitions: { name: string; type: string }[];
    rows: { cells: unknown[]; object: { kind: string; metadata: { name: string } } }[];
  }>("GET", configMaps(api), { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" });
  assert.equal(table.kind, "Table");
  assert.deepEqual(table.columnDefinitions.map((column) => column.name), ["Name", "Data", "Age"]);
  const row = table.rows.find((candidate) => candidate.object.metadata.name === "a");
  assert.deepEqual(row?.cells.slice(0, 2), ["a", 2]);
  assert.equal(row?.object.kind, "PartialObjectMetadata");
  const partial = await api.ok<KubeList>("GET", configMaps(api), {
    accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
  });
  assert.equal(partial.kind, "PartialObjectMetadataList");
  assert.equal(partial.items.some((item) => "data" in item), false);
});
