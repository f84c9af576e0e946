/**
 * eventrouter, alone in its process.
 *
 * Arguments: a kubeconfig, a directory. It prints `{"requests":…,"hits":…}`, its look-ups of objects, for each line that it is told.
 */
import { eventRouter, FileCheckpoint, type MeasuredRouter, routerSettings } from "../../controllers/eventrouter/mod.ts";
import { connect } from "../../lib/kube/mod.ts";
import { SINKS } from "../../sinks/mod.ts";

const [kubeconfig = "", directory = ""] = Deno.args;
const environment: Readonly<Record<string, string>> = { EVENT_ROUTER_DIRECTORY: directory };
const client = await connect({ kubeconfig });
let running: MeasuredRouter | undefined;
const subscription = eventRouter({
  client,
  settings: routerSettings((name) => environment[name], "default", (name) => console.error(`${name} is invalid`)),
  sinks: SINKS,
  checkpoint: new FileCheckpoint(directory),
  onRunning: (router) => running = router,
}).subscribe();
for await (const _line of Deno.stdin.readable) console.log(JSON.stringify(running?.lookups ?? {}));
subscription.unsubscribe();
client.close();
