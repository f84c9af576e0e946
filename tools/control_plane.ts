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
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BinaryName, binaryPath } from "./binaries.ts";
import { type Child, startChild } from "./child_process.ts";

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

/** Why there is no control plane, or none any more. */
export class ControlPlaneError extends Error {
  override readonly name = "ControlPlaneError";
  /** @param reason `ProgramEnded`: a program stopped by itself; `NotReady`: not ready in time; `Refused`: the API server refused a set-up request. */
  constructor(readonly reason: "ProgramEnded" | "NotReady" | "Refused", message: string) {
    super(message);
  }
}

/** How long one program may take to get ready, in ms: a busy machine with two cores needs up to 20 s. */
const READY_WITHIN = 90_000;

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

type Programs = Readonly<Record<Exclude<BinaryName, "helm">, string>>;

/** One after the other: each build uses all cores by itself. */
async function allBinaries(): Promise<Programs> {
  return {
    "kube-apiserver": await binaryPath("kube-apiserver"),
    etcd: await binaryPath("etcd"),
    "kube-controller-manager": await binaryPath("kube-controller-manager"),
    "kube-scheduler": await binaryPath("kube-scheduler"),
    kwok: await binaryPath("kwok"),
  };
}

/** The programs of one control plane. */
class Children {
  readonly #all: Child[] = [];
  readonly #failure = Promise.withResolvers<never>();
  #stopping = false;

  constructor(readonly folder: string) {
    this.#failure.promise.catch(() => undefined); // reported to whoever races it; nobody may be listening at the end
  }

  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  start(name: string, command: string, args: readonly string[]): void {
    const child = startChild(name, command, args, join(this.folder, `${name}.log`));
    this.#all.push(child);
    child.exited.then(async (code) => {
      if (this.#stopping) return;
      const log = await Deno.readTextFile(child.log).catch(() => "(no log)");
      const end = log.trim().split("\n").slice(-15).join("\n");
      this.#failure.reject(
        new ControlPlaneError("ProgramEnded", `${name} ended by itself with code ${code}; the end of its log:\n${end}`),
      );
    });
  }

  /** `work`, or the failure of a program if that comes first. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.failed]);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#all.map((child) => child.stop()));
  }
}

/** An API server that answers, and an HTTP client that trusts it. */
interface Server {
  readonly url: string;
  readonly token: string;
  readonly tokens: Readonly<Record<string, string>>;
  readonly caCert: string;
  readonly client: Deno.HttpClient;
}

/** Who may call: an administrator, and each program under its own name so that an audit can tell them apart. */
const USERS = {
  admin: "admin",
  "kube-controller-manager": "system:kube-controller-manager",
  "kube-scheduler": "system:kube-scheduler",
  kwok: "kwok",
};

async function startApiServer(
  programs: Programs,
  folder: string,
  children: Children,
  auditOf: readonly string[],
): Promise<Server> {
  const [etcdPort, peerPort, port] = freePorts(3);
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  children.start("etcd", programs.etcd, [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
  ]);

  const tokens = Object.fromEntries(Object.keys(USERS).map((user) => [user, randomBytes(24).toString("hex")]));
  const rows = Object.entries(USERS).map(([key, user], index) => `${tokens[key]},${user},${index},system:masters`);
  await Deno.writeTextFile(join(folder, "tokens.csv"), rows.join("\n") + "\n", { mode: 0o600 });
  await writeServiceAccountKeys(folder);

  children.start("kube-apiserver", programs["kube-apiserver"], [
    `--etcd-servers=${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, "certificates")}`, // signs its own certificate there
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${join(folder, "service-account.key")}`,
    `--service-account-key-file=${join(folder, "service-account.pub")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--allow-privileged",
    // A loopback address cannot be an endpoint of the `kubernetes` Service.
    "--endpoint-reconciler-type=none",
    ...await auditFlags(folder, auditOf),
  ]);

  const url = `https://127.0.0.1:${port}`;
  const caCert = await children.race(certificate(join(folder, "certificates", "apiserver.crt")));
  const server = {
    url,
    caCert,
    tokens,
    token: tokens["admin"] ?? "",
    client: Deno.createHttpClient({ caCerts: [caCert] }),
  };
  await children.race(waitFor(`kube-apiserver at ${url}`, async () => {
    const answer = await call(server, "GET", "/readyz").catch(() => undefined); // not listening yet
    await answer?.body?.cancel();
    return answer?.ok === true;
  }));
  return server;
}

/** Has who, what, and the decision recorded, without any object. */
async function auditFlags(folder: string, users: readonly string[]): Promise<string[]> {
  if (users.length === 0) return [];
  const policy = join(folder, "audit-policy.json");
  const rules = [{ level: "Metadata", users }, { level: "None" }];
  const omitStages = ["RequestReceived", "ResponseStarted"];
  await Deno.writeTextFile(
    policy,
    JSON.stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", omitStages, rules }),
  );
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${join(folder, "audit.log")}`];
}

async function writeServiceAccountKeys(folder: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await Deno.writeTextFile(join(folder, "service-account.key"), key, { mode: 0o600 });
  const pub = publicKey.export({ type: "spki", format: "pem" }).toString();
  await Deno.writeTextFile(join(folder, "service-account.pub"), pub);
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

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** What every cluster has and a bare control plane lacks: nodes, and a default storage class. */
async function prepareCluster(server: Server, nodes: number): Promise<void> {
  await apply(server, "/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "simulated", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "simulate.krateo.io/volume",
  });
  for (let index = 0; index < nodes; index++) {
    const name = nodeName(index);
    const labels = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
    await apply(server, "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name, labels } });
  }
}

const nodeName = (index: number) => `simulated-${index}`;

/** Pods can run: the nodes lost their not-ready taint, and the default ServiceAccount, without which no pod is admitted, is there. */
async function clusterReady(server: Server, nodes: number): Promise<void> {
  await waitFor("The default ServiceAccount", async () => {
    const answer = await call(server, "GET", "/api/v1/namespaces/default/serviceaccounts/default");
    await answer.body?.cancel();
    return answer.ok;
  });
  for (let index = 0; index < nodes; index++) {
    await waitFor(`Node "${nodeName(index)}"`, async () => {
      const answer = await call(server, "GET", `/api/v1/nodes/${nodeName(index)}`);
      return isSchedulable(await answer.json());
    });
  }
}

function isSchedulable(
  node: { spec?: { taints?: unknown[] }; status?: { conditions?: { type: string; status: string }[] } },
) {
  const ready = node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  return ready && (node.spec?.taints ?? []).length === 0;
}

async function apply(server: Server, collection: string, object: Manifest): Promise<void> {
  const path = `${collection}/${object.metadata.name}?fieldManager=control-plane`;
  const answer = await call(server, "PATCH", path, JSON.stringify(object));
  const body = await answer.text();
  if (answer.ok) return;
  throw new ControlPlaneError(
    "Refused",
    `Cannot set up ${collection}/${object.metadata.name}: ${answer.status} ${body}`,
  );
}

function call(server: Server, method: string, path: string, body?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/apply-patch+yaml" };
  return fetch(server.url + path, { method, headers, client: server.client, ...(body === undefined ? {} : { body }) });
}

/** The certificate that kube-apiserver signs for itself when it starts, once it is all there. */
async function certificate(path: string): Promise<string> {
  let pem = "";
  await waitFor(`The certificate ${path}`, async () => {
    pem = await Deno.readTextFile(path).catch(() => "");
    return pem.trimEnd().endsWith("-----END CERTIFICATE-----");
  });
  return pem;
}

/** Polls: none of these programs tells a parent that it is ready. */
async function waitFor(what: string, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN;
  while (!await isReady()) {
    if (Date.now() > deadline) {
      throw new ControlPlaneError("NotReady", `${what} is not ready after ${READY_WITHIN / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ports that are free now, all different. */
function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map((listener) => listener.addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}

async function writeKubeconfig(path: string, server: Server, token: string): Promise<void> {
  const authority = btoa(server.caCert);
  const text = `apiVersion: v1
kind: Config
current-context: control-plane
contexts:
- name: control-plane
  context: { cluster: control-plane, user: control-plane }
clusters:
- name: control-plane
  cluster:
    server: ${server.url}
    certificate-authority-data: ${authority}
users:
- name: control-plane
  user:
    token: ${token}
`;
  await Deno.writeTextFile(path, text, { mode: 0o600 });
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
