/** etcd and kube-apiserver, and who may call. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Children, type Programs, waitFor } from "./programs.ts";

/** An API server that answers, and an HTTP client that trusts it. */
export interface Server {
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

/** Starts both and resolves when the API server is ready. */
export async function startApiServer(
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
  // A watch counts from its start: its end may come after the last look.
  const omitStages = ["RequestReceived"];
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

/** Sends a request as the administrator; a body is a server-side apply. */
export function call(server: Server, method: string, path: string, body?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/apply-patch+yaml" };
  return fetch(server.url + path, { method, headers, client: server.client, ...(body === undefined ? {} : { body }) });
}

/** Writes a kubeconfig with one context. */
export async function writeKubeconfig(path: string, server: Server, token: string): Promise<void> {
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

/** The certificate that kube-apiserver signs for itself when it starts, once it is all there. */
async function certificate(path: string): Promise<string> {
  let pem = "";
  await waitFor(`The certificate ${path}`, async () => {
    pem = await Deno.readTextFile(path).catch(() => "");
    return pem.trimEnd().endsWith("-----END CERTIFICATE-----");
  });
  return pem;
}

/** Ports that are free now, all different. */
function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map((listener) => listener.addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}
