/** The page of events: eventsse beside the controllers, registered as a sink of eventrouter like anybody else's. */
import { type Registration, REGISTRATIONS } from "../../controllers/eventrouter/mod.ts";
import { startEventSse, watchCatalogue } from "../../controllers/eventsse/mod.ts";
import { getLogger } from "../../lib/deps/logtape.ts";
import type { KubeClient } from "../../lib/kube/mod.ts";
import { applyOne } from "../install.ts";

const log = getLogger(["kco", "dev"]);

/** eventsse at work. */
export interface Events {
  /** Of the page. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts eventsse on a free port and lets the cluster's Events flow there until it is closed. */
export async function showEvents(client: KubeClient): Promise<Events> {
  const catalogue = watchCatalogue(client, (error) => log.warn("Cannot list compositions: {error}", { error }));
  const server = await startEventSse({ port: 0, catalogue });
  const registration: Registration = {
    apiVersion: "eventrouter.krateo.io/v1alpha1",
    kind: "Registration",
    metadata: { name: `kco-dev-${server.port}` },
    spec: { serviceName: "eventsse", endpoint: `${server.url}/handle`, history: "All" },
  };
  await applyOne(client, registration);
  return {
    url: `${server.url}/`,
    async close() {
      catalogue.close();
      await client.delete(REGISTRATIONS, registration.metadata.name);
      await server.close();
    },
  };
}
