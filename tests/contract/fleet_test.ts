/** A fleet that is paused by a ConfigMap: nothing is done, the objects say why, and go on at once when it goes. */
import assert from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { createClient, type KubeClient } from "../../lib/kube/mod.ts";
import {
  type Conditioned,
  defineOperator,
  findCondition,
  FLEET_PAUSE_LABEL,
  fleetPauses,
  startManager,
  Type,
} from "../../lib/provider-runtime/mod.ts";
import { CONFIG_MAPS, defineKind, thing, THINGS } from "../support/kinds.ts";
import { until } from "../support/until.ts";

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
  await defineKind(client, THINGS, operator.crd());
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
      await client.create(THINGS, thing({ name: tier, labels: { tier } }));
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
