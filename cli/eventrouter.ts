/** eventrouter as `kco` runs it: settings from the environment, positions in a ConfigMap or a directory. */
import {
  ConfigMapCheckpoint,
  createRouterMetrics,
  eventRouter,
  FileCheckpoint,
  type MeasuredRouter,
  routerSettings,
} from "../controllers/eventrouter/mod.ts";
import { getLogger } from "../lib/deps/logtape.ts";
import type { Registry } from "../lib/deps/prom_client.ts";
import type { EventRecorder, KubeClient } from "../lib/kube/mod.ts";
import type { Controller } from "../lib/provider-runtime/mod.ts";
import { SINKS } from "../sinks/mod.ts";

const log = getLogger(["kco", "eventrouter"]);
const CHECKPOINT = "eventrouter-checkpoint";

/** The controller. */
export function eventRouterController(
  client: KubeClient,
  recorder: EventRecorder,
  registry: Registry | undefined,
): Controller {
  const namespace = Deno.env.get("POD_NAMESPACE") || client.transport.defaultNamespace || "default";
  const settings = routerSettings((name) => Deno.env.get(name), namespace, (name, value) => {
    log.warn("{name} is ignored: its value {value} cannot be read", { name, value });
  });
  let router: MeasuredRouter | undefined;
  const metrics = registry && createRouterMetrics(registry, () => router);
  return {
    name: "eventrouter",
    run: ({ drain }) =>
      eventRouter({
        client,
        settings,
        sinks: SINKS,
        checkpoint: settings.directory === undefined
          ? new ConfigMapCheckpoint(client, CHECKPOINT, namespace)
          : new FileCheckpoint(settings.directory),
        recorder,
        drain,
        ...(metrics && { metrics }),
        onRunning: (running) => router = running,
      }),
  };
}
