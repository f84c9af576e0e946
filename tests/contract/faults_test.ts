/** A store behind a transport that breaks, by seed, in every way that a network and a server can: it heals to what the server has. */
import assert from "node:assert/strict";
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { type Change, createClient, keyOf, type KubeObject, reflect } from "../../lib/kube/mod.ts";
import { Breaker } from "../faults/breaker.ts";
import { seeded } from "../faults/chance.ts";
import { fastClock } from "../faults/fast_clock.ts";
import { CONFIG_MAPS } from "../support/kinds.ts";
import { until } from "../support/until.ts";

const STEPS = 120;

for (const seed of [1, 2, 3]) {
  Deno.test(`a store equals the server again after faults, seed ${seed}`, async () => {
    const server = await startApiServer();
    const direct = createClient(server.transport);
    const random = seeded(seed);
    const breaker = new Breaker(server.transport, random);
    const store = reflect(
      createClient(breaker, { clock: fastClock(100) }).watch(CONFIG_MAPS, { namespace: "default", limit: 3 }),
    );
    // Whoever follows the changes must come to the same as whoever reads the store.
    const followed = new Map<string, string | undefined>();
    const held = store.changes$.subscribe((change: Change<KubeObject>) => {
      if (change.type === "applied") followed.set(keyOf(change.object), change.object.metadata.resourceVersion);
      if (change.type === "deleted") followed.delete(keyOf(change.object));
    });
    try {
      for (let step = 0; step < STEPS; step++) {
        const name = `c${Math.floor(random() * 8)}`;
        const metadata = { name, namespace: "default" };
        if (random() < 0.3) await direct.delete(CONFIG_MAPS, name, "default");
        else {await direct.apply(CONFIG_MAPS, {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata,
            data: { step: `${step}` },
          });}
        if (random() < 0.2) await new Promise((resolve) => setTimeout(resolve, random() * 10));
      }
      breaker.broken = false;
      const { items } = await direct.list(CONFIG_MAPS, { namespace: "default" });
      const wanted = JSON.stringify(items.map((item) => [keyOf(item), item.metadata.resourceVersion]).sort());
      const has = () =>
        JSON.stringify([...store.values()].map((item) => [keyOf(item), item.metadata.resourceVersion]).sort());
      await until(() => has() === wanted, `${has()} should be ${wanted}`);
      assert.equal(JSON.stringify([...followed].sort()), wanted);
      assert.ok(breaker.counts.size >= 3, "faults of several kinds happened");
    } finally {
      held.unsubscribe();
      await server.close();
    }
  });
}
