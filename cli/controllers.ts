/** The controllers of the product, ready to be managed. */
import { coreProvider } from "../controllers/core-provider/mod.ts";
import type { ChartRenderer } from "../controllers/composition-dynamic-controller/mod.ts";
import { patchProvider } from "../controllers/patch-provider/mod.ts";
import { getLogger } from "../lib/deps/logtape.ts";
import type { Registry } from "../lib/deps/prom_client.ts";
import { createEventRecorder, type EventInput, keyOf, type KubeClient } from "../lib/kube/mod.ts";
import { type Controller, fleetPauses } from "../lib/provider-runtime/mod.ts";
import { eventRouterController } from "./eventrouter.ts";

const log = getLogger(["kco", "events"]);

/**
 * Every controller that exists, on one client.
 *
 * @param registry Where controllers put metrics of their own.
 */
export function allControllers(client: KubeClient, renderer: ChartRenderer, registry?: Registry): Controller[] {
  const fleet = fleetPauses(client, { onError: (message) => log.getChild("pause").warn("{message}", { message }) });
  return [{
    name: "core-provider",
    standby: "warm",
    run: ({ drain }) =>
      coreProvider({
        client,
        renderer,
        drain,
        fleet,
        definitionEvents: recorder(client, "core-provider"),
        compositionEvents: recorder(client, "composition-dynamic-controller"),
        onError: (error, object) => {
          getLogger(["kco", "core-provider"]).warn("Cannot handle {kind} {key}: {error}", {
            kind: object.kind,
            key: keyOf(object),
            error: messageOf(error),
          });
        },
      }),
  }, {
    name: "patch-provider",
    run: ({ drain }) => patchProvider({ client, drain, fleet, recorder: recorder(client, "patch-provider") }),
  }, eventRouterController(client, recorder(client, "eventrouter"), registry)];
}

function recorder(client: KubeClient, controller: string) {
  return createEventRecorder(client, {
    controller: `kco.krateo.io/${controller}`,
    onError: (error: unknown, event: EventInput) => {
      const { reason, regarding } = event;
      log.warn("Cannot record Event {reason} about {key}: {error}", {
        reason,
        key: keyOf(regarding),
        error: messageOf(error),
      });
    },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
