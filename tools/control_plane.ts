/**
 * A real Kubernetes control plane on loopback: etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok.
 *
 * Deployments really roll out: the real controllers make the pods, the real scheduler places them on simulated nodes, and
 * kwok plays the kubelet by the rules of `tools/kwok/config.yaml`. Nothing outlives the run; the state is in a temporary folder.
 *
 *     deno task control-plane                       # prints the path of its kubeconfig, runs until Ctrl-C
 *     deno task control-plane --kubeconfig FILE     # writes the kubeconfig there
 *     deno task control-plane --nodes 3
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Server, startApiServer, writeKubeconfig } from "./control_plane/api_server.ts";
import { clusterReady, prepareCluster } from "./control_plane/cluster.ts";
import { allBinaries, Children, type Programs } from "./control_plane/programs.ts";

export { ControlPlaneError } from "./control_plane/programs.ts";

/** Options of {@linkcode startControlPlane}. */
export interface ControlPlaneOptions {
  /** Where to write the kubeconfig. Default: in the temporary folder. */
  readonly kubeconfig?: string;
  /** Simulated nodes. Default 1. */
  readonly nodes?: number;
  /** Users whose requests are recorded, one JSON line each, in `audit.log` of {@linkcode ControlPlane.logs}. Default: nobody's. */
  readonly auditOf?: readonly string[];
  /** Told what it is about to do, for a progress line. */
  readonly onProgress?: (message: string) => void;
}

/** A running control plane. */
export interface ControlPlane {
  /** Path of a kubeconfig whose one context is its administrator. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** Bearer token of the administrator, a member of `system:masters`. */
  readonly token: string;
  /** PEM of the server's certificate, to be trusted as its own authority. */
  readonly caCert: string;
  /** Folder with one log file a program. */
  readonly logs: string;
  /** Rejects with a {@linkcode ControlPlaneError} when one of the programs ends before `close` is called. */
  readonly failed: Promise<never>;
  /** Ends every program and removes the temporary folder. */
  close(): Promise<void>;
}

/**
 * Client limits of the controllers, in requests a second. Their defaults (20) let Deployments through at about five a second, which
 * would measure the limiter and not the product.
 */
const CLIENT_RATE = ["--kube-api-qps=1000", "--kube-api-burst=2000"];

/**
 * Starts a control plane and resolves when pods can be scheduled. The programs are built first if they never were.
 *
 * @throws {BinaryError} A program cannot be built.
 * @throws {ControlPlaneError} One of them ends or does not get ready; the message carries the end of its log.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const say = options.onProgress ?? (() => {});
  const programs = await allBinaries();
  const folder = await Deno.makeTempDir({ prefix: "kco-control-plane-" });
  const children = new Children(folder);
  try {
    say("Starting etcd and kube-apiserver");
    const server = await startApiServer(programs, folder, children, options.auditOf ?? []);
    const kubeconfig = options.kubeconfig ?? join(folder, "kubeconfig");
    await writeKubeconfig(kubeconfig, server, server.token);
    await prepareCluster(server, options.nodes ?? 1);
    say("Starting kube-controller-manager, kube-scheduler and kwok");
    await startControllers(programs, folder, children, server);
    await children.race(clusterReady(server, options.nodes ?? 1));
    return {
      kubeconfig,
      url: server.url,
      token: server.token,
      caCert: server.caCert,
      logs: folder,
      failed: children.failed,
      close: async () => {
        server.client.close();
        await children.stop();
        await Deno.remove(folder, { recursive: true });
      },
    };
  } catch (error) {
    await children.stop();
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

async function startControllers(programs: Programs, folder: string, children: Children, server: Server): Promise<void> {
  const kubeconfigOf = async (user: string) => {
    const path = join(folder, `${user}.kubeconfig`);
    await writeKubeconfig(path, server, server.tokens[user] ?? "");
    return `--kubeconfig=${path}`;
  };
  children.start("kube-controller-manager", programs["kube-controller-manager"], [
    await kubeconfigOf("kube-controller-manager"),
    ...CLIENT_RATE,
    "--leader-elect=false",
    "--secure-port=0",
    `--service-account-private-key-file=${join(folder, "service-account.key")}`,
    `--root-ca-file=${join(folder, "certificates", "apiserver.crt")}`,
    "--concurrent-deployment-syncs=10",
    "--concurrent-replicaset-syncs=10",
  ]);
  children.start("kube-scheduler", programs["kube-scheduler"], [
    await kubeconfigOf("kube-scheduler"),
    ...CLIENT_RATE,
    "--leader-elect=false",
    "--secure-port=0",
  ]);
  const rules = fileURLToPath(new URL("./kwok/config.yaml", import.meta.url));
  children.start("kwok", programs.kwok, [await kubeconfigOf("kwok"), `--config=${rules}`]);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: { kubeconfig: { type: "string" }, nodes: { type: "string", default: "1" } },
  });
  const stopped = Promise.withResolvers<void>();
  const started = Date.now();
  const plane = await startControlPlane({
    nodes: Number(values.nodes),
    onProgress: (message) => console.error(message),
    ...(values.kubeconfig === undefined ? {} : { kubeconfig: values.kubeconfig }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stopped.resolve());
  console.error(
    `Ready in ${((Date.now() - started) / 1000).toFixed(1)} s at ${plane.url}, logs in ${plane.logs}; Ctrl-C ends it`,
  );
  console.log(plane.kubeconfig);
  try {
    await Promise.race([stopped.promise, plane.failed]);
  } finally {
    await plane.close();
  }
}

if (import.meta.main) {
  await main();
  Deno.exit(0); // signal listeners would keep the process
}
