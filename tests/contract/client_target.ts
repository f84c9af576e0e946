/** A `KubeClient` on the server that the contract suite runs against: see `target.ts`. */
import { type ApiServer, startApiServer } from "../../lib/apiserver/mod.ts";
import {
  connect,
  contextOf,
  createClient,
  createRestClient,
  type KubeClient,
  type KubeRequest,
  type KubeTransport,
  parseKubeconfig,
} from "../../lib/kube/mod.ts";
import { TARGET } from "./target.ts";

/** A client, and what it has sent. */
export interface ClientTarget {
  readonly client: KubeClient;
  /** Requests so far that could change something. */
  writes(): number;
  close(): Promise<void>;
}

/** How a client reaches the server. */
export type Way = "in process" | "over HTTPS" | "on a real server";

/** The ways to the server that the suite runs against. */
export const WAYS: readonly Way[] = TARGET === "real" ? ["on a real server"] : ["in process", "over HTTPS"];

/** Starts or finds the server, and connects to it. */
export async function openClient(
  way: Way = TARGET === "real" ? "on a real server" : "in process",
): Promise<ClientTarget> {
  const server = way === "on a real server" ? undefined : await startApiServer();
  const direct = await transportTo(server, way);
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

async function transportTo(server: ApiServer | undefined, way: Way): Promise<KubeTransport> {
  if (server === undefined) return (await connect({ kubeconfig: Deno.env.get("KCO_TEST_KUBECONFIG") ?? "" })).transport;
  if (way === "in process") return server.transport;
  return await createRestClient(contextOf(parseKubeconfig(server.kubeconfig(), "served")));
}
