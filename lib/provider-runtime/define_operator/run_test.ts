/** An operator as a process, over HTTPS with a kubeconfig, as it runs outside of a cluster. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiServer, startApiServer } from "../../apiserver/mod.ts";
import { reset } from "../../deps/logtape.ts";
import { type ApiResource, createClient, type KubeObject } from "../../kube/mod.ts";
import { defineOperator, Type } from "./mod.ts";

const items = new Map<string, string>();
const operator = defineOperator({
  group: "example.org",
  version: "v1",
  kind: "Thing",
  scope: "Cluster",
  spec: Type.Object({ text: Type.String() }),
  status: Type.Object({ length: Type.Integer() }),
  connect: () => items,
  observe: async ({ object, spec }, items) => {
    const text = items.get(object.metadata.name);
    return text === undefined
      ? { exists: false }
      : { exists: true, upToDate: text === spec.text, status: { length: text.length } };
  },
  create: async ({ object, spec }, items) => void items.set(object.metadata.name, spec.text),
  update: async ({ object, spec }, items) => void items.set(object.metadata.name, spec.text),
  delete: async ({ object }, items) => void items.delete(object.metadata.name),
});
const THINGS: ApiResource = { group: "example.org", version: "v1", kind: "Thing", plural: "things", namespaced: false };
const LEASES: ApiResource = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
};

async function withCluster(body: (server: ApiServer, kubeconfig: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kco-run-"));
  const server = await startApiServer();
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, server.kubeconfig());
    await body(server, kubeconfig);
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
    // The process configured the logs: the next test has its own.
    await reset();
  }
}

Deno.test("run() installs, leads, reconciles, serves health and metrics, and stops gracefully", () =>
  withCluster(async (server, kubeconfig) => {
    const client = createClient(server.transport);
    const stop = new AbortController();
    const listening = Promise.withResolvers<number>();
    const flags = ["--install", "--leader-elect", "--leader-election-namespace", "default", "--log-level", "error"];
    const stopped = operator.run(
      ["--kubeconfig", kubeconfig, "--port", "0", "--hostname", "127.0.0.1", "--poll-interval", "1h", ...flags],
      { signal: stop.signal, onListen: listening.resolve },
    );
    const port = await Promise.race([listening.promise, stopped.then(() => assert.fail("it stopped"))]);
    const read = async (path: string) => await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    const thing: KubeObject = {
      apiVersion: "example.org/v1",
      kind: "Thing",
      metadata: { name: "a" },
      spec: { text: "abc" },
    };
    await client.create(THINGS, thing);

    const status = async () => (await client.get<KubeObject>(THINGS, "a"))["status"];
    await until(async () => JSON.stringify(await status() ?? {}).includes('"Available"'));
    assert.equal(Object(await status()).length, 3);
    assert.match(await read("/readyz"), /\[\+\] watch things\.example\.org ok/);
    assert.match(await read("/metrics"), /controller_runtime_reconcile_total\{controller="thing-operator",result=/);
    assert.match(await read("/metrics"), /kco_watch_last_contact_timestamp_seconds\{watch="things\.example\.org"\}/);

    await client.delete(THINGS, "a");
    await until(async () => await client.find(THINGS, "a") === undefined);
    assert.equal(items.size, 0);

    stop.abort();
    await stopped;
    const lease = await client.get<KubeObject>(LEASES, "things.example.org", "default");
    // Given up, so that the next leader need not wait.
    assert.ok(!Object(lease["spec"]).holderIdentity);
  }));

Deno.test("run() prints the CRD and the manifests, and refuses a duration that is none", async () => {
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  await operator.run(["crd"], { print });
  await operator.run(["manifests", "--image", "thing:1", "--namespace", "things"], { print });
  const [crd, list] = printed.map((text) => JSON.parse(text));
  assert.deepEqual(crd, operator.crd());
  assert.deepEqual(list.items.map(({ kind }: KubeObject) => kind), [
    "CustomResourceDefinition",
    "ServiceAccount",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Deployment",
  ]);
  assert.deepEqual(
    list.items.flatMap(({ metadata }: KubeObject) => metadata.namespace ?? []),
    ["things", "things", "things", "things"],
  );
  await assert.rejects(operator.run(["--poll-interval", "soon"], { print }), /Write a duration such as 90s or 2m/);
});

Deno.test("rbac() asks for Secrets only where the operator reads some", () => {
  const rulesOf = (objects: readonly KubeObject[]) => JSON.stringify(objects.map((object) => object["rules"]));
  assert.doesNotMatch(rulesOf(operator.rbac()), /secrets/);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 8_000;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, "not in time");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
