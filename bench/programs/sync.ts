/**
 * Fills a store with the ConfigMaps of a namespace.
 *
 * Arguments: a kubeconfig, the namespace. It prints `{"ready":…,"ms":…}`: objects, and milliseconds from the start of the watch.
 */
import { connect, reflect } from "../../lib/kube/mod.ts";
import { CONFIG_MAPS } from "../support/resources.ts";

const [kubeconfig = "", namespace = ""] = Deno.args;
const client = await connect({ kubeconfig });
const store = reflect(client.watch(CONFIG_MAPS, { namespace }));

const started = performance.now();
const subscription = store.changes$.subscribe(({ type }) => {
  if (type !== "synced") return;
  console.log(JSON.stringify({ ready: store.size, ms: performance.now() - started }));
});
await new Response(Deno.stdin.readable).bytes();
subscription.unsubscribe();
client.close();
