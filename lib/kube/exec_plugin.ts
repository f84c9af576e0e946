/** Exec credential plugins, `client.authentication.k8s.io/v1` and `v1beta1`. */
import { KubeError } from "./errors.ts";
import type { ExecConfig, KubeContext } from "./kubeconfig.ts";
import { type ClientCertificate, readMaterial } from "./_material.ts";

/** What a plugin gave. */
export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: ClientCertificate;
  /** ms since the epoch; absent when it does not expire. */
  readonly expiresAt?: number;
}

/** ms that a plugin may take. */
const DEADLINE = 60_000;

/** Runs the plugin of a context's user. Rejects with a `KubeError` of reason `Credentials` that says what it printed. */
export async function runExecPlugin(context: KubeContext): Promise<ExecCredential> {
  const exec = context.user.exec;
  if (exec === undefined) throw failed("of the user", "the user has none");
  const info = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(exec.provideClusterInfo && { cluster: await clusterInfo(context) }) },
  };
  const output = await run(exec, JSON.stringify(info));
  return parse(exec, output);
}

async function run(exec: ExecConfig, info: string): Promise<string> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), DEADLINE);
  try {
    const command = new Deno.Command(exec.command, {
      args: [...exec.args],
      env: { ...exec.env, KUBERNETES_EXEC_INFO: info },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: stop.signal,
    });
    const { success, code, stdout, stderr } = await command.output();
    if (stop.signal.aborted) throw failed(exec.command, `it did not end within ${DEADLINE} ms`);
    const decoder = new TextDecoder();
    if (!success) throw failed(exec.command, `it exited with ${code}: ${decoder.decode(stderr).trim().slice(0, 500)}`);
    return decoder.decode(stdout);
  } catch (cause) {
    if (cause instanceof KubeError) throw cause;
    const hint = exec.installHint ? `: ${exec.installHint}` : "";
    throw failed(exec.command, `${cause instanceof Error ? cause.message : cause}${hint}`, cause);
  } finally {
    clearTimeout(timer);
  }
}

function parse(exec: ExecConfig, output: string): ExecCredential {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch (cause) {
    throw failed(exec.command, "it did not print JSON", cause);
  }
  if (!isRecord(value) || value.kind !== "ExecCredential" || value.apiVersion !== exec.apiVersion) {
    throw failed(exec.command, `it did not print an ExecCredential of ${exec.apiVersion}`);
  }
  const status = isRecord(value.status) ? value.status : {};
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  const expiresAt = typeof expirationTimestamp === "string" ? Date.parse(expirationTimestamp) : NaN;
  const credential: ExecCredential = {
    ...(typeof token === "string" && token !== "" && { token }),
    ...(typeof cert === "string" && typeof key === "string" && { certificate: { cert, key } }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  };
  if (credential.token === undefined && credential.certificate === undefined) {
    throw failed(exec.command, "it printed neither a token nor a certificate with its key");
  }
  return credential;
}

async function clusterInfo(context: KubeContext): Promise<Record<string, unknown>> {
  const { server, certificateAuthority, insecureSkipTlsVerify, tlsServerName, proxyUrl } = context.cluster;
  return {
    server,
    ...(certificateAuthority && { "certificate-authority-data": btoa(await readMaterial(certificateAuthority)) }),
    ...(insecureSkipTlsVerify && { "insecure-skip-tls-verify": true }),
    ...(tlsServerName && { "tls-server-name": tlsServerName }),
    ...(proxyUrl && { "proxy-url": proxyUrl }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function failed(command: string, why: string, cause?: unknown): KubeError {
  return new KubeError(`Cannot get credentials from the plugin "${command}": ${why}`, { reason: "Credentials", cause });
}
