/** A proxy in front of an API server that counts what goes through it. */
import { detectContext } from "../../lib/kube/mod.ts";

/** Requests since the proxy was started. */
export interface Counts {
  /** POST, PUT, PATCH and DELETE that may change something. */
  writes: number;
  /** The same as a dry run. */
  dryRuns: number;
  reads: number;
}

/** A running proxy. */
export interface CountingProxy extends AsyncDisposable {
  /** Path of a kubeconfig that knows the proxy alone: whoever uses it is counted, whatever it does. */
  readonly kubeconfig: string;
  readonly counts: Readonly<Counts>;
}

/** Starts a proxy to the cluster of a kubeconfig whose user has a token. It speaks plain HTTP, on loopback. */
export async function startCountingProxy(kubeconfig: string): Promise<CountingProxy> {
  const { cluster, user } = await detectContext(kubeconfig);
  const authority = cluster.certificateAuthority;
  // Watches keep their connections: HTTP/1.1, so that they block nobody.
  const client = Deno.createHttpClient({
    http1: true,
    http2: false,
    ...(authority && "data" in authority ? { caCerts: [authority.data] } : {}),
  });
  const counts: Counts = { writes: 0, dryRuns: 0, reads: 0 };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search, searchParams } = new URL(request.url);
    count(counts, request.method, searchParams.has("dryRun"));
    const headers = new Headers(request.headers);
    headers.delete("host");
    headers.set("authorization", `Bearer ${user.token}`);
    const { method, body, signal } = request;
    const answer = await fetch(cluster.server + pathname + search, { method, headers, body, signal, client });
    // `fetch` has decoded the body.
    const answered = new Headers(answer.headers);
    answered.delete("content-encoding");
    answered.delete("content-length");
    return new Response(answer.body, { status: answer.status, headers: answered });
  });
  const file = await Deno.makeTempFile({ prefix: "kco-proxy-", suffix: ".kubeconfig" });
  await Deno.writeTextFile(file, kubeconfigOf(`http://127.0.0.1:${server.addr.port}`));
  return {
    kubeconfig: file,
    counts,
    [Symbol.asyncDispose]: async () => {
      client.close(); // ends the watches, for which the server would wait
      await server.shutdown();
      await Deno.remove(file);
    },
  };
}

function count(counts: Counts, method: string, dryRun: boolean): void {
  if (method === "GET" || method === "HEAD") counts.reads++;
  else if (dryRun) counts.dryRuns++;
  else counts.writes++;
}

function kubeconfigOf(server: string): string {
  return `apiVersion: v1
kind: Config
current-context: proxy
contexts:
- name: proxy
  context: {cluster: proxy, user: proxy}
clusters:
- name: proxy
  cluster: {server: "${server}"}
users:
- name: proxy
  user: {token: none}
`;
}
