/** `kco run` as processes: health, who leads, and what happens when the leader goes. */
import assert from "node:assert/strict";
import { type ApiServer, startApiServer } from "../lib/apiserver/mod.ts";
import { createClient, type KubeObject } from "../lib/kube/mod.ts";

const LEASES = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
} as const;

class Replica implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #port: number;

  constructor(kubeconfig: string, flags: readonly string[]) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#port = listener.addr.port;
    listener.close();
    const program = new URL("../mod.ts", import.meta.url).href;
    const address = ["--port", String(this.#port), "--hostname", "127.0.0.1"];
    const args = ["run", "-A", "--no-prompt", program, "run", "--kubeconfig", kubeconfig, ...address, ...flags];
    this.#child = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  }

  /** The answer at a path; empty while nothing listens. */
  async read(path: string): Promise<string> {
    try {
      return await (await fetch(`http://127.0.0.1:${this.#port}${path}`)).text();
    } catch (error) {
      if (error instanceof TypeError) return "";
      throw error;
    }
  }

  async says(pattern: RegExp, path = "/readyz"): Promise<string> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const text = await this.read(path);
      if (pattern.test(text)) return text;
      assert.ok(Date.now() < deadline, `${path} never said ${pattern}: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#child.status;
  }
}

async function withServer(body: (server: ApiServer, kubeconfig: string) => Promise<void>): Promise<void> {
  const server = await startApiServer();
  const kubeconfig = await Deno.makeTempFile({ suffix: ".kubeconfig" });
  try {
    await Deno.writeTextFile(kubeconfig, server.kubeconfig());
    await body(server, kubeconfig);
  } finally {
    await Deno.remove(kubeconfig);
    await server.close();
  }
}

Deno.test("kco run elects one leader, the other stands by with warm stores, and takes over when the first ends", () =>
  withServer(async (server, kubeconfig) => {
    const flags = ["--install", "--leader-elect", "--leader-election-namespace", "default", "--log-level", "error"];
    const times = ["--leader-election-lease-duration", "6s", "--leader-election-renew-deadline", "4s"];
    const retry = ["--leader-election-retry-period", "500ms"];
    const start = () => new Replica(kubeconfig, [...flags, ...times, ...retry]);
    const first = start();
    let ended = false;
    try {
      await first.says(/\[\+\] leader election: leading/);
      await using second = start();
      await second.says(/\[\+\] leader election: standby, .* leads/);
      await second.says(/\[\+\] watch compositiondefinitions\.core\.krateo\.io ok/);
      await second.says(
        /kco_watch_staleness_seconds\{watch="compositiondefinitions\.core\.krateo\.io"\} \d/,
        "/metrics",
      );
      await second.says(/workqueue_depth\{name="core-provider",controller="core-provider"\} 0/, "/metrics");
      await first[Symbol.asyncDispose]();
      ended = true;
      await second.says(/\[\+\] leader election: leading/);
    } finally {
      if (!ended) await first[Symbol.asyncDispose]();
    }
    const lease = await createClient(server.transport).get<KubeObject>(LEASES, "kco", "default");
    assert.equal(Object(lease["spec"]).leaseTransitions, 1);
    assert.equal(Object(lease["spec"]).holderIdentity, "");
  }));
