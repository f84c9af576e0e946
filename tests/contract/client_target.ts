/** A `KubeClient` on the server that the contract suite runs against: see `target.ts`. */
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { connect, createClient, type KubeClient, type KubeRequest, type KubeTransport } from "../../lib/kube/mod.ts";
import { TARGET } from "./target.ts";

/** A client, and what it has sent. */
export interface ClientTarget {
  readonly client: KubeClient;
  /** Requests so far that could change something. */
  writes(): number;
  close(): Promise<void>;
}

/** Starts or finds the server, and connects to it. */
export async function openClient(): Promise<ClientTarget> {
  const server = TARGET === "real" ? undefined : await startApiServer();
  const direct = server === undefined
    ? (await connect({ kubeconfig: Deno.env.get("KCO_TEST_KUBECONFIG") ?? "" })).transport
    : server.transport;
  let writes = 0;
  const counting: KubeTransport = {
    performRequest: direct.performRequest.bind(direct),
    close: () => direct.close?.(),
    request: (request: KubeRequest, headers) => {
      if (request.method !== "GET") writes++;
      if (direct.request === undefined) throw new TypeError("both transports have `request`");
      return direct.request(request, headers);
    },
  };
  const client = createClient(counting);
  return {
    client,
    writes: () => writes,
    close: async () => {
      client.close();
      await server?.close();
    },
  };
}
