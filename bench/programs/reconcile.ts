/**
 * A controller that applies a ConfigMap for each Thing and says so in its status.
 *
 * Arguments: a kubeconfig, the namespace, the objects to expect. It prints `{"ready":…}` when it has synced, and `{"done":…}`
 * when as many statuses are written.
 */
import { connect, type KubeObject, reflect } from "../../lib/kube/mod.ts";
import { reconcile, selfKeys } from "../../lib/provider-runtime/mod.ts";
import { CONFIG_MAPS, THINGS } from "../support/resources.ts";

interface Thing extends KubeObject {
  status?: { observedGeneration?: number };
}

const [kubeconfig = "", namespace = "", expected = "0"] = Deno.args;
const client = await connect({ kubeconfig });
const store = reflect(client.watch<Thing>(THINGS, { namespace }));
let written = 0;

const subscription = store.changes$.subscribe(({ type }) => {
  if (type === "synced") console.log(JSON.stringify({ ready: true }));
});
subscription.add(
  store.changes$.pipe(
    selfKeys(),
    reconcile(async (key) => {
      const thing = store.get(key);
      if (thing === undefined || thing.status?.observedGeneration === thing.metadata.generation) return;
      const { name, generation, uid = "" } = thing.metadata;
      const { apiVersion, kind } = thing;
      await client.apply(CONFIG_MAPS, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace, ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] },
        data: { size: "3" },
      }, { fieldManager: "bench", force: true });
      const status = { observedGeneration: generation, ready: true };
      await client.patch(THINGS, name, namespace, "merge", { status }, { subresource: "status" });
      if (++written === Number(expected)) console.log(JSON.stringify({ done: written }));
    }),
  ).subscribe((outcome) => {
    if (outcome.type === "failed") console.error(outcome.error);
  }),
);
await new Response(Deno.stdin.readable).bytes();
subscription.unsubscribe();
client.close();
