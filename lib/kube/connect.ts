/** From the environment to a client: `KUBECONFIG`, `~/.kube/config`, or the pod that this runs in. */
import { type ClientOptions, createClient } from "./client.ts";
import type { KubeClient } from "./client_types.ts";
import {
  contextOf,
  type Kubeconfig,
  KubeconfigError,
  type KubeContext,
  mergeKubeconfigs,
  parseKubeconfig,
} from "./kubeconfig.ts";
import { createRestClient } from "./rest_client.ts";

/** Where to look for a cluster. */
export interface ConnectOptions extends ClientOptions {
  /** A kubeconfig file; `KUBECONFIG` and `~/.kube/config` are not looked at then. */
  readonly kubeconfig?: string;
  /** A context of it. Default: its current one. */
  readonly context?: string;
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * A client for the cluster that the environment names: the given kubeconfig, else `KUBECONFIG` (a list, merged), else the
 * pod's service account, else `~/.kube/config`.
 *
 * @throws {KubeconfigError} When there is none, or it cannot be used.
 */
export async function connect(options: ConnectOptions = {}): Promise<KubeClient> {
  const { kubeconfig, context, ...client } = options;
  return createClient(await createRestClient(await detectContext(kubeconfig, context)), client);
}

/** The context that {@linkcode connect} would use. */
export async function detectContext(kubeconfig?: string, name?: string): Promise<KubeContext> {
  if (kubeconfig !== undefined) return contextOf(await readKubeconfig(kubeconfig), name);
  const list = (Deno.env.get("KUBECONFIG") ?? "").split(Deno.build.os === "windows" ? ";" : ":").filter(Boolean);
  if (list.length > 0) return contextOf(await readKubeconfigs(list), name);
  const inCluster = await inClusterContext();
  if (inCluster !== undefined && name === undefined) return inCluster;
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
  return contextOf(await readKubeconfig(`${home}/.kube/config`), name);
}

/** Reads one kubeconfig file. */
export async function readKubeconfig(path: string): Promise<Kubeconfig> {
  try {
    return parseKubeconfig(await Deno.readTextFile(path), path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new KubeconfigError("NotFound", path, "", "a file there, or KUBECONFIG or --kubeconfig to name another");
  }
}

/** Reads the files of `KUBECONFIG`. Files that do not exist are skipped, as kubectl does, unless none exists. */
export async function readKubeconfigs(paths: readonly string[]): Promise<Kubeconfig> {
  const configs: Kubeconfig[] = [];
  let missing: unknown;
  for (const path of paths) {
    try {
      configs.push(await readKubeconfig(path));
    } catch (error) {
      if (!(error instanceof KubeconfigError) || error.reason !== "NotFound") throw error;
      missing = error;
    }
  }
  if (configs.length === 0) throw missing;
  return mergeKubeconfigs(configs);
}

/** The context of the pod that this process runs in; `undefined` outside of one. */
export async function inClusterContext(directory: string = SERVICE_ACCOUNT): Promise<KubeContext | undefined> {
  const host = Deno.env.get("KUBERNETES_SERVICE_HOST");
  const port = Deno.env.get("KUBERNETES_SERVICE_PORT");
  if (!host || !port) return undefined;
  const namespace = await Deno.readTextFile(`${directory}/namespace`).catch(() => undefined);
  if (namespace === undefined) return undefined;
  return {
    name: "in-cluster",
    cluster: {
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      certificateAuthority: { file: `${directory}/ca.crt` },
    },
    user: { tokenFile: `${directory}/token` },
    namespace: namespace.trim(),
  };
}
