/**
 * Counts the changes that a store over our watch is told.
 *
 * Arguments: a kubeconfig, the changes to expect. It prints `{"ready":…}` when the store is ready, `{"done":…}` after the last.
 */
import { connect, reflect } from "../../lib/kube/mod.ts";
import { CONFIG_MAPS } from "../support/resources.ts";

const [kubeconfig = "", expected = "0"] = Deno.args;
const client = await connect({ kubeconfig });
const store = reflect(client.watch(CONFIG_MAPS));

let seen = -Infinity;
const subscription = store.changes$.subscribe(({ type }) => {
  if (type === "synced") {
    seen = 0;
    console.log(JSON.stringify({ ready: store.size }));
  } else if (++seen === Number(expected)) console.log(JSON.stringify({ done: seen }));
});
await new Response(Deno.stdin.readable).bytes();
subscription.unsubscribe();
client.close();
