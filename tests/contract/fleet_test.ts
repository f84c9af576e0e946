/** A fleet that is paused by a ConfigMap: nothing is done, the objects say why, and go on at once when it goes. */
import assert from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { type ApiResource, createClient, type KubeClient } from "../../lib/kube/mod.ts";
import {
  type Conditioned,
  defineOperator,
  findCondition,
  FLEET_PAUSE_LABEL,
  fleetPauses,
  startManager,
  Type,
} from "../../lib/provider-runtime/mod.ts";

const THINGS: ApiResource = { group: "example.org", version: "v1", kind: "Thing", plural: "things", namespaced: true };
const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};
const CRDS: ApiResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};

Deno.test("a ConfigMap pauses the objects that it selects, and they go on at once when it is deleted", async () => {
  const server = await startApiServer();
  const client = createClient(server.transport);
  const world = new Set<string>();
  const operator = defineOperator({
    group: "example.org",
    version: "v1",
    kind: "Thing",
    scope: "Namespaced",
    spec: Type.Object({}),
    connect: () => world,
    observe: async ({ object }, world) => ({ exists: world.has(object.metadata.name) }),
    create: async ({ object }, world) => void world.add(object.metadata.name),
    update: async () => {},
    delete: async ({ object }, world) => void world.delete(object.metadata.name),
  });
  await client.create(CRDS, operator.crd());
  await until(async () => await client.discovery.resourceFor("example.org/v1", "Thing") !== undefined, "the kind");
  const labels = { [FLEET_PAUSE_LABEL]: "true" };
  const freeze = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "freeze", namespace: "default", labels },
    data: { selector: "tier=prod", reason: "audit" },
  };
  await client.create(CONFIG_MAPS, freeze);
  const fleet = fleetPauses(client, { namespace: "default" });
  const manager = startManager({ controllers: [operator.controller(client, { fleet })] });
  try {
    for (const tier of ["prod", "dev"]) {
      const metadata = { name: tier, namespace: "default", labels: { tier } };
      await client.create(THINGS, { apiVersion: "example.org/v1", kind: "Thing", metadata, spec: {} });
    }
    await until(async () => await says(client, "dev", "Ready") === "Available", "dev is ready");
    const paused = 'Paused by the ConfigMap "freeze" in namespace "default": audit';
    await until(async () => await says(client, "prod", "Synced", "message") === paused, "prod says that it is paused");
    assert.deepEqual([...world], ["dev"]);
    await client.delete(CONFIG_MAPS, "freeze", "default");
    await until(async () => await says(client, "prod", "Ready") === "Available", "prod is ready");
  } finally {
    await manager.stop();
    await server.close();
  }
});

async function says(client: KubeClient, name: string, type: string, what: "reason" | "message" = "reason") {
  const { status } = await client.get<Conditioned>(THINGS, name, "default");
  return findCondition(status?.conditions, type)?.[what];
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
