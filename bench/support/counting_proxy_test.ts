import assert from "node:assert/strict";
import { filter, firstValueFrom } from "../../lib/deps/rxjs.ts";
import { type ApiResource, connect } from "../../lib/kube/mod.ts";
import { startTarget } from "../../tests/e2e/support/target.ts";
import { startCountingProxy } from "./counting_proxy.ts";

const CONFIG_MAPS: ApiResource = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
};

Deno.test("startCountingProxy() counts writes, dry runs and reads apart, and lets watches through", async () => {
  await using target = await startTarget("embedded");
  await using proxy = await startCountingProxy(target.kubeconfig);
  const client = await connect({ kubeconfig: proxy.kubeconfig });
  try {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one", namespace: "default" } };
    const seen = firstValueFrom(client.watch(CONFIG_MAPS).pipe(filter(({ type }) => type === "applied")));
    await client.create(CONFIG_MAPS, object, { dryRun: true });
    await client.create(CONFIG_MAPS, object);
    await seen;
    assert.equal(proxy.counts.writes, 1);
    assert.equal(proxy.counts.dryRuns, 1);
    assert.ok(proxy.counts.reads >= 1);
    await client.delete(CONFIG_MAPS, "one", "default");
    assert.equal(proxy.counts.writes, 2);
  } finally {
    client.close();
  }
});
