/** Kubeconfig files: parsing, merging, and what their current context says. */
import { jsyaml } from "../deps/js_yaml.ts";
import { KubeconfigError, KubeconfigFields } from "./_kubeconfig_fields.ts";
import type { Material } from "./_material.ts";

export type { Material } from "./_material.ts";
export { KubeconfigError, type KubeconfigFields, type KubeconfigReason } from "./_kubeconfig_fields.ts";

/** How to reach an API server. */
export interface ClusterConfig {
  /** URL, path prefix included, no slash at its end. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority?: Material;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
}

/** A command that prints credentials. */
export interface ExecConfig {
  readonly apiVersion: "client.authentication.k8s.io/v1" | "client.authentication.k8s.io/v1beta1";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
}

/** Who calls. Where several kinds of credentials are given, `exec` goes before `tokenFile` before the rest. */
export interface UserConfig {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM, both or none. */
  readonly clientCertificate?: Material;
  readonly clientKey?: Material;
  readonly exec?: ExecConfig;
  readonly impersonate?: { readonly user: string; readonly groups: readonly string[] };
}

/** A context with all that it names. */
export interface KubeContext {
  readonly name: string;
  readonly cluster: ClusterConfig;
  readonly user: UserConfig;
  readonly namespace?: string;
}

/** One or several kubeconfig files as one. The first file that names something wins, as kubectl has it. */
export interface Kubeconfig {
  readonly currentContext?: string;
  readonly contexts: ReadonlyMap<string, KubeconfigFields>;
  readonly clusters: ReadonlyMap<string, KubeconfigFields>;
  readonly users: ReadonlyMap<string, KubeconfigFields>;
  /** Where it came from, for messages. */
  readonly source: string;
}

/**
 * Parses one kubeconfig file.
 *
 * @param text YAML or JSON.
 * @param path Names the file in messages; relative paths in it are relative to its directory.
 * @throws {KubeconfigError} Naming the file, the key and what was expected there.
 */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  let document: unknown;
  try {
    document = jsyaml.load(text, { filename: path });
  } catch (error) {
    throw new KubeconfigError("Malformed", path, "", `YAML (${error instanceof Error ? error.message : error})`);
  }
  const root = KubeconfigFields.of(document ?? {}, path, "");
  const kind = root.text("kind");
  if (kind !== undefined && kind !== "Config") throw root.wrong("kind", '"Config"');
  const currentContext = root.text("current-context");
  return {
    ...(currentContext && { currentContext }),
    contexts: named(root, "contexts", "context"),
    clusters: named(root, "clusters", "cluster"),
    users: named(root, "users", "user"),
    source: path,
  };
}

function named(root: KubeconfigFields, list: string, entry: string): Map<string, KubeconfigFields> {
  const result = new Map<string, KubeconfigFields>();
  for (const item of root.list(list)) {
    const name = item.required("name");
    if (!result.has(name)) result.set(name, item.map(entry));
  }
  return result;
}

/** Merges files in the order of `KUBECONFIG`: the first value of each name, and the first current context, wins. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const currentContext = configs.find((config) => config.currentContext !== undefined)?.currentContext;
  const merge = (pick: (config: Kubeconfig) => ReadonlyMap<string, KubeconfigFields>) =>
    new Map(configs.toReversed().flatMap((config) => [...pick(config)]));
  return {
    ...(currentContext && { currentContext }),
    contexts: merge((config) => config.contexts),
    clusters: merge((config) => config.clusters),
    users: merge((config) => config.users),
    source: configs.map((config) => config.source).join(":"),
  };
}

/** Resolves a context, the current one by default. */
export function contextOf(config: Kubeconfig, name: string | undefined = config.currentContext): KubeContext {
  if (name === undefined) {
    throw new KubeconfigError("NoContext", config.source, "current-context", "the name of a context");
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    const known = [...config.contexts.keys()].map((known) => `"${known}"`).join(", ") || "none";
    throw new KubeconfigError("NoContext", config.source, "contexts", `a context "${name}" (there is ${known})`);
  }
  const cluster = config.clusters.get(context.required("cluster"));
  if (cluster === undefined) throw context.wrong("cluster", "the name of an entry of clusters");
  const userName = context.text("user") ?? "";
  const user = config.users.get(userName);
  if (user === undefined && userName !== "") throw context.wrong("user", "the name of an entry of users");
  const namespace = context.text("namespace");
  return {
    name,
    cluster: clusterOf(cluster),
    user: user === undefined ? {} : userOf(user),
    ...(namespace && { namespace }),
  };
}

function clusterOf(fields: KubeconfigFields): ClusterConfig {
  const server = fields.required("server");
  if (!/^https?:\/\/./.test(server) || !URL.canParse(server)) throw fields.wrong("server", "an http or https URL");
  const certificateAuthority = fields.material("certificate-authority");
  const tlsServerName = fields.text("tls-server-name");
  const proxyUrl = fields.text("proxy-url");
  if (proxyUrl && !/^(https?|socks5):\/\/./.test(proxyUrl)) {
    throw fields.wrong("proxy-url", "an http, https or socks5 URL");
  }
  return {
    server: server.replace(/\/+$/, ""),
    ...(certificateAuthority && { certificateAuthority }),
    ...(fields.flag("insecure-skip-tls-verify") && { insecureSkipTlsVerify: true }),
    ...(tlsServerName && { tlsServerName }),
    ...(proxyUrl && { proxyUrl }),
  };
}

function userOf(fields: KubeconfigFields): UserConfig {
  if (fields.has("auth-provider")) {
    throw fields.wrong("auth-provider", "nothing: auth providers were removed from Kubernetes, use exec instead");
  }
  const clientCertificate = fields.material("client-certificate");
  const clientKey = fields.material("client-key");
  if (clientCertificate && !clientKey) throw fields.wrong("client-key", "the key of client-certificate");
  if (clientKey && !clientCertificate) throw fields.wrong("client-certificate", "the certificate of client-key");
  const username = fields.text("username");
  const user = fields.text("as");
  const token = fields.text("token");
  const tokenFile = fields.path("tokenFile");
  return {
    ...(token && { token }),
    ...(tokenFile && { tokenFile }),
    ...(username && { username, password: fields.text("password") ?? "" }),
    ...(clientCertificate && clientKey && { clientCertificate, clientKey }),
    ...(fields.has("exec") && { exec: execOf(fields.map("exec")) }),
    ...(user && { impersonate: { user, groups: fields.texts("as-groups") } }),
  };
}

function execOf(fields: KubeconfigFields): ExecConfig {
  const apiVersion = fields.required("apiVersion");
  if (apiVersion !== "client.authentication.k8s.io/v1" && apiVersion !== "client.authentication.k8s.io/v1beta1") {
    throw fields.wrong("apiVersion", "client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1");
  }
  const mode = fields.text("interactiveMode");
  if (mode === "Always") throw fields.wrong("interactiveMode", "Never or IfAvailable: nobody sits before a controller");
  const env: Record<string, string> = {};
  for (const entry of fields.list("env")) env[entry.required("name")] = entry.text("value") ?? "";
  const installHint = fields.text("installHint");
  return {
    apiVersion,
    command: fields.command("command"),
    args: fields.texts("args"),
    env,
    provideClusterInfo: fields.flag("provideClusterInfo"),
    ...(installHint && { installHint }),
  };
}
