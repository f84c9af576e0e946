/** An embedded API server whose Events a router sends on. */
import { eventRouter, forgetful, REGISTRATION_CRD, routerSettings } from "../../../controllers/eventrouter/mod.ts";
import { startApiServer } from "../../../lib/apiserver/mod.ts";
import { type ApiResource, connect, type KubeClient, type KubeObject } from "../../../lib/kube/mod.ts";
import { SINKS } from "../../../sinks/mod.ts";

/** A cluster with one ConfigMap that belongs to a composition. */
export interface RoutedCluster extends AsyncDisposable {
  /** Makes an Event about the ConfigMap. */
  event(message: string): Promise<void>;
}

const EVENTS: ApiResource = { group: "", version: "v1", kind: "Event", plural: "events", namespaced: true };
const CONFIG = { apiVersion: "v1", kind: "ConfigMap", name: "config", namespace: "default" };

/** Starts it, with a Registration of `endpoint`. */
export async function openRoutedCluster(composition: string, endpoint: string): Promise<RoutedCluster> {
  const api = await startApiServer();
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, api.kubeconfig());
  const client = await connect({ kubeconfig: file });
  await Deno.remove(file);
  const { apiVersion, kind, name, namespace } = CONFIG;
  const labels = { "krateo.io/composition-id": composition };
  await apply(client, { apiVersion, kind, metadata: { name, namespace, labels } });
  await apply(client, REGISTRATION_CRD);
  await apply(client, {
    apiVersion: "eventrouter.krateo.io/v1alpha1",
    kind: "Registration",
    metadata: { name: "sse" },
    spec: { serviceName: "sse", endpoint },
  });
  const drain = new AbortController();
  const settings = routerSettings(() => undefined, "default", () => undefined);
  const ended = Promise.withResolvers<void>();
  eventRouter({ client, settings, sinks: SINKS, checkpoint: forgetful, drain: drain.signal })
    .subscribe({ error: ended.reject, complete: ended.resolve });
  let count = 0;
  return {
    event: async (message) => {
      const metadata = { name: `event-${++count}`, namespace };
      const lastTimestamp = new Date().toISOString();
      const object = { apiVersion: "v1", kind: "Event", metadata, involvedObject: CONFIG, message, lastTimestamp };
      await client.create(EVENTS, { ...object, reason: "Tested", type: "Normal", source: { component: "test" } });
    },
    [Symbol.asyncDispose]: async () => {
      drain.abort();
      await ended.promise;
      client.close();
      await api.close();
    },
  };
}

/** Applies an object, once its kind is served. */
async function apply(client: KubeClient, object: KubeObject): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    client.discovery.invalidate();
    const resource = await client.discovery.resourceFor(object.apiVersion, object.kind);
    if (resource !== undefined) return void await client.apply(resource, object, { force: true });
    if (performance.now() > deadline) throw new Error(`No ${object.apiVersion} ${object.kind} is served`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
