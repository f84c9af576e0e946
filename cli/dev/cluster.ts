/** The cluster that `dev` works on: an embedded API server, or the user's. */
import { startApiServer } from "../../lib/apiserver/mod.ts";
import { connect, createClient, type KubeClient } from "../../lib/kube/mod.ts";

/** A cluster. */
export interface Cluster {
  readonly client: KubeClient;
  /** Whether it is the embedded server. */
  readonly embedded: boolean;
  readonly url: string;
  /** Path of a kubeconfig for it. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** Starts an embedded API server and writes its kubeconfig. */
export async function startEmbedded(options: { readonly data?: string; readonly port?: number }): Promise<Cluster> {
  const server = await startApiServer({ ...options, simulateWorkloads: true });
  await Deno.mkdir(".kco", { recursive: true });
  const kubeconfig = ".kco/kubeconfig";
  // The token in it is all one needs to be administrator.
  await Deno.writeTextFile(kubeconfig, server.kubeconfig(), { mode: 0o600 });
  const client = createClient(server.transport);
  return {
    client,
    embedded: true,
    url: server.url,
    kubeconfig,
    close: async () => {
      client.close();
      await server.close();
    },
  };
}

/** Connects to the cluster of a kubeconfig. */
export async function connectTo(kubeconfig: string): Promise<Cluster> {
  const client = await connect({ kubeconfig });
  return {
    client,
    embedded: false,
    url: kubeconfig,
    kubeconfig,
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
}
