/** Create, get, update, subresources: one object at a time. */
import assert from "node:assert/strict";
import { configMap, configMaps, contract } from "./target.ts";

contract("create fills in metadata, get answers it, a second create is refused", async (api) => {
  const made = await api.create(configMaps(api), configMap("a", { x: "1" }));
  assert.equal(made.metadata.namespace, api.namespace);
  assert.match(made.metadata.uid ?? "", /^[0-9a-f-]{36}$/);
  assert.match(made.metadata.creationTimestamp ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(made.metadata.resourceVersion ?? "", /^\d+$/);
  assert.deepEqual(await api.get(configMaps(api, "a")), made);
  const status = await api.fails(409, "AlreadyExists", "POST", configMaps(api), { body: configMap("a") });
  assert.equal(status.message, 'configmaps "a" already exists');
  assert.deepEqual(status.details, { name: "a", kind: "configmaps" });
});

contract("generateName makes a name", async (api) => {
  const made = await api.create(configMaps(api), {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { generateName: "made-" },
  });
  assert.match(made.metadata.name, /^made-[a-z0-9]{5}$/);
});

contract("what does not exist is not found", async (api) => {
  const status = await api.fails(404, "NotFound", "GET", configMaps(api, "none"));
  assert.equal(status.message, 'configmaps "none" not found');
  await api.fails(404, "NotFound", "PUT", configMaps(api, "none"), { body: configMap("none") });
  await api.fails(404, "NotFound", "DELETE", configMaps(api, "none"));
  const unknown = await api.fails(404, "NotFound", "GET", `/api/v1/namespaces/${api.namespace}/nonsense/x`);
  assert.equal(unknown.message, "the server could not find the requested resource");
});

contract(
  "an update with an old resourceVersion conflicts, one without wins, one without change writes nothing",
  async (api) => {
    const first = await api.create(configMaps(api), configMap("a", { x: "1" }));
    const second = await api.ok("PUT", configMaps(api, "a"), { body: { ...first, data: { x: "2" } } });
    assert.notEqual(second.metadata.resourceVersion, first.metadata.resourceVersion);
    const status = await api.fails(409, "Conflict", "PUT", configMaps(api, "a"), {
      body: { ...first, data: { x: "3" } },
    });
    assert.equal(
      status.message,
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest ' +
        "version and try again",
    );
    const third = await api.ok("PUT", configMaps(api, "a"), { body: configMap("a", { x: "4" }) });
    assert.deepEqual(third.data, { x: "4" });
    const same = await api.ok("PUT", configMaps(api, "a"), { body: third });
    assert.equal(same.metadata.resourceVersion, third.metadata.resourceVersion);
  },
);

contract("an object must be what its URL says", async (api) => {
  await api.fails(400, "BadRequest", "POST", configMaps(api), { body: { ...configMap("a"), kind: "Secret" } });
  await api.fails(400, "BadRequest", "POST", configMaps(api), {
    body: { ...configMap("a"), metadata: { name: "a", namespace: "other" } },
  });
  await api.create(configMaps(api), configMap("a"));
  await api.fails(400, "BadRequest", "PUT", configMaps(api, "a"), { body: configMap("b") });
});

contract("names and labels are checked", async (api) => {
  const status = await api.fails(422, "Invalid", "POST", configMaps(api), { body: configMap("Not_A_Name") });
  assert.equal(status.details?.causes?.[0]?.field, "metadata.name");
  assert.match(
    status.message ?? "",
    /^ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain/,
  );
  const labels = await api.fails(422, "Invalid", "POST", configMaps(api), { body: configMap("a", {}, { "a b": "c" }) });
  assert.equal(labels.details?.causes?.[0]?.field, "metadata.labels");
  await api.fails(422, "Invalid", "POST", configMaps(api), {
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: {} },
  });
});

contract("status and the rest of an object are written apart", async (api) => {
  const path = `/apis/apps/v1/namespaces/${api.namespace}/deployments`;
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
  const made = await api.create(path, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: { replicas: 0, paused: true, selector: { matchLabels: { a: "b" } }, template },
    status: { replicas: 7 },
  });
  assert.notEqual((made.status as { replicas?: number } | undefined)?.replicas, 7);
  assert.equal(made.metadata.generation, 1);
  const merged = await api.merge(`${path}/d/status`, {
    metadata: { labels: { no: "no" } },
    spec: { paused: false },
    status: { collisionCount: 3 },
  });
  assert.equal((merged.spec as { paused?: boolean }).paused, true);
  assert.equal((merged.status as { collisionCount?: number }).collisionCount, 3);
  assert.equal(merged.metadata.generation, 1);
  const spec = await api.merge(`${path}/d`, { spec: { minReadySeconds: 1 } });
  assert.equal(spec.metadata.generation, 2);
  const labelled = await api.merge(`${path}/d`, { metadata: { labels: { x: "y" } } });
  assert.equal(labelled.metadata.generation, 2);
});

contract("scale reads and writes the replicas of a workload", async (api) => {
  const path = `/apis/apps/v1/namespaces/${api.namespace}/deployments`;
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
  await api.create(path, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d" },
    spec: { replicas: 0, paused: true, selector: { matchLabels: { a: "b" } }, template },
  });
  const scale = await api.get(`${path}/d/scale`);
  assert.equal(scale.apiVersion, "autoscaling/v1");
  assert.equal(scale.kind, "Scale");
  assert.equal((scale.status as { selector?: string }).selector, "a=b");
  const { name, namespace } = scale.metadata;
  const wish = { ...scale, metadata: { name, namespace }, spec: { replicas: 2 } };
  await api.ok("PUT", `${path}/d/scale`, { body: wish });
  assert.equal(((await api.get(`${path}/d`)).spec as { replicas?: number }).replicas, 2);
  await api.merge(`${path}/d/scale`, { spec: { replicas: 1 } });
  assert.equal(((await api.get(`${path}/d`)).spec as { replicas?: number }).replicas, 1);
  await api.fails(409, "Conflict", "PUT", `${path}/d/scale`, { body: { ...scale, spec: { replicas: 5 } } });
});

contract("a dry run answers the object and stores nothing", async (api) => {
  const made = await api.create(configMaps(api), configMap("a", { x: "1" }), { dryRun: "All" });
  assert.equal(made.metadata.name, "a");
  await api.fails(404, "NotFound", "GET", configMaps(api, "a"));
  const stored = await api.create(configMaps(api), configMap("a", { x: "1" }));
  const patched = await api.merge(configMaps(api, "a"), { data: { x: "2" } }, { dryRun: "All" });
  assert.deepEqual(patched.data, { x: "2" });
  await api.ok("DELETE", configMaps(api, "a"), { query: { dryRun: "All" } });
  assert.deepEqual(await api.get(configMaps(api, "a")), stored);
  const { status } = await api.send("POST", configMaps(api), { body: configMap("b"), query: { dryRun: "Some" } });
  assert.ok(status === 400 || status === 422, String(status));
});

contract("unknown fields are refused, warned about or dropped, as fieldValidation says", async (api) => {
  const body = { ...configMap("a"), bogus: 1 };
  const status = await api.fails(400, "BadRequest", "POST", configMaps(api), {
    body,
    query: { fieldValidation: "Strict" },
  });
  assert.match(status.message ?? "", /strict decoding error: unknown field "bogus"/);
  const warned = await api.send("POST", configMaps(api), { body, query: { fieldValidation: "Warn" } });
  assert.equal(warned.status, 201);
  assert.equal(warned.headers.get("warning"), '299 - "unknown field \\"bogus\\""');
  assert.equal("bogus" in warned.body, false);
  const ignored = await api.send("PUT", configMaps(api, "a"), { body, query: { fieldValidation: "Ignore" } });
  assert.equal(ignored.status, 200);
  assert.equal(ignored.headers.get("warning"), null);
});

contract("bodies may be YAML; other formats are told what is accepted", async (api) => {
  const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: b\n";
  const made = await api.ok("POST", configMaps(api), { body: yaml, contentType: "application/yaml" });
  assert.deepEqual(made.data, { a: "b" });
  const status = await api.fails(415, "UnsupportedMediaType", "POST", configMaps(api), {
    body: "x",
    contentType: "text/csv",
  });
  assert.match(status.message ?? "", /accepted media types include/);
  await api.fails(406, "NotAcceptable", "GET", configMaps(api, "yaml"), { accept: "text/csv" });
});
