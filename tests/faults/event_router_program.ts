/** A router as a process of its own, to be killed: `deno run -A event_router_program.ts KUBECONFIG DIRECTORY`. */
import { eventRouter, FileCheckpoint, routerSettings } from "../../controllers/eventrouter/mod.ts";
import { connect } from "../../lib/kube/mod.ts";
import { SINKS } from "../../sinks/mod.ts";

const [kubeconfig = "", directory = ""] = Deno.args;
const client = await connect({ kubeconfig });
const environment: Readonly<Record<string, string>> = {
  EVENT_ROUTER_DIRECTORY: directory,
  EVENT_ROUTER_INTERVAL: "250ms",
};

function start(): void {
  eventRouter({
    client,
    settings: routerSettings((name) => environment[name], "default", (name) => console.error(`${name} is invalid`)),
    sinks: SINKS,
    checkpoint: new FileCheckpoint(directory),
  }).subscribe({
    error: (error) => {
      console.error("the router ended:", error instanceof Error ? error.message : error);
      // As the manager does.
      setTimeout(start, 500);
    },
  });
}
start();
