/** Pauses of a fleet on the embedded API server. */
import assert from "node:assert/strict";
import { startApiServer } from "../apiserver/mod.ts";
import { type ApiResource, createClient, type KubeClient, KubeError, type KubeObject } from "../kube/mod.ts";
import { FLEET_PAUSE_LABEL, fleetPauses } from "./fleet_pause.ts";

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

function thing(namespace: string, labels: Record<string, string>): KubeObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name: "a", namespace, labels } };
}

async function scene(
  body: (scene: {
    client: KubeClient;
    pause: (name: string, data: Record<string, string>) => Promise<void>;
    says: (object: KubeObject, pattern: RegExp | undefined) => Promise<void>;
    errors: string[];
  }) => Promise<void>,
): Promise<void> {
  const server = await startApiServer();
  const client = createClient(server.transport);
  const errors: string[] = [];
  const pauses = fleetPauses(client, { namespace: "default", onError: (message) => errors.push(message) });
  let seen = 0;
  const subscription = pauses.changes$.subscribe(() => seen++);
  const says = async (object: KubeObject, pattern: RegExp | undefined) => {
    const deadline = Date.now() + 5_000;
    const fits = () =>
      pattern === undefined ? pauses.pauseOf(object) === undefined : pattern.test(pauses.pauseOf(object) ?? "");
    while (!fits()) {
      assert.ok(Date.now() < deadline, `${pauses.pauseOf(object)} is not ${pattern}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const pause = async (name: string, data: Record<string, string>) => {
    const metadata = { name, namespace: "default", labels: { [FLEET_PAUSE_LABEL]: "true" } };
    await client.apply(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata, data }, { force: true });
  };
  try {
    await body({ client, pause, says, errors });
    assert.ok(seen > 0);
  } finally {
    subscription.unsubscribe();
    await server.close();
  }
}

Deno.test("fleetPauses() pauses everything until it knows, then what ConfigMaps select, and resumes when they go", () =>
  scene(async ({ client, pause, says }) => {
    const [prod, dev] = [thing("shop", { tier: "prod" }), thing("shop", { tier: "dev" })];
    await says(prod, /until it is known/);
    await says(prod, undefined);
    await pause("freeze", { selector: "tier in (prod)", reason: "change freeze" });
    await says(prod, /^Paused by the ConfigMap "freeze" in namespace "default": change freeze$/);
    await says(dev, undefined);
    await pause("freeze", { namespaces: "billing, shop" });
    await says(dev, /"freeze" in namespace "default"$/);
    await says(thing("other", {}), undefined);
    await client.delete(CONFIG_MAPS, "freeze", "default");
    await says(dev, undefined);
  }));

Deno.test("fleetPauses() ends a pause at its time", () =>
  scene(async ({ pause, says }) => {
    await pause("night", { until: new Date(Date.now() + 300).toISOString() });
    await says(thing("shop", {}), /"night"/);
    await says(thing("shop", {}), undefined);
  }));

Deno.test("fleetPauses() pauses more rather than less where a ConfigMap cannot be read, and says so", () =>
  scene(async ({ pause, says, errors }) => {
    await pause("wrong", { selector: "tier = = prod" });
    await says(thing("shop", {}), /"wrong"/);
    assert.match(errors[0] ?? "", /"wrong" pauses everything: Cannot read the label selector "tier = = prod"/);
    await pause("wrong", { until: "tomorrow" });
    await says(thing("shop", {}), /"wrong"/);
    assert.match(errors.at(-1) ?? "", /until is "tomorrow"/);
  }));

Deno.test("fleetPauses() knows no pauses where it has no right to read them", async () => {
  const refused = new KubeError("Cannot list configmaps: 403 Forbidden", { reason: "Forbidden", code: 403 });
  const refuse = () => Promise.reject(refused);
  const client = createClient({ performRequest: refuse, request: refuse });
  const pauses = fleetPauses(client);
  const known = Promise.withResolvers<void>();
  const subscription = pauses.changes$.subscribe(known.resolve);
  await known.promise;
  assert.equal(pauses.pauseOf(thing("shop", {})), undefined);
  subscription.unsubscribe();
});
