/**
 * A controller of ConfigMaps.
 *
 * Arguments: a kubeconfig, the namespace. It prints `{"reconciled":…}` when the first key is reconciled.
 */
import { connect, reflect } from "../../lib/kube/mod.ts";
import { reconcile, selfKeys } from "../../lib/provider-runtime/mod.ts";
import { CONFIG_MAPS } from "../support/resources.ts";

const [kubeconfig = "", namespace = ""] = Deno.args;
const client = await connect({ kubeconfig });
const store = reflect(client.watch(CONFIG_MAPS, { namespace }));

let first = true;
const subscription = store.changes$.pipe(
  selfKeys(),
  reconcile(async (key) => {
    if (!store.ready || store.get(key) === undefined) throw new Error(`"${key}" is not in the store`);
    if (first) console.log(JSON.stringify({ reconciled: key }));
    first = false;
  }),
).subscribe();
await new Response(Deno.stdin.readable).bytes();
subscription.unsubscribe();
client.close();
